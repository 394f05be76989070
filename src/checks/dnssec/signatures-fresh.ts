import { defineCheck, fail, passed } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'
import { day, earliestSignature } from '../signatures.ts'

export default defineCheck({
  id: 'dnssec/signatures-fresh',
  title: 'No signature on the records of mail is about to end',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 4034 §3.1.5', 'RFC 6781 §4.4.2'],
  needs: ['zones', 'dnssec', 'clock'],
  uses: ['servedRecords'],
  ...mailZones,
  nothing: noZones,
  judge(zone, { dnssec, clock, servedRecords }) {
    const earliest = earliestSignature(zone, dnssec, servedRecords)
    if ('verdict' in earliest) return earliest
    const { record, type, ends, validity } = earliest
    const left = ends - Date.parse(clock.now)
    // Online signers give out signatures of a day or two: the limits are shares of the whole.
    if (left >= Math.min(2 * day, validity / 10)) return passed(recordSeen(record))
    return fail('failed', { name: record.name, type, date: new Date(ends).toISOString().replace('.000Z', 'Z') }, recordSeen(record))
  },
  messages: {
    failed: '{name} {type}: signature ends {date}',
  },
  explain: `When a signature ends, everything that it covers is gone for whoever validates, at that very second. What is left is less than a
    signer in order lets it come to: this one seems to have stopped.`,
  remedy: ({ name: zone }) => ({ text: `Restart the signer of ${zone}, and find out why it did not renew: the signatures should be replaced long before they end.` }),
})

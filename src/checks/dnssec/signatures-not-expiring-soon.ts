import { defineCheck, fail, passed } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'
import { day, earliestSignature } from '../signatures.ts'

export default defineCheck({
  id: 'dnssec/signatures-not-expiring-soon',
  title: 'Signatures on the records of mail are renewed in good time',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 6781 §4.4.2'],
  needs: ['zones', 'dnssec', 'clock'],
  uses: ['servedRecords'],
  defersTo: ['dnssec/signatures-fresh'],
  ...mailZones,
  nothing: noZones,
  judge(zone, { dnssec, clock, servedRecords }) {
    const earliest = earliestSignature(zone, dnssec, servedRecords)
    if ('verdict' in earliest) return earliest
    const { record, type, ends, validity } = earliest
    const left = ends - Date.parse(clock.now)
    // Online signers give out signatures of a day or two: the limits are shares of the whole.
    if (left >= Math.min(5 * day, validity / 4)) return passed(recordSeen(record))
    return fail('failed', { name: record.name, type, date: new Date(ends).toISOString().replace('.000Z', 'Z') }, recordSeen(record))
  },
  messages: {
    failed: '{name} {type}: signature ends {date}',
  },
  explain: `A signature that ends takes its records with it for whoever validates. Little time is left to notice and to repair a signer that
    has stopped.`,
  remedy: ({ name: zone }) => ({ text: `See whether the signer of ${zone} runs, and when it will renew the signatures. If that is as it is meant, let it begin earlier.` }),
})

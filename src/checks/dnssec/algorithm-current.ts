import { algorithmName, retiredAlgorithms } from '../../syntax/dnskey.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { mailZones, noZones } from '../mail-zones.ts'

export default defineCheck({
  id: 'dnssec/algorithm-current',
  title: 'The zone is signed with an algorithm that may still be used',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9904', 'RFC 9905'],
  needs: ['zones', 'dnssec'],
  ...mailZones,
  nothing: noZones,
  judge({ name: zone }, { dnssec: { ds, dnskey } }) {
    const records = [...('value' in ds ? ds.value.records : []), ...('value' in dnskey ? dnskey.value.records : [])]
    const retired = records.filter(({ data }) => retiredAlgorithms.has(data.algorithm))
    const [first] = retired
    if (first) return fail('failed', { zone, number: first.data.algorithm }, ...retired.map(recordSeen))
    if ('problem' in ds) return unknownBecause(ds.problem)
    if (ds.value.records.length === 0) return skip('the zone is not signed')
    return 'problem' in dnskey ? unknownBecause(dnskey.problem) : pass
  },
  messages: {
    failed: '{zone} uses algorithm {number}',
  },
  explain: `Validators may no longer accept this algorithm, because it rests on SHA-1 or is broken or abandoned otherwise. To those that
    do not, the zone is as good as unsigned: DANE and every other protection by DNSSEC end.`,
  remedy: ({ name: zone }, _facts, { number }) => ({ text: `Roll ${zone} over from algorithm ${algorithmName(Number(number))} to ${algorithmName(13)}.` }),
})

import type { Answer } from '../../network/network.ts'
import { isSpf } from '../../syntax/spf.ts'
import { overlaidByPlan } from '../../reasons.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { heardServers, noZone, unheard, zoneOfDomain } from '../name-servers.ts'

/** Seconds: so long may a mistake last, and so soon is everything asked again. */
const least = 300
const most = 86_400

export default defineCheck({
  id: 'dns/ttl-moderate',
  title: 'MX, SPF and DMARC records may be kept for five minutes to a day',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 1912 §2.2'],
  needs: ['zone', 'nameservers', 'servedRecords'],
  over: zoneOfDomain,
  nothing: noZone,
  judge(_zone, { zone, nameservers, servedRecords }) {
    if (servedRecords.length === 0) return unheard(zone, heardServers(nameservers)) ?? skip('no name server answers')
    const all = servedRecords.flatMap(({ mx, txt, dmarc }) => [mx, txt, dmarc])
    // Before a change TTLs are lowered on purpose.
    const answers = all.filter(answer => 'problem' in answer || answer.value.origin === 'live')
    const records = answers.flatMap(answer => 'value' in answer && answer.value.authoritative ? answer.value as Answer<'MX' | 'TXT'> : [])
      .flatMap(({ records: all, aliases }) => aliases.length > 0 ? [] : all).filter(ofMail)
    const wrong = records.filter(({ ttl }) => ttl < least || ttl > most)
    const [first] = wrong
    if (first) {
      const sets = new Set(wrong.map(({ name, type }) => `${name} ${type}`))
      const seen = new Map(wrong.map(record => [`${record.name} ${record.text}`, recordSeen(record)]))
      return fail('failed', { name: first.name, type: first.type, ttl: first.ttl, count: sets.size }, ...seen.values())
    }
    const [problem] = answers.flatMap(answer => 'problem' in answer ? [answer.problem] : [])
    if (problem) return unknownBecause(problem)
    if (answers.length < all.length) return skip(overlaidByPlan)
    return records.length > 0 ? passed(...records.slice(0, 1).map(recordSeen)) : skip('there are no records for mail')
  },
  messages: {
    failed: '{name} {type} has TTL {ttl} s',
  },
  explain: `A short TTL makes every sender ask again, so that a hiccup of your name servers delays mail. A long one keeps a mistake, or
    the address of a server that is gone, alive for days.`,
  remedy: (_zone, _facts, { name, type }) => ({ text: `Set the TTL of ${String(name)} ${String(type)} to 3600.` }),
})

/** Of the TXT records at the domain, only SPF is about mail; but they have one TTL together (RFC 2181 §5.2). */
function ofMail({ name, type, data }: DnsRecord<'MX' | 'TXT'>): boolean {
  return type === 'MX' || name.startsWith('_dmarc.') || ('strings' in data && isSpf(data.strings.join('')))
}

import type { MxHostTlsa } from '../../probes/tlsa.ts'
import type { HistoryFacts, Observation } from '../../probes/history.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { recordsInForce } from '../dane.ts'
import { defineCheck, fail, passed, skip, unknown, type Unknown } from '../define.ts'
import { eventSeen, recordSeen } from '../evidence.ts'
import { dateOf, day, nothingRemembered, observationsOf, observedCertificate } from '../remembered.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { danePeers, matchesOf, type ServedMatch } from '../served-tlsa.ts'

/** What nobody has in a cache any more, and nobody can undo, is no news. */
const newsFor = 30 * day

export default defineCheck({
  id: 'dane/tlsa-precedes-key',
  title: 'The TLSA record of a new key was published before the key was used',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 7671 §8.1'],
  needs: ['mx', 'mxSessions', 'mxTlsa', 'history', 'clock'],
  requires: 'state',
  defersTo: ['dane/tlsa-matches'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host, { mx, mxSessions: { sessions }, history, clock: { now } }, { domain }) {
    const dane = recordsInForce(host)
    if ('verdict' in dane) return dane
    const { seen, missing } = matchesOf(sessions, host.name, dane, danePeers(dane, domain, mx.answer.secure), now)
    if (seen.length === 0) return missing ?? skip('there is no session to compare with')
    if (history.since === null) return nothingRemembered
    let undecided: Unknown | null = null
    let changes = 0
    for (const served of seen) {
      const change = keyChange(served, history, now)
      if (change && 'verdict' in change) undecided ??= change
      if (!change || 'verdict' in change || Date.parse(now) - change.latest > newsFor) continue
      const matching = dane.records.filter((_, i) => served.match.records[i]?.result === 'matches')
      if (matching.length === 0) return skip('no record matches the certificate as it is now')
      changes++
      const lead = leadOf(matching, change, history, `tlsa _25._tcp.${dane.base}`, now)
      const wanted = 2 * 1000 * ttlOf(host, dane.base, dane.records)
      if ('verdict' in lead) undecided ??= lead
      else if (lead.most < wanted) {
        const leaf = leafOf(served.tls)
        const evidence = [...matching.map(recordSeen), ...leaf ? [eventSeen(served.held, certificateLine(leaf))] : []]
        return fail('failed', { host: host.name, date: minute(change.latest), tlsadate: minute(lead.seen) }, ...evidence)
      } else if (lead.least < wanted) {
        undecided ??= unknown('history-too-short', 'mailcheck looked too seldom when the key changed to tell how long its TLSA record had been there')
      }
    }
    return undecided ?? (changes > 0 ? passed(...dane.records.map(recordSeen)) : skip('the key is the same as long as anybody remembers, or for thirty days'))
  },
  messages: {
    failed: '{host}: the key changed ({date}) before its TLSA record ({tlsadate}) had been published for two TTLs: DANE senders that still had the former records deferred',
  },
  explain: `Senders keep TLSA records for a TTL, and a secondary name server may have the former ones for as long. Until both have
    passed they know nothing of a new key, and those that use DANE deliver to no server that shows it.`,
  remedy: ({ name }) => ({
    text: `Before the next change of the key of ${name}, publish its TLSA record beside that of the key in use, and wait for two TTLs; or keep the key when you renew the certificate.`,
  }),
})

/** Milliseconds since 1970: the key was changed after `earliest`, and by `latest` at the latest. */
interface Change {
  readonly earliest: number
  readonly latest: number
}

/** When the key that an address shows took the place of another; null when it did not. */
function keyChange({ held, tls }: ServedMatch, history: HistoryFacts, now: string): Change | Unknown | null {
  const observations = observationsOf(history, `certificate ${held.name}`)
  if ('verdict' in observations) return observations
  const key = leafOf(tls)?.spkiSha256
  const keys = observations.map(({ value }) => observedCertificate(value)?.spkiSha256)
  const first = key === undefined ? 0 : keys.indexOf(key)
  const before = observations[(first < 0 ? observations.length : first) - 1]
  if (!before) return null
  return { earliest: Date.parse(before.lastSeen), latest: Date.parse(observations[first]?.firstSeen ?? now) }
}

interface Lead {
  /** Milliseconds from the record to the key. */
  readonly least: number
  readonly most: number
  /** When the record was first seen. */
  readonly seen: number
}

/** By how much the first of the records that vouch for the key came before it. */
function leadOf(records: readonly DnsRecord<'TLSA'>[], { earliest, latest }: Change, history: HistoryFacts, name: string, now: string): Lead | Unknown {
  const observations = observationsOf(history, name)
  if ('verdict' in observations) return observations
  const leads = records.map(({ text }): Lead => {
    const has = ({ value }: Observation): boolean => value?.split('\n').includes(text) ?? false
    const last = observations.findLastIndex(one => !has(one))
    const seen = Date.parse(observations[last + 1]?.firstSeen ?? now)
    const without = observations[last]
    // where no record was before, senders did not use DANE, and any key was right
    const none = without ? without.value === null : seen - Date.parse(history.since ?? now) > day
    if (none) return { seen, least: Infinity, most: Infinity }
    return { seen, least: earliest - seen, most: without ? latest - Date.parse(without.lastSeen) : Infinity }
  })
  return leads.toSorted((a, b) => b.most - a.most || b.least - a.least)[0] ?? { seen: Date.parse(now), least: 0, most: 0 }
}

/** Seconds. A cache counts it down; the signature has it as it was published. */
function ttlOf(host: MxHostTlsa, base: string, records: readonly DnsRecord<'TLSA'>[]): number {
  const answer = host.lookups.find(lookup => lookup.base === base)?.answer
  const signed = answer && 'value' in answer ? answer.value.signatures.filter(({ data }) => data.covers === 'TLSA').map(({ data }) => data.originalTtl) : []
  return Math.max(0, ...records.map(({ ttl }) => ttl), ...signed)
}

/** `2026-11-22T12:00Z`: the day alone would not tell which was first. */
function minute(time: number): string {
  return `${dateOf(time)}T${new Date(time).toISOString().slice(11, 16)}Z`
}

import type { TlsaData } from '../../syntax/tlsa.ts'
import { isUsableTlsa } from '../../syntax/tlsa.ts'
import { recordsInForce, shownTlsa } from '../dane.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { danePeers, matchesOf } from '../served-tlsa.ts'

export default defineCheck({
  id: 'dane/rollover-prepared',
  title: 'The TLSA records allow for the next change of the key',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 7672 §3.1.1', 'RFC 7671 §8.1', 'RFC 7671 §8.4'],
  needs: ['mx', 'mxSessions', 'mxTlsa', 'clock'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host, { mx, mxSessions: { sessions }, clock: { now } }, { domain }) {
    const dane = recordsInForce(host)
    if ('verdict' in dane) return dane
    const evidence = dane.records.map(recordSeen)
    const data = dane.records.map(record => record.data).filter(isUsableTlsa)
    const own = data.filter(({ usage }) => usage === 3)
    const anchors = data.filter(({ usage }) => usage === 2)
    const [first] = data
    if (!first) return skip('no TLSA record can be used')
    const { seen, missing } = matchesOf(sessions, host.name, dane, danePeers(dane, domain, mx.answer.secure), now)
    const args = { host: host.name, records: data.map(shownTlsa) }
    if (seen.length === 0) {
      if (distinct(own) > 1) return pass
      return anchors.length > 0 ? missing ?? skip('there is no session to compare with') : lone(own, args, evidence)
    }
    if (seen.some(({ match }) => match.verdict !== 'matches')) return skip('no record matches the certificate as it is now')
    // what matches no certificate today is for the next one; an outranked record is not looked at, today or then
    const judged = seen.map(({ match }) => match.records.filter(({ record, result }) => result !== 'outranked' && isUsableTlsa(record)))
    const always = (usage: number, results: readonly string[]): boolean =>
      (judged[0] ?? []).some((one, i) => one.record.usage === usage && judged.every(list => results.includes(list[i]?.result ?? '')))
    if (always(3, ['differs'])) return pass
    const issuer = always(2, ['matches'])
    if (issuer && (own.length > 0 || distinct(anchors) > 1)) return pass
    if (always(2, ['leaf-as-anchor'])) return fail('same-certificate', args, ...evidence)
    return issuer ? fail('lone-anchor', args, ...evidence) : lone(own, args, evidence)
  },
  messages: {
    failed: '{host}: {records}: only the key that is in use now; a new key locks DANE senders out until its record has spread',
    'pins-certificate': '{host}: {records}: only the certificate that is in use now; every renewal locks DANE senders out until the new record has spread',
    'lone-anchor': '{host}: {records}: only one issuer; when the authority changes its intermediate certificate, DANE senders are locked out',
    'same-certificate': '{host}: {records}: usage 2 and 3 of one and the same certificate change together',
  },
  explain: `Resolvers keep the old records for their TTL. Unless the record of the next key is there before the key is, senders
    that use DANE see a mismatch, and defer, each time it changes.`,
  remedy: ({ name: host }, _facts, _args, _scope, code) => ({
    text: code === 'pins-certificate' || code === 'same-certificate'
      ? `Pin the public key (3 1 1) in place of the certificate, keep the key when the certificate is renewed, and publish the 3 1 1 of the next key of ${host} as well.`
      : `Make the next key of ${host} now, keep it aside, and publish its 3 1 1 beside the current one; or publish the 2 1 1 of the authority’s issuing certificate beside the 3 1 1, and keep the key when you renew.`,
  }),
})

function lone(own: readonly TlsaData[], args: { host: string; records: string[] }, evidence: readonly ReturnType<typeof recordSeen>[]) {
  return own.every(({ selector }) => selector === 0) ? fail('pins-certificate', args, ...evidence) : fail('failed', args, ...evidence)
}

/** How many different keys or certificates these speak of, at least: one may be told in several digests. */
function distinct(records: readonly TlsaData[]): number {
  const told = new Map<string, Set<string>>()
  for (const { selector, matching, data } of records) {
    const kind = `${selector} ${matching}`
    told.set(kind, (told.get(kind) ?? new Set()).add(data))
  }
  return Math.max(0, ...[...told.values()].map(({ size }) => size))
}

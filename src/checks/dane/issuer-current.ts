import { recordsInForce, shownTlsa } from '../dane.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen, recordSeen } from '../evidence.ts'
import { leafOf } from '../served-chain.ts'
import { danePeers, matchesOf } from '../served-tlsa.ts'

export default defineCheck({
  id: 'dane/issuer-current',
  title: 'Where the TLSA records pin issuers, the MX host uses one of them',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 7672 §3.1.2'],
  needs: ['mx', 'mxSessions', 'mxTlsa', 'clock'],
  defersTo: ['dane/tlsa-matches'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host, { mx, mxSessions: { sessions }, clock: { now } }, { domain }) {
    const dane = recordsInForce(host)
    if ('verdict' in dane) return dane
    if (!dane.records.some(({ data }) => data.usage === 2)) return skip('the TLSA records pin no issuer')
    const { seen, missing } = matchesOf(sessions, host.name, dane, danePeers(dane, domain, mx.answer.secure), now)
    if (seen.length === 0) return missing ?? skip('there is no session to compare with')
    if (seen.some(({ match }) => match.verdict !== 'matches')) return skip('no record matches the certificate as it is now')
    const idle = dane.records.filter((record, i) => record.data.usage === 2 && seen.every(({ match }) => {
      const result = match.records[i]?.result
      return result === 'differs' || result === 'no-path'
    }))
    const [first] = idle
    // beside an issuer in use, the others are those that the authority may change to: it has several, and picks one
    const used = seen.some(({ match }) => match.records.some(({ record, result }) => record.usage === 2 && result === 'matches'))
    if (!first || used) return pass
    const issuers = seen.flatMap(({ held, tls }) => {
      const leaf = leafOf(tls)
      return leaf ? [eventSeen(held, `certificate ${leaf.subject}, issued by ${leaf.issuer}`)] : []
    })
    return fail('failed', { record: shownTlsa(first.data), host: host.name, count: idle.length }, ...idle.map(recordSeen), ...issuers)
  },
  messages: {
    failed: '{record} pins an issuer that {host} does not use (any more)',
  },
  explain: `Mail arrives as long as another record matches. But this one does nothing any more, and shows that the authority
    has changed its issuing certificate since: a set-up that rests on it fails when the other record goes.`,
  remedy: ({ name: host }, _facts, { record }) => ({ text: `Replace ${String(record)} at _25._tcp.${host} by the 2 1 1 of the certificate that issues yours now (the second one that the server sends), or remove it.` }),
})

import type { JudgedTlsa } from '../../evaluate/dane-match.ts'
import { parseCertificate } from '../../syntax/certificate.ts'
import { judgeBoth, keyKind } from '../both-certificates.ts'
import { recordsInForce, shownTlsa } from '../dane.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { eventSeen, linesSeen, recordSeen } from '../evidence.ts'
import { setAside } from '../opening.ts'
import { ifReceiving } from '../receiving.ts'
import { certificateLine, timestamp } from '../served-chain.ts'
import { danePeers, matchServed } from '../served-tlsa.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'dane/tlsa-matches',
  title: 'The certificate on every MX address matches the TLSA records',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 7672 §2.2', 'RFC 7672 §3.1', 'RFC 7672 §3.2', 'RFC 7671 §9'],
  needs: ['mx', 'mxSessions', 'mxTlsa', 'clock'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge: (shown, { mx, mxSessions: { receiving }, mxTlsa, clock: { now } }, { domain }) => judgeBoth(shown, held => {
    const { endpoint: { host, address }, session } = held
    const published = mxTlsa.find(({ name }) => name === host)
    if (!published) return skip('the host publishes no TLSA record')
    const dane = recordsInForce(published)
    if ('verdict' in dane) return dane
    const at = { host, address }
    const records = dane.records.map(recordSeen)
    const upgrade = upgradeOf(held)
    switch (upgrade.state) {
      case 'tls': break
      case 'not-offered': return ifReceiving(receiving, fail('no-starttls', at, ...linesSeen(session, upgrade.offer), ...records))
      case 'upgrade-refused': return ifReceiving(receiving, fail('starttls-refused', { ...at, reply: upgrade.line }, ...linesSeen(session, upgrade.reply), ...records))
      case 'handshake-failed': {
        const { detail: alert } = upgrade.failure
        return ifReceiving(receiving, fail('handshake', { ...at, alert }, eventSeen(session, `TLS handshake: ${alert}`), ...records))
      }
      default: return setAside(upgrade, held)
    }
    const { tls } = upgrade
    const { match } = matchServed(held, tls, dane, danePeers(dane, domain, mx.answer.secure), now)
    if (match.verdict === 'unusable') return skip('no TLSA record can be used, so senders want encryption and no particular certificate')
    const matching = match.records.find(({ result }) => result === 'matches')
    const leaf = parseCertificate(tls.chain[0] ?? '')
    if (matching) return passed(eventSeen(session, `the ${keyKind(tls)} certificate that it shows matches ${shownTlsa(matching.record)}`))
    const digest = leaf?.spkiSha256 ?? 'unknown'
    const seen = [eventSeen(session, leaf ? certificateLine(leaf) : 'no certificate that can be read'), eventSeen(session, `its public key: 3 1 1 ${digest}`), ...records]
    return ifReceiving(receiving, whyNot(match.records, at, digest, seen))
  }),
  messages: {
    failed: '{host} [{address}]: the certificate matches none of the TLSA records ({digest} is the SHA-256 of its key); DANE senders defer',
    'no-starttls': '{host} [{address}]: STARTTLS is not offered, although TLSA records demand it; DANE senders defer',
    'starttls-refused': '{host} [{address}]: STARTTLS is answered with "{reply}", although TLSA records demand it; DANE senders defer',
    handshake: '{host} [{address}]: the TLS handshake fails ({alert}), although TLSA records demand it; DANE senders defer',
    'no-anchor': '{host} [{address}]: none of the certificates served is the trust anchor of the TLSA records ({record}); DANE senders defer',
    'no-path': '{host} [{address}]: the trust anchor ({record}) did not issue the certificate; DANE senders defer',
    'leaf-as-anchor': '{host} [{address}]: {record} calls the server’s own certificate a trust anchor, which most senders refuse; DANE senders defer',
    'other-name': '{host} [{address}]: the certificate under the trust anchor names only {names}; DANE senders defer',
    expired: '{host} [{address}]: a certificate under the trust anchor expired on {date}; DANE senders defer',
    'not-yet-valid': '{host} [{address}]: a certificate under the trust anchor is not valid before {date}; DANE senders defer',
  },
  explain: `The TLSA records tell senders which certificate to insist on. Those that use DANE (many, and more every year) deliver
    to no server that shows another one: their mail waits, and bounces after some days.`,
  remedy({ endpoint: { host }, session, other }, { mxTlsa }, { digest }, _scope, code) {
    if (code === 'no-starttls') return { text: `Switch on STARTTLS for port 25 on ${host}, or remove its TLSA records until it is on.` }
    if (code === 'starttls-refused' || code === 'handshake') return { text: `Look in the log of the mail server on ${host} why TLS does not start. As long as it does not, remove the TLSA records.` }
    const published = mxTlsa.find(({ name }) => name === host)
    const dane = published && recordsInForce(published)
    const base = dane && 'base' in dane ? dane.base : host
    const leaves = [session.tls, other].map(tls => parseCertificate(tls?.chain[0] ?? ''))
    const leaf = leaves.find(one => one?.spkiSha256 === digest) ?? leaves[0]
    return {
      text: `Publish the record of the key that ${host} shows now. Before the next change of key publish the new key’s record beside it, and wait two TTLs; or keep the key when you renew.`,
      ...leaf ? { records: { set: [`_25._tcp.${base}. TLSA 3 1 1 ${leaf.spkiSha256}`] } } : {},
    }
  },
})

/** Of several records that fail, the one that came nearest says why. */
function whyNot(records: readonly JudgedTlsa[], at: { host: string; address: string }, digest: string, seen: Parameters<typeof fail>[2][]) {
  for (const judged of records) {
    const { result, record } = judged
    if (result === 'expired') return fail('expired', { ...at, date: timestamp(judged.certificate.notAfter) }, ...seen)
    if (result === 'not-yet-valid') return fail('not-yet-valid', { ...at, date: timestamp(judged.certificate.notBefore) }, ...seen)
    if (result === 'other-name') return fail('other-name', { ...at, names: judged.names.length > 0 ? judged.names.slice(0, 10) : ['nobody'] }, ...seen)
    if (result === 'no-path' || result === 'leaf-as-anchor') return fail(result, { ...at, record: shownTlsa(record) }, ...seen)
  }
  const tried = records.filter(({ result }) => result === 'differs').map(({ record }) => record)
  const [anchor] = tried
  if (anchor && tried.every(({ usage }) => usage === 2)) return fail('no-anchor', { ...at, record: shownTlsa(anchor) }, ...seen)
  return fail('failed', { ...at, digest }, ...seen)
}

import type { MtaStsFacts } from '../../probes/mta-sts.ts'
import type { MxHostTlsa } from '../../probes/tlsa.ts'
import type { MxSession } from '../../probes/session-sets.ts'
import type { Outcome, TlsSession } from '../../network/network.ts'
import { certificateCovers } from '../../syntax/certificate.ts'
import { isUsableTlsa } from '../../syntax/tlsa.ts'
import { judgeBoth } from '../both-certificates.ts'
import { daneOf } from '../dane.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Unknown } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { firstToEnd, lastToBegin } from '../certificate-horizon.ts'
import { appliedPolicy } from '../mta-sts-policy.ts'
import { certificateLine, countedCertificates, timestamp, weaknessOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'mx-tls/certificate-verifiable',
  title: 'The certificate of the MX host could be verified by a sender that insists',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 7672 §1', 'RFC 9525 §6', 'RFC 9325 §4.5'],
  needs: ['mxSessions', 'clock'],
  uses: ['mtaSts', 'mxTlsa'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge: (shown, { clock: { now }, mtaSts, mxTlsa }) => judgeBoth(shown, held => {
    const bound = boundBy(held.endpoint.host, mtaSts, mxTlsa, now)
    if (bound !== null) return skip(bound)
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const verdict = verdictOf(held, tls, now)
    return verdict.verdict === 'fail' ? doubtOf(held.endpoint.host, mtaSts, mxTlsa, now) ?? verdict : verdict
  }),
  messages: {
    failed: '{host}: no chain to a public root ({subject}, issued by {issuer})',
    'self-signed': '{host}: self-signed ({subject}, issued by {issuer})',
    'broken-chain': '{host}: a signature in the chain does not hold ({subject}, issued by {issuer})',
    'other-name': '{host}: names only {names} ({subject}, issued by {issuer})',
    nameless: '{host}: names no host in its subjectAltName ({subject}, issued by {issuer})',
    expired: '{host}: expired on {date} ({subject}, issued by {issuer})',
    'not-yet-valid': '{host}: not valid before {date} ({subject}, issued by {issuer})',
    'weak-key': '{host}: {key} key of only {bits} bits ({subject}, issued by {issuer})',
    'weak-signature': '{host}: signed with {algorithm} ({subject}, issued by {issuer})',
    unreadable: '{host}: a certificate that cannot be read',
  },
  explain: `Ordinary senders encrypt to any certificate on port 25, this one included, so no mail is lost by it. But nobody
    can tell your server from an impostor, and MTA-STS, with which senders insist on that, cannot be switched on.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Install a certificate of a public authority that names ${host} (for example by ACME, with automatic renewal); MTA-STS needs it.`,
  }),
})

/** What says already, and with more weight, which certificate senders want of this host; null when nothing does. */
function boundBy(host: string, mtaSts: Outcome<MtaStsFacts>, mxTlsa: Outcome<readonly MxHostTlsa[]>, now: string): string | null {
  const policy = 'value' in mtaSts ? appliedPolicy(mtaSts.value, now) : null
  if (policy && !('verdict' in policy) && policy.mode !== 'none') return `the MTA-STS policy (mode: ${policy.mode}) has checks of its own for it`
  const published = 'value' in mxTlsa ? mxTlsa.value.find(({ name }) => name === host) : undefined
  const dane = published && daneOf(published)
  const own = dane?.state === 'secure' && dane.records.some(({ data }) => data.usage === 3 && isUsableTlsa(data))
  return own ? 'TLSA records say which certificate it is, whoever issued it' : null
}

function verdictOf(held: MxSession, tls: TlsSession, now: string) {
  const counted = countedCertificates(tls)
  const [leaf] = counted
  const { endpoint: { host }, session } = held
  if (!leaf) return tls.chain.length === 0 ? skip('no certificate is shown') : fail('unreadable', { host }, eventSeen(session, 'a certificate that cannot be parsed'))
  const { subject, issuer } = leaf
  const seen = eventSeen(session, certificateLine(leaf))
  if (!tls.trust.trusted) {
    const code = tls.trust.problem === 'self-signed' ? 'self-signed' : tls.trust.problem === 'unknown-issuer' ? 'failed' : 'broken-chain'
    return fail(code, { host, subject, issuer }, seen)
  }
  if (leaf.names.length === 0) return fail('nameless', { host, subject, issuer }, seen)
  if (!certificateCovers(leaf.names, host)) return fail('other-name', { host, names: leaf.names.slice(0, 10), subject, issuer }, seen)
  const end = (firstToEnd(counted) ?? leaf).notAfter
  const begin = (lastToBegin(counted) ?? leaf).notBefore
  if (end.getTime() < Date.parse(now)) return fail('expired', { host, date: timestamp(end), subject, issuer }, seen)
  if (begin.getTime() > Date.parse(now)) return fail('not-yet-valid', { host, date: timestamp(begin), subject, issuer }, seen)
  const weakness = weaknessOf(counted)
  if (weakness?.code === 'weak-key') return fail('weak-key', { host, key: weakness.key, bits: weakness.bits, subject, issuer }, seen)
  if (weakness) return fail('weak-signature', { host, algorithm: weakness.algorithm, subject, issuer }, seen)
  return pass
}

/** Whether something binds the certificate could not be found out. */
function doubtOf(host: string, mtaSts: Outcome<MtaStsFacts>, mxTlsa: Outcome<readonly MxHostTlsa[]>, now: string): Unknown | null {
  if ('problem' in mtaSts) return unknownBecause(mtaSts.problem)
  const policy = appliedPolicy(mtaSts.value, now)
  if ('verdict' in policy && policy.verdict === 'unknown') return policy
  if ('problem' in mxTlsa) return unknownBecause(mxTlsa.problem)
  const published = mxTlsa.value.find(({ name }) => name === host)
  const dane = published && daneOf(published)
  if (dane?.state === 'unanswered') return unknownBecause(dane.problem)
  return dane?.state === 'undecided' ? dane.because : null
}

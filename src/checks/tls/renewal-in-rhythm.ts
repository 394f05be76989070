import type { Observation, ObservedCertificate } from '../../probes/history.ts'
import { defineCheck, fail, passed, skip, unknown, type Evidence } from '../define.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { day, observationsOf, observedCertificate } from '../remembered.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

/** Of what was left when earlier certificates were replaced. */
const share = 0.8
/** One renewal makes no rhythm: it may have been by hand, or for another name. */
const fewest = 2
/** Certificates whose lifetimes differ by more than this share are renewed to another rhythm. */
const similar = 0.2

export default defineCheck({
  id: 'tls/renewal-in-rhythm',
  title: 'The certificate is renewed when its predecessors were',
  severity: 'warning',
  question: 'access',
  rfc: ['best practice'],
  needs: ['serviceSessions', 'history', 'clock'],
  requires: 'state',
  defersTo: [
    'tls/certificate-not-expiring-soon', 'tls/certificate-renewal-on-time', 'tls/certificate-not-about-to-expire', 'tls/certificate-in-date',
  ],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held, { history, clock: { now } }) {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const leaf = leafOf(tls)
    if (!leaf) return skip('there is no certificate that can be read')
    const observations = observationsOf(history, `certificate ${held.name}`)
    if ('verdict' in observations) return observations
    const lifetime = leaf.notAfter.getTime() - leaf.notBefore.getTime()
    const left = replaced(observations, leaf.sha256, now)
      .filter(one => Math.abs(one.lifetime - lifetime) <= similar * lifetime).map(one => one.left)
    if (left.length < fewest) {
      return unknown('history-too-short', `it was replaced ${left.length === 1 ? 'once' : 'never'} by one that lives as long, while mailcheck looked; two renewals make a rhythm`)
    }
    const usual = Math.min(...left)
    const remaining = leaf.notAfter.getTime() - Date.parse(now)
    const evidence: Evidence = { from: 'session', endpoint: held.name, line: certificateLine(leaf) }
    if (remaining >= share * usual) return passed(evidence)
    return fail('failed', { endpoint: held.name, usual: Math.floor(usual / day), days: Math.floor(remaining / day) }, evidence)
  },
  messages: {
    failed: '{endpoint}: the certificate was always renewed {usual} d before its end or earlier; now {days} d are left',
  },
  explain: `What renews certificates does so at the same point of their lives each time. When that point has passed, it has
    stopped working, and there is still time to find out why.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Look in the log of whatever renews the certificate of ${host}, and whether the service on port ${port} was reloaded after it.`,
  }),
})

interface Replaced {
  /** Milliseconds: how long it lives, and how much of that was left when it was replaced, at the least. */
  readonly lifetime: number
  readonly left: number
}

/** The certificates that others took the place of. A server with two of them shows now one, now the other: those replace nothing. */
function replaced(observations: readonly Observation[], current: string, now: string): Replaced[] {
  const known = new Map<string, { certificate: ObservedCertificate; first: number; last: number }>()
  for (const { value, firstSeen, lastSeen } of observations) {
    const certificate = observedCertificate(value)
    if (!certificate) continue
    const { sha256 } = certificate
    known.set(sha256, { certificate, first: known.get(sha256)?.first ?? Date.parse(firstSeen), last: Date.parse(lastSeen) })
  }
  const begins = [...[...known.values()].map(({ first }) => first), ...known.has(current) ? [] : [Date.parse(now)]]
  return [...known].flatMap(([sha256, { certificate: { notBefore, notAfter }, last }]) => {
    const next = Math.min(...begins.filter(first => first > last))
    if (sha256 === current || next === Infinity) return []
    return [{ lifetime: Date.parse(notAfter) - Date.parse(notBefore), left: Date.parse(notAfter) - next }]
  })
}

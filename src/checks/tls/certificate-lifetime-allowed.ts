import { judgeBoth } from '../both-certificates.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { eventSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { certificateLine, leafOf } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

const day = 86_400_000

/**
 * CA/Browser Forum, Baseline Requirements for TLS server certificates §6.3.2, as of ballot SC-081v3 (read in November 2026): the
 * greatest number of days by the day of issue, latest first. Who issued before the first of them has no living certificate.
 */
const limits: readonly (readonly [from: string, days: number])[] = [
  ['2029-03-15', 47], ['2027-03-15', 100], ['2026-03-15', 200], ['2020-09-01', 398],
]

export default defineCheck({
  id: 'tls/certificate-lifetime-allowed',
  title: 'The certificate is valid for no longer than public authorities may issue',
  severity: 'notice',
  question: 'access',
  rfc: ['CA/B SC-081v3'],
  needs: ['serviceSessions', 'clock'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    const leaf = leafOf(tls)
    if (!leaf) return skip('there is no certificate that can be read')
    if (!tls.trust.trusted) return skip('the certificate comes from no public authority')
    if (tls.trust.private) return skip('the certificate comes from an authority of your own')
    const { notBefore, notAfter } = leaf
    const days = Math.ceil((notAfter.getTime() - notBefore.getTime()) / day)
    return days <= mostDays(notBefore) ? pass : fail('failed', { endpoint: held.name, days }, eventSeen(held, certificateLine(leaf)))
  }),
  messages: {
    failed: '{endpoint}: valid for {days} d',
  },
  explain: `Public authorities may not issue certificates for so long. Browsers and phones refuse them at once, and mail
    programs that use the same library do too.`,
  remedy: ({ endpoint: { host } }, { clock: { now } }) => ({
    text: `Have the certificate of ${host} reissued, best by ACME with automatic renewal; issued today, it may be valid for ${mostDays(new Date(now))} days.`,
  }),
})

function mostDays(issued: Date): number {
  return limits.find(([from]) => issued.getTime() >= Date.parse(from))?.[1] ?? Infinity
}

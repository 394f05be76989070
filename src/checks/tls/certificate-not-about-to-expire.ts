import { judgeBoth } from '../both-certificates.ts'
import { judgeHorizon, limits } from '../certificate-horizon.ts'
import { defineCheck } from '../define.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { countedCertificates } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/certificate-not-about-to-expire',
  title: 'The certificate does not end within days',
  severity: 'critical',
  question: 'access',
  rfc: ['best practice'],
  needs: ['serviceSessions', 'clock'],
  defersTo: ['tls/certificate-in-date'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown, { clock: { now } }) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    return judgeHorizon(held.name, countedCertificates(tls), now, limits.imminent)
  }),
  messages: {
    failed: '{endpoint}: certificate ends {date}, in {remaining}',
  },
  explain: `When it ends, mail programs refuse the connection. What should have renewed it has been failing for a while, and
    little time is left: three days, or a twentieth of the lifetime of a short-lived certificate.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Renew the certificate of ${host} now, and reload the service on port ${port} so that it shows the new one.`,
  }),
})

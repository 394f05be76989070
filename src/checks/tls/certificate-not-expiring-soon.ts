import { judgeBoth } from '../both-certificates.ts'
import { judgeHorizon, limits } from '../certificate-horizon.ts'
import { defineCheck } from '../define.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { countedCertificates } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/certificate-not-expiring-soon',
  title: 'The certificate is good for a while',
  severity: 'warning',
  question: 'access',
  rfc: ['best practice'],
  needs: ['serviceSessions', 'clock'],
  defersTo: ['tls/certificate-renewal-on-time', 'tls/certificate-not-about-to-expire', 'tls/certificate-in-date'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown, { clock: { now } }) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    return judgeHorizon(held.name, countedCertificates(tls), now, limits.soon)
  }),
  messages: {
    failed: '{endpoint}: certificate ends {date}, in {remaining}',
  },
  explain: `Less than thirty days are left, or a quarter of the lifetime where that is less. Nothing is broken yet, but a certificate
    that is renewed by hand is easily forgotten from here on.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Renew the certificate of ${host} (port ${port}), or check that automatic renewal is set up for it and reloads the service.`,
  }),
})

import { judgeBoth } from '../both-certificates.ts'
import { judgeHorizon, limits } from '../certificate-horizon.ts'
import { defineCheck } from '../define.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { countedCertificates } from '../served-chain.ts'
import { tlsOf } from '../upgrade.ts'

export default defineCheck({
  id: 'tls/certificate-renewal-on-time',
  title: 'The certificate was renewed when it was due',
  severity: 'error',
  question: 'access',
  rfc: ['best practice'],
  needs: ['serviceSessions', 'clock'],
  defersTo: ['tls/certificate-not-about-to-expire', 'tls/certificate-in-date'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 endpoint is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge: (shown, { clock: { now } }) => judgeBoth(shown, held => {
    const tls = tlsOf(held)
    if ('verdict' in tls) return tls
    return judgeHorizon(held.name, countedCertificates(tls), now, limits.late)
  }),
  messages: {
    failed: '{endpoint}: certificate ends {date}, in {remaining}',
  },
  explain: `Automatic renewal has mostly done its work long before this point (fourteen days, or a tenth of the lifetime, before
    the end). That it has not means that it is broken, or that nobody has it.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Look why the renewal for ${host} did not run, or why the service on port ${port} still shows the old certificate: has it been reloaded?`,
  }),
})

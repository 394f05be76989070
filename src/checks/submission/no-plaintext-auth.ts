import { clearMechanisms } from '../clear-passwords.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { openingOf, setAside } from '../opening.ts'

export default defineCheck({
  id: 'submission/no-plaintext-auth',
  title: 'Submission on port 587 asks for no password before TLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 4954 §4', 'RFC 8314 §4.1'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['submission']),
  nothing: 'no submission service on port 587 is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['submission']),
  judge(held) {
    const opened = openingOf(held)
    if (opened.state === 'closed') return skip('port 587 does not answer, so nobody is misled into clear text')
    if (opened.state !== 'open') return setAside(opened, held)
    const { mechanisms, evidence } = clearMechanisms(held, opened.offer)
    return mechanisms.length === 0 ? pass : fail('failed', { endpoint: held.name, mechanisms }, ...evidence)
  },
  messages: {
    failed: '{endpoint} offers AUTH {mechanisms} in clear',
  },
  explain: `A mail program that is set up without encryption, or is kept from it by somebody on the way, sends the user's
    password readable by everybody. Whoever has it reads the mailbox and sends spam in your name.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `On ${host}, offer AUTH on port 587 only after STARTTLS (Postfix: smtpd_tls_auth_only = yes, or smtpd_tls_security_level = encrypt).`,
  }),
})

import { defineCheck, fail, pass } from '../define.ts'
import { clearMechanisms } from '../clear-passwords.ts'
import { openingOf, setAside } from '../opening.ts'

export default defineCheck({
  id: 'smtp/auth-not-before-tls',
  title: 'Port 25 does not ask for passwords before TLS',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 4954 §4'],
  needs: ['mxSessions'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const opened = openingOf(held)
    if (opened.state !== 'open') return setAside(opened, held)
    const { mechanisms, evidence } = clearMechanisms(held, opened.offer)
    return mechanisms.length === 0 ? pass : fail('failed', { host: held.endpoint.host, mechanisms }, ...evidence)
  },
  messages: {
    failed: '{host} port 25 offers AUTH {mechanisms} in clear',
  },
  explain: `A mail program that is pointed at this port sends the user's password readable by everybody on the way. Whoever
    has it reads the mailbox and sends spam in your name.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `On ${host}, offer AUTH only after STARTTLS (Postfix: smtpd_tls_auth_only = yes), or only on ports 465 and 587.`,
  }),
})

import { authMechanisms } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { offersOf, offerTo } from '../offer.ts'

export default defineCheck({
  id: 'smtp/auth-not-on-port-25',
  title: 'Port 25 takes no logins, not even over TLS',
  severity: 'notice',
  question: 'receive',
  rfc: ['best practice'],
  needs: ['mxSessions'],
  defersTo: ['smtp/auth-not-before-tls'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const { inClear = [], overTls = [] } = offersOf(held.session)
    const mechanisms = [...new Set([...authMechanisms(inClear), ...authMechanisms(overTls)])]
    if (mechanisms.length > 0) {
      const lines = [...inClear, ...overTls].filter(line => /^250[ -]AUTH\b/i.test(line))
      return fail('failed', { host: held.endpoint.host, mechanisms }, ...linesSeen(held, lines))
    }
    const offer = offerTo(held)
    if (offer.state === 'aside') return offer.because
    return offer.state === 'offered' ? pass : skip(`the server answers EHLO with "${offer.line}"`)
  },
  messages: {
    failed: '{host} port 25 offers AUTH {mechanisms}',
  },
  explain: `Port 25 is open to the whole world, and whoever guesses passwords tries it there. People who send mail do not need it:
    submission has ports of its own, where guessing can be slowed down without delaying anybody's mail.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Offer AUTH on ${host} only on ports 465 and 587 (Postfix: smtpd_sasl_auth_enable = no in main.cf, and = yes in the submission entries of master.cf).`,
  }),
})

import { pop3Capabilities } from '../../syntax/pop3.ts'
import { readable } from '../clear-passwords.ts'
import { defineCheck, fail, pass, skip, unknown } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { openingOf, setAside } from '../opening.ts'

export default defineCheck({
  id: 'pop3/no-plaintext-auth',
  title: 'POP3 on port 110, if it is open, takes no password before TLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 2595 §2.2', 'RFC 2449 §6.2'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['pop3']),
  nothing: 'no POP3 service on port 110 is known, which is well',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['pop3']),
  judge(held) {
    const opened = openingOf(held)
    if (opened.state === 'closed') return skip('port 110 does not answer, which is well')
    if (opened.state === 'refused' && opened.command === 'CAPA') {
      return unknown('not-disclosed', `the server answers CAPA with "${opened.line}", and so does not say how it takes passwords`)
    }
    if (opened.state !== 'open') return setAside(opened, held)
    const offered = pop3Capabilities(opened.offer)
    const mechanisms = (offered.get('SASL') ?? []).map(name => name.toUpperCase()).filter(name => readable.includes(name))
    const capabilities = [...(offered.has('USER') ? ['USER'] : []), ...mechanisms.map(name => `SASL ${name}`)]
    return capabilities.length === 0 ? pass : fail('failed', { endpoint: held.name, capabilities }, ...linesSeen(held, opened.offer))
  },
  messages: {
    failed: '{endpoint} takes passwords in clear: {capabilities}',
  },
  explain: `A mail program that is set up without encryption, or is kept from it by somebody on the way, sends the user's
    password readable by everybody, and who has it reads all the mail.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `On ${host}, disable plaintext logins before STLS (Dovecot: auth_allow_cleartext = no, in older versions disable_plaintext_auth = yes), or close port 110.`,
  }),
})

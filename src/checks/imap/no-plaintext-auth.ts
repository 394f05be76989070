import { imapCapabilities, imapMechanisms, parseImapStatus } from '../../syntax/imap.ts'
import { readable } from '../clear-passwords.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { openingOf, setAside } from '../opening.ts'

export default defineCheck({
  id: 'imap/no-plaintext-auth',
  title: 'IMAP on port 143, if it is open, takes no password before TLS',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 9051 §6.2.3', 'RFC 3501 §6.2.3'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, ['imap']),
  nothing: 'no IMAP service on port 143 is known, which is well',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, ['imap']),
  judge(held) {
    const opened = openingOf(held)
    if (opened.state === 'closed') return skip('port 143 does not answer, which is well')
    if (opened.state !== 'open') return setAside(opened, held)
    if (parseImapStatus(opened.greeting[0] ?? '').status === 'PREAUTH') return skip('it greets with PREAUTH and takes no password at all')
    const offered = imapCapabilities(opened.offer)
    // LOGINDISABLED forbids the LOGIN command alone: AUTH=PLAIN beside it still takes the password
    const capabilities = imapMechanisms(offered).filter(name => readable.includes(name)).map(name => `AUTH=${name}`)
    if (!offered.has('LOGINDISABLED')) capabilities.push('no LOGINDISABLED')
    return capabilities.length === 0 ? pass : fail('failed', { endpoint: held.name, capabilities }, ...linesSeen(held, opened.offer))
  },
  messages: {
    failed: '{endpoint} takes passwords in clear: {capabilities}',
  },
  explain: `A mail program that is set up without encryption, or is kept from it by somebody on the way, sends the user's
    password readable by everybody, and who has it reads all the mail.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `On ${host}, disable plaintext logins before TLS (Dovecot: auth_allow_cleartext = no, in older versions disable_plaintext_auth = yes), or close port 143.`,
  }),
})

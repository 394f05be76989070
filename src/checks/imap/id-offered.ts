import { defineCheck, fail } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { imapServices, lacking } from '../imap-offer.ts'

export default defineCheck({
  id: 'imap/id-offered',
  title: 'IMAP lets programs name themselves (ID)',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 2971'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, imapServices),
  nothing: 'no IMAP service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, imapServices),
  judge(held) {
    const found = lacking(held, listed => (listed.has('ID') ? [] : ['ID']))
    return found.verdict === 'lacks' ? fail('failed', { endpoint: held.name }, ...found.evidence) : found
  },
  messages: {
    failed: '{endpoint} lacks ID',
  },
  explain: `Client and server tell each other with it what they are. When something goes wrong for one person, the server's log
    then says which program it was.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Enable the extension ID of the IMAP server on ${host}.` }),
})

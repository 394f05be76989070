import { defineCheck, fail } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { imapServices, lacking } from '../imap-offer.ts'

export default defineCheck({
  id: 'imap/idle-offered',
  title: 'IMAP tells of new mail at once (IDLE)',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 2177', 'RFC 9051 §6.3.13'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, imapServices),
  nothing: 'no IMAP service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, imapServices),
  judge(held) {
    const found = lacking(held, listed => (listed.has('IDLE') || listed.has('IMAP4REV2') ? [] : ['IDLE']))
    return found.verdict === 'lacks' ? fail('failed', { endpoint: held.name }, ...found.evidence) : found
  },
  messages: {
    failed: '{endpoint} lacks IDLE: devices poll',
  },
  explain: `Without it, mail programs and telephones ask again every few minutes: new mail appears late, and the asking costs
    battery and connections.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Enable the extension IDLE of the IMAP server on ${host}.` }),
})

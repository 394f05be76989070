import { defineCheck, fail } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { imapServices, lacking } from '../imap-offer.ts'

export default defineCheck({
  id: 'imap/quota-shown',
  title: 'IMAP shows how full the mailbox is (QUOTA)',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 9208'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, imapServices),
  nothing: 'no IMAP service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, imapServices),
  judge(held) {
    const found = lacking(held, listed => ([...listed].some(name => name === 'QUOTA' || name.startsWith('QUOTA=')) ? [] : ['QUOTA']))
    return found.verdict === 'lacks' ? fail('failed', { endpoint: held.name }, ...found.evidence) : found
  },
  messages: {
    failed: '{endpoint} lacks QUOTA',
  },
  explain: `People learn that their mailbox is full only when senders tell them that mail came back. With QUOTA the mail program
    shows the space that is left.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Enable the extension QUOTA of the IMAP server on ${host} (Dovecot: the plugins quota and imap_quota).` }),
})

import { defineCheck, fail, pass } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { pop3OfferOf, pop3Services } from '../pop3-offer.ts'

export default defineCheck({
  id: 'pop3/uidl-offered',
  title: 'POP3 can tell messages apart (UIDL)',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 1939 §7', 'RFC 2449 §6.8'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, pop3Services),
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, pop3Services),
  judge(held) {
    const offer = pop3OfferOf(held)
    if ('because' in offer) return offer.because
    return offer.capabilities.has('UIDL') ? pass : fail('failed', { endpoint: held.name }, ...offer.evidence)
  },
  messages: {
    failed: '{endpoint} lacks UIDL: clients that leave mail on the server fetch all of it each time',
  },
  explain: `A mail program that leaves mail on the server knows by these numbers what it has fetched already. Without them each
    look into the mailbox brings every old message again, or the program deletes what it has fetched.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Enable UIDL of the POP3 server on ${host}, or let people use IMAP.` }),
})

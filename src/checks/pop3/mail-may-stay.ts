import { pop3Policy } from '../../syntax/pop3.ts'
import { defineCheck, fail, pass, skip, unknown } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { capabilitySeen, pop3OfferOf, pop3Services } from '../pop3-offer.ts'

export default defineCheck({
  id: 'pop3/mail-may-stay',
  title: 'Mail that was fetched over POP3 may stay on the server',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 2449 §6.7'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, pop3Services),
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, pop3Services),
  judge(held) {
    const offer = pop3OfferOf(held)
    if ('because' in offer) return offer.because
    const policy = pop3Policy(offer.capabilities.get('EXPIRE'))
    if (!policy) return skip('the server announces no EXPIRE')
    if (policy.value !== null && policy.value !== 0) return pass
    if (policy.perUser) return unknown('not-disclosed', `${held.name} says only after login how long the mail of a person may stay`)
    if (policy.value === null) return skip('the server announces EXPIRE without a number of days')
    return fail('failed', { endpoint: held.name }, ...capabilitySeen(offer.evidence, 'EXPIRE'))
  },
  messages: {
    failed: '{endpoint}: EXPIRE 0',
  },
  explain: `The server may delete a message as soon as it was fetched. The only copy is then on one telephone or computer, and is
    lost with it; other devices never see it.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Let mail stay on ${host} after it was fetched, and announce EXPIRE NEVER or a number of days; or tell your people to keep backups of their devices.`,
  }),
})

import { pop3Policy } from '../../syntax/pop3.ts'
import { defineCheck, fail, pass, unknown } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { capabilitySeen, pop3OfferOf, pop3Services } from '../pop3-offer.ts'

/** Seconds. */
const tolerable = 600

export default defineCheck({
  id: 'pop3/login-delay-tolerable',
  title: 'POP3 lets people log in again within ten minutes',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 2449 §6.5', 'RFC 2449 §8.1.1'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, pop3Services),
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, pop3Services),
  judge(held) {
    const offer = pop3OfferOf(held)
    if ('because' in offer) return offer.because
    const policy = pop3Policy(offer.capabilities.get('LOGIN-DELAY'))
    if (typeof policy?.value === 'number' && policy.value <= tolerable) return pass
    if (policy?.perUser) return unknown('not-disclosed', `${held.name} says only after login how long a person has to wait between logins`)
    if (typeof policy?.value !== 'number') return pass
    return fail('failed', { endpoint: held.name, seconds: policy.value }, ...capabilitySeen(offer.evidence, 'LOGIN-DELAY'))
  },
  messages: {
    failed: '{endpoint}: {seconds} s between logins; a second device is refused',
  },
  explain: `The server refuses whoever logs in again before that time has passed. A telephone and a computer that fetch the same
    mail shut each other out, and the mail program reports an error that nobody understands.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Lower the delay between logins on ${host} to ${tolerable} seconds or less, or let people use IMAP.` }),
})

import { defineCheck, fail, pass } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { pop3OfferOf, pop3Services } from '../pop3-offer.ts'

export default defineCheck({
  id: 'pop3/refusals-explained',
  title: 'POP3 says what it can do, and why it refuses a login',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 2449 §5', 'RFC 2449 §6.4', 'RFC 3206'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, pop3Services),
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, pop3Services),
  judge(held) {
    const offer = pop3OfferOf(held)
    const { name: endpoint } = held
    if ('because' in offer) return offer.refusal ? fail('failed', { endpoint, capability: ['CAPA'] }, ...offer.refusal) : offer.because
    const capability = ['RESP-CODES', 'AUTH-RESP-CODE'].filter(name => !offer.capabilities.has(name))
    return capability.length === 0 ? pass : fail('failed', { endpoint, capability }, ...offer.evidence)
  },
  messages: {
    failed: '{endpoint} lacks {capability}',
  },
  explain: `A mail program cannot tell a wrong password from a fault of the server without these codes. It asks people for their
    password again although nothing is wrong with it, and they change it in vain.`,
  remedy: ({ endpoint: { host } }, _facts, { capability }) => ({
    text: `Enable ${Array.isArray(capability) ? capability.join(' and ') : ''} of the POP3 server on ${host}; where it cannot, update it.`,
  }),
})

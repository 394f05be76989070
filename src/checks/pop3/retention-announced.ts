import { pop3Policy } from '../../syntax/pop3.ts'
import { defineCheck, fail, pass, unknown } from '../define.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { capabilitySeen, pop3OfferOf, pop3Services } from '../pop3-offer.ts'

/** Days that somebody on holiday needs. */
const enough = 30

export default defineCheck({
  id: 'pop3/retention-announced',
  title: 'POP3 says how long mail stays on the server: for ever, or 30 days and more',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 2449 §6.7'],
  needs: ['serviceSessions'],
  defersTo: ['pop3/mail-may-stay'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, pop3Services),
  nothing: 'no POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, pop3Services),
  judge(held) {
    const offer = pop3OfferOf(held)
    if ('because' in offer) return offer.because
    const { name: endpoint } = held
    const policy = pop3Policy(offer.capabilities.get('EXPIRE'))
    const evidence = capabilitySeen(offer.evidence, 'EXPIRE')
    if (policy?.value === 'NEVER' || (policy?.value ?? 0) >= enough) return pass
    if (policy?.perUser) return unknown('not-disclosed', `${endpoint} says only after login how long the mail of a person stays`)
    if (policy?.value === null || !policy) return fail('failed', { endpoint }, ...evidence)
    return fail('short', { endpoint, days: policy.value }, ...evidence)
  },
  messages: {
    failed: '{endpoint} announces no EXPIRE: people cannot know how long mail stays',
    short: '{endpoint} announces EXPIRE {days}: mail may be deleted while somebody is on holiday',
  },
  explain: `Whoever leaves mail on the server relies on finding it there later. The server can say for how long, and some mail
    programs warn before the time is over.`,
  remedy: ({ endpoint: { host } }, _facts, _args, _scope, code) => ({
    text: code === 'short'
      ? `Keep mail on ${host} for ${enough} days or more, and announce it; or tell your people the period.`
      : `Announce EXPIRE NEVER on ${host} if nothing is deleted there, or the number of days; where the server cannot, tell your people the period.`,
  }),
})

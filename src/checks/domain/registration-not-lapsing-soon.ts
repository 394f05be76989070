import { defineCheck } from '../define.ts'
import { judgeRegistration, registrarOf } from '../registration.ts'

export default defineCheck({
  id: 'domain/registration-not-lapsing-soon',
  title: 'The registration of the domain lasts for a while',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 9083 §4.5'],
  needs: ['registration', 'clock'],
  requires: 'thirdParties',
  defersTo: ['domain/registration-not-about-to-lapse'],
  judge: (_domain, { registration, clock: { now } }) => judgeRegistration(registration, now, 45),
  messages: {
    failed: 'The registration of {domain} ends on {date}, in {days} d',
    lapsed: 'The registration of {domain} ended on {date}, {days} d ago',
  },
  explain: `Less than 45 days are left. Nothing is lost yet, but a reminder that goes to an address which nobody reads, or a card
    that has expired, is how domains are lost.`,
  remedy: (_domain, { registration }, _args, _scope, code) => ({
    text: code === 'lapsed'
      ? `Ask ${registrarOf(registration)} whether ${registration.name} can still be renewed or restored.`
      : `Renew ${registration.name} at ${registrarOf(registration)}, or switch on auto-renewal there and check that it can be paid.`,
  }),
})

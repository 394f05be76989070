import { defineCheck } from '../define.ts'
import { judgeRegistration, registrarOf } from '../registration.ts'

export default defineCheck({
  id: 'domain/registration-not-about-to-lapse',
  title: 'The registration of the domain lasts for another week',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 9083 §4.5'],
  needs: ['registration', 'clock'],
  requires: 'thirdParties',
  judge: (_domain, { registration, clock: { now } }) => judgeRegistration(registration, now, 7),
  messages: {
    failed: 'The registration of {domain} ends on {date}, in {days} d',
    lapsed: 'The registration of {domain} ended on {date}, {days} d ago',
  },
  explain: `When a registration ends, the registry takes the domain out of the DNS: mail is returned, and nothing that lies under the
    domain can be reached. Some weeks later anyone may register it, and receives what is sent to you.`,
  remedy: (_domain, { registration }, _args, _scope, code) => ({
    text: code === 'lapsed'
      ? `Ask ${registrarOf(registration)} today whether ${registration.name} can still be renewed or restored.`
      : `Renew ${registration.name} at ${registrarOf(registration)} now.`,
  }),
})

import { authMechanisms } from '../../syntax/smtp.ts'
import type { HeldService } from '../../probes/session-sets.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices } from '../found-services.ts'
import { offerTo } from '../offer.ts'

const here = ['submissions', 'submission'] as const

export default defineCheck({
  id: 'submission/auth-offered',
  title: 'Submission lets people log in: EHLO over TLS lists AUTH',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 6409 §4.3', 'RFC 4954 §3'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, here),
  nothing: 'no submission service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, here),
  judge(held, { serviceSessions }) {
    const offer = offerTo(held)
    if (offer.state === 'aside') return offer.because
    if (offer.state === 'refused') return skip(`the server answers EHLO with "${offer.line}"`)
    if (!offer.overTls) return skip('TLS is not offered')
    if (authMechanisms(offer.offer).length > 0) return pass
    const other = foundServices(serviceSessions, here).find(letsIn)
    if (held.endpoint.source === 'guess' && other) return skip(`${other.name} offers it`)
    return fail('failed', { endpoint: held.name }, ...linesSeen(held, offer.offer))
  },
  messages: {
    failed: '{endpoint} offers no AUTH: nobody can log in to send',
  },
  explain: `A server takes mail for the whole world only from people that it knows. Without a login it refuses what they send to
    others, or, worse, sends for everybody.`,
  remedy: ({ endpoint: { host, port } }) => ({
    text: `Enable AUTH on ${host}, port ${port} (Postfix: smtpd_sasl_auth_enable = yes, and a SASL service such as Dovecot's).`,
  }),
})

function letsIn(held: HeldService): boolean {
  const offer = offerTo(held)
  return offer.state === 'offered' && offer.overTls && authMechanisms(offer.offer).length > 0
}

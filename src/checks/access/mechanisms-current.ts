import type { HeldService } from '../../probes/session-sets.ts'
import type { Reply } from '../../probes/session.ts'
import { imapCapabilities, imapMechanisms } from '../../syntax/imap.ts'
import { apopTimestamp, pop3Capabilities } from '../../syntax/pop3.ts'
import { authMechanisms } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices, userServices } from '../found-services.ts'
import { offersOf, offerTo } from '../offer.ts'

/** Broken digests, and servers must keep passwords readable for them (RFC 6331, RFC 6151). */
const outdated: readonly string[] = ['CRAM-MD5', 'DIGEST-MD5', 'NTLM']

export default defineCheck({
  id: 'access/mechanisms-current',
  title: 'No outdated way to log in is offered',
  severity: 'warning',
  question: 'access',
  rfc: ['RFC 6331', 'RFC 6151', 'RFC 7677', 'RFC 7628', 'RFC 4616'],
  needs: ['serviceSessions'],
  over: ({ serviceSessions }) => foundServices(serviceSessions, userServices),
  nothing: 'no submission, IMAP or POP3 service is known',
  hidden: ({ serviceSessions }) => hiddenServices(serviceSessions, userServices),
  judge(held) {
    const { inClear = [], overTls = [] } = offersOf(held.session)
    const offered = [...mechanismsIn(held, inClear), ...mechanismsIn(held, overTls)]
    const mechanisms = [...new Set(offered.filter(name => outdated.includes(name)))]
    const greeting = held.session.greeting ?? []
    if (held.session.protocol === 'pop3' && apopTimestamp(greeting[0] ?? '') !== null) mechanisms.push('APOP')
    if (mechanisms.length > 0) {
      const lines = [...greeting, ...inClear, ...overTls].filter(line => tells(line, mechanisms))
      return fail('failed', { endpoint: held.name, mechanisms }, ...linesSeen(held, [...new Set(lines)]))
    }
    const offer = offerTo(held)
    if (offer.state === 'aside') return offer.because
    return offer.state === 'offered' ? pass : skip(`the server does not say how it takes passwords: "${offer.line}"`)
  },
  messages: {
    failed: '{endpoint} offers {mechanisms}',
  },
  explain: `They hide the password on the way with methods that are broken, and the server has to keep all passwords readable for
    them: who steals its files has every account. Inside TLS, PLAIN or SCRAM-SHA-256 does better.`,
  remedy: ({ endpoint: { host, port } }, _facts, { mechanisms }) => ({
    text: `Remove ${Array.isArray(mechanisms) ? mechanisms.join(', ') : ''} from the mechanisms on ${host}, port ${port} (Dovecot: auth_mechanisms = plain login), `
      + 'after setting mail programs that use them to "normal password" over TLS.',
  }),
})

function mechanismsIn({ session: { protocol } }: HeldService, offer: Reply): readonly string[] {
  switch (protocol) {
    case 'smtp': return authMechanisms(offer)
    case 'imap': return imapMechanisms(imapCapabilities(offer))
    case 'pop3': return (pop3Capabilities(offer).get('SASL') ?? []).map(name => name.toUpperCase())
  }
}

function tells(line: string, mechanisms: readonly string[]): boolean {
  const upper = line.toUpperCase()
  return mechanisms.some(name => (name === 'APOP' ? apopTimestamp(line) !== null : upper.includes(name)))
}

/** Is a service there at all: an address to connect to, an open port, a greeting? One judgement for three protocols. */
import type { HeldService } from '../probes/session-sets.ts'
import { fail, skip, type Fail, type Skip, type Unknown } from './define.ts'
import { eventSeen, linesSeen } from './evidence.ts'
import { perhapsThere, type Unresolved } from './found-services.ts'
import { greetingOf } from './opening.ts'
import { resolutionOf } from './resolution.ts'

export const unreachableMessages = {
  failed: '{endpoint}: connection refused',
  'timed-out': '{endpoint}: no answer, while others answer on this port',
  'no-address': '{endpoint}: the host has no address',
  handshake: '{endpoint}: the TLS handshake fails ({alert})',
  greeting: '{endpoint}: greets with "{reply}"',
} as const

type Unreachable =
  | Skip | Unknown
  | Fail<'failed' | 'timed-out' | 'no-address', { readonly endpoint: string }>
  | Fail<'handshake', { readonly endpoint: string; readonly alert: string }>
  | Fail<'greeting', { readonly endpoint: string; readonly reply: string }>

/** Null: it greets as it should. */
export function judgeReachable(subject: HeldService | Unresolved): Unreachable | null {
  if (!('session' in subject)) {
    return perhapsThere(subject) ?? fail('no-address', { endpoint: subject.name }, ...resolutionOf(subject.addresses).evidence)
  }
  const { name: endpoint, endpoint: { source }, session } = subject
  const greeted = greetingOf(subject)
  if (greeted.state === 'greeted') return null
  if (source === 'guess') return skip('nobody declares this service here: the host is only a customary name')
  switch (greeted.state) {
    case 'undecided': return greeted.because
    case 'closed': return fail(greeted.how === 'refused' ? 'failed' : 'timed-out', { endpoint }, ...greeted.evidence)
    case 'no-tls': {
      const { detail: alert } = greeted.failure
      return fail('handshake', { endpoint, alert }, eventSeen(session, `TLS handshake: ${alert}`))
    }
    case 'refused': return fail('greeting', { endpoint, reply: greeted.line }, ...linesSeen(session, greeted.reply))
  }
}

/** What to do about a service that is not there. `title` is what people call it. */
export function reachableRemedy(subject: HeldService | Unresolved, title: string, code: string): { text: string } {
  const { host, port } = 'session' in subject ? subject.endpoint : subject
  switch (code) {
    case 'no-address':
      return { text: `Publish an A or AAAA record for ${host}, or correct the host name in ${whoNames(subject)}.` }
    case 'handshake':
      return { text: `Repair the TLS configuration of ${title} on ${host}, port ${port}: its log says what is wrong with the certificate or the key.` }
    case 'greeting':
      return { text: `Look which program listens on ${host}, port ${port}: it does not greet as ${title} does.` }
    default: {
      const address = 'session' in subject ? ` [${subject.endpoint.address}]` : ''
      return { text: `Start ${title} on ${host}${address} and open TCP port ${port} there, or correct ${whoNames(subject)}.` }
    }
  }
}

const naming = {
  config: 'the configuration that names it', srv: 'the SRV record that names it', autoconfig: 'the autoconfig file that names it',
  autodiscover: 'the autodiscover response that names it', guess: 'whatever names it',
} as const

function whoNames(subject: HeldService | Unresolved): string {
  return naming['session' in subject ? subject.endpoint.source : subject.source]
}

/**
 * Does a service that exists also speak TLS from the first octet (RFC 8314 §3)? It exists where somebody declares it, or
 * where its STARTTLS twin answers; a customary name at which neither port answers says nothing.
 */
import type { HeldService, ServiceSessionsFacts } from '../probes/session-sets.ts'
import type { ServiceName } from '../services.ts'
import { fail, pass, skip, type Evidence, type Fail, type Pass, type Skip, type Unknown } from './define.ts'
import { eventSeen, linesSeen } from './evidence.ts'
import { foundServices } from './found-services.ts'
import { greetingOf, type Obstacle } from './opening.ts'

export interface Twins {
  readonly implicit: ServiceName
  readonly upgraded: ServiceName
}

export function implicitEndpoints(facts: ServiceSessionsFacts, { implicit, upgraded }: Twins): HeldService[] {
  const standing = facts.sessions.filter(held => held.endpoint.service === upgraded && greets(held))
  const found = new Set(foundServices(facts, [implicit]))
  return facts.sessions.filter(held => held.endpoint.service === implicit
    && (found.has(held) || standing.some(twin => sameMachine(held, twin))))
}

export function judgeImplicit(
  held: HeldService, facts: ServiceSessionsFacts, { implicit, upgraded }: Twins,
): Pass | Skip | Unknown | Fail<'failed', { readonly host: string }> {
  const greeted = greetingOf(held)
  if (greeted.state === 'greeted') return pass
  if (greeted.state === 'undecided') return greeted.because
  const other = facts.sessions.find(({ endpoint: { service }, ...rest }) => service === implicit && greets(rest))
  if (held.endpoint.source === 'guess' && other) return skip(`${other.name} offers it`)
  const twin = facts.sessions.find(candidate => candidate.endpoint.service === upgraded && sameMachine(held, candidate) && greets(candidate))
  const exists = twin ? linesSeen(twin, twin.session.greeting ?? []) : []
  return fail('failed', { host: held.endpoint.host }, ...obstacleSeen(held, greeted), ...exists)
}

function obstacleSeen(held: HeldService, obstacle: Exclude<Obstacle, { state: 'undecided' }>): readonly Evidence[] {
  switch (obstacle.state) {
    case 'closed': return obstacle.evidence
    case 'no-tls': return [eventSeen(held, `TLS handshake: ${obstacle.failure.detail}`)]
    case 'refused': return linesSeen(held, obstacle.reply)
  }
}

function greets(held: Pick<HeldService, 'session' | 'egress'>): boolean {
  return greetingOf(held).state === 'greeted'
}

function sameMachine(a: HeldService, b: HeldService): boolean {
  return a.endpoint.host === b.endpoint.host && a.endpoint.address === b.endpoint.address
}

/**
 * Which endpoints deserve a verdict: those that somebody declared (configuration, SRV), and customary names at which
 * somebody answers. A guess that does not answer is nobody's fault but the guesser's.
 */
import type { HeldService, ServiceSessionsFacts } from '../probes/session-sets.ts'
import type { Failure } from '../network/network.ts'
import { unknown, unknownBecause, type Unknown } from './define.ts'
import type { ServiceName } from '../services.ts'
import { reachOf } from './reachability.ts'
import { resolutionOf } from './resolution.ts'

export type Unresolved = ServiceSessionsFacts['unresolved'][number]

export const readingServices = ['imaps', 'imap', 'pop3s', 'pop3'] as const satisfies readonly ServiceName[]
export const userServices: readonly ServiceName[] = ['submissions', 'submission', ...readingServices]

export function foundServices({ sessions }: ServiceSessionsFacts, services: readonly ServiceName[]): HeldService[] {
  return sessions.filter(held => services.includes(held.endpoint.service) && (held.endpoint.source !== 'guess' || answers(held)))
}

/** Declared hosts that have no address to connect to. */
export function unresolvedServices({ unresolved }: ServiceSessionsFacts, services: readonly ServiceName[]): Unresolved[] {
  return unresolved.filter(({ service }) => services.includes(service))
}

/** Why a declared host without an endpoint may be there all the same; null when it has no address at all. */
export function perhapsThere({ host, service, addresses }: Unresolved): Unknown | null {
  const found = resolutionOf(addresses)
  if (found.problem) return unknownBecause(found.problem)
  if (found.addresses.length === 0) return null
  return unknown('endpoint-unknown', `${host} has no public address, and at ${found.addresses.join(', ')} there is another machine in every network. `
    + `If it is one of yours here, declare it as "services: { ${service}: ${host} }" in the configuration`)
}

/** The SRV lookup that may have hidden such a service. */
export function hiddenServices({ hidden }: ServiceSessionsFacts, services: readonly ServiceName[]): Failure | null {
  return hidden.find(({ service }) => services.includes(service))?.problem ?? null
}

function answers({ session, egress }: HeldService): boolean {
  return reachOf(session, egress).state === 'accepted'
}

/**
 * Which endpoints deserve a verdict: those that somebody declared (configuration, SRV), and customary names at which
 * somebody answers. A guess that does not answer is nobody's fault but the guesser's.
 */
import type { HeldService, ServiceSessionsFacts } from '../probes/session-sets.ts'
import type { Failure } from '../network/network.ts'
import type { ServiceName } from '../services.ts'
import { reachOf } from './reachability.ts'

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

/** The SRV lookup that may have hidden such a service. */
export function hiddenServices({ hidden }: ServiceSessionsFacts, services: readonly ServiceName[]): Failure | null {
  return hidden.find(({ service }) => services.includes(service))?.problem ?? null
}

function answers({ session, egress }: HeldService): boolean {
  return reachOf(session, egress).state === 'accepted'
}

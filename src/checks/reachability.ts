/**
 * Does a port accept connections? A refusal is the server's own word. Silence is that only when somebody else accepted this
 * port over this family in the same run (DESIGN §16.7): otherwise the network here may be what swallows the connection.
 */
import type { EgressFacts } from '../probes/egress.ts'
import type { SessionFacts } from '../probes/session.ts'
import type { Outcome } from '../network/network.ts'
import { unknown, unknownBecause, type Evidence, type Unknown } from './define.ts'
import { eventSeen } from './evidence.ts'

export type Reach =
  | { readonly state: 'accepted' }
  | { readonly state: 'closed'; readonly how: 'refused' | 'timed-out'; readonly evidence: readonly Evidence[] }
  | { readonly state: 'undecided'; readonly because: Unknown }

/** `egress` is looked at only when the connection timed out. */
export function reachOf(session: Pick<SessionFacts, 'name' | 'connected' | 'failure'>, egress: Outcome<EgressFacts> | null): Reach {
  const { failure } = session
  if (!failure || failure.stage !== 'connect' || session.connected !== undefined) return { state: 'accepted' }
  if (failure.event === 'refused') return { state: 'closed', how: 'refused', evidence: [eventSeen(session, 'connect: refused')] }
  if (failure.event !== 'timeout' || failure.reason !== 'connect-timeout') {
    return { state: 'undecided', because: unknownBecause(failure) }
  }
  const accepted = egress && 'value' in egress ? egress.value.accepted[0] : undefined
  if (accepted === undefined) {
    const blocked = egress && 'value' in egress && egress.value.blocked ? egress.value : null
    const because = blocked ? unknown('local-egress-blocked', `no vantage host answers on port ${blocked.port} over IPv${blocked.family} either`)
      : unknown('connect-timeout', failure.detail)
    return { state: 'undecided', because }
  }
  const elsewhere = eventSeen({ name: accepted }, 'connect: accepted')
  return { state: 'closed', how: 'timed-out', evidence: [eventSeen(session, 'connect: timeout'), elsewhere] }
}

/** The words for a closed port, where several are listed in one line. */
export const closedHow = { refused: 'connection refused', 'timed-out': 'no answer' } as const

/**
 * The time at which a run judges: certificates end and keys age by it. Asked once, so that every check of a run sees the
 * same moment, and so that a replay sees the moment of the recording.
 */
import type { ProbeContext } from './index.ts'

export interface ClockFacts {
  /** RFC 3339, UTC. */
  readonly now: string
}

export function probeClock({ network }: ProbeContext): Promise<ClockFacts> {
  return Promise.resolve({ now: network.now().toISOString() })
}

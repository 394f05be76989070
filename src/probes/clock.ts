/**
 * The time at which a run judges: certificates end and keys age by it. Asked once, so that every check of a run sees the
 * same moment, and so that a replay sees the moment of the recording. A clock that is wrong would make a fault of what is in
 * order, so it is held against the root of the DNS, whose signatures are made anew every day and last for two weeks.
 */
import { NetworkFailure, outcome } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'
import type { ProbeContext } from './index.ts'
import { zoneOf } from './zone.ts'

export interface ClockFacts {
  /** RFC 3339, UTC. */
  readonly now: string
}

/** Milliseconds: a resolver may keep a signature for a while after it ended. */
const slack = 86_400_000

/** Rejects with `NetworkFailure` where the root's signatures show that the clock is wrong; where there are none, it is believed. */
export async function probeClock({ network }: ProbeContext): Promise<ClockFacts> {
  const now = network.now()
  const root = await outcome(zoneOf(network, ''))
  const soa = 'value' in root ? root.value.soa : root
  const signatures = 'value' in soa ? soa.value.signatures.filter(({ data: { signer, covers, inception, expiration } }) => signer === '' && covers === 'SOA' && inception < expiration) : []
  const [first] = signatures
  if (first && !signatures.some(one => isInForce(one, now))) {
    const { inception, expiration } = first.data
    const detail = `it says ${shown(now.getTime())}, and the root of the DNS is signed from ${shown(inception * 1000)} to ${shown(expiration * 1000)}`
    throw new NetworkFailure({ event: 'unavailable', reason: 'clock-wrong-here', detail })
  }
  return { now: now.toISOString() }
}

function isInForce({ data: { inception, expiration } }: DnsRecord<'RRSIG'>, now: Date): boolean {
  return now.getTime() >= inception * 1000 - slack && now.getTime() <= expiration * 1000 + slack
}

/** `2026-11-22` */
function shown(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

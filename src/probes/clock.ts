/**
 * The time at which a run judges: certificates end and keys age by it. Asked once, so that every check of a run sees the
 * same moment, and so that a replay sees the moment of the recording. A clock that is wrong would make a fault of what is in
 * order, so it is held against the root of the DNS, whose signatures are made anew every day and last for two weeks.
 */
import { NetworkFailure, outcome, type Answer, type Network, type Outcome } from '../network/network.ts'
import type { DnsRecord } from '../syntax/record.ts'
import type { ProbeContext } from './index.ts'
import { zoneOf } from './zone.ts'

export interface ClockFacts {
  /** RFC 3339, UTC. */
  readonly now: string
}

/**
 * Milliseconds by which the clock must lie outside: a year. What forgets the time is further off; less may be a root of one's own,
 * signed once and for all, or a clock that somebody has put forward to see what will come.
 */
const slack = 365 * 86_400_000
/** Milliseconds: nobody waits longer for a root that a network may not have. */
const patience = 2000

/** Rejects with `NetworkFailure` where the root's signatures show that the clock is wrong; where there are none, it is believed. */
export async function probeClock({ network }: ProbeContext): Promise<ClockFacts> {
  const now = network.now()
  const soa = await rootSoa(network)
  const signatures = soa && 'value' in soa ? soa.value.signatures.filter(({ data: { signer, covers, inception, expiration } }) => signer === '' && covers === 'SOA' && inception < expiration) : []
  const [first] = signatures
  if (first && !signatures.some(one => isInForce(one, now))) {
    const { inception, expiration } = first.data
    const detail = `it says ${shown(now.getTime())}, and the root of the DNS is signed from ${shown(inception * 1000)} to ${shown(expiration * 1000)}`
    throw new NetworkFailure({ event: 'unavailable', reason: 'clock-wrong-here', detail })
  }
  return { now: now.toISOString() }
}

/** Null where it is not to be had in time. */
async function rootSoa(network: Network): Promise<Outcome<Answer<'SOA'>> | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => (timer = setTimeout(resolve, patience, null)))
  const root = await Promise.race([outcome(zoneOf(network, '')), late])
  clearTimeout(timer)
  return root && 'value' in root ? root.value.soa : root
}

function isInForce({ data: { inception, expiration } }: DnsRecord<'RRSIG'>, now: Date): boolean {
  return now.getTime() >= inception * 1000 - slack && now.getTime() <= expiration * 1000 + slack
}

/** `2026-11-22` */
function shown(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/**
 * Reverse DNS: which names an address has (PTR, RFC 1035 §3.5), and whether these names have the address in turn. Receivers
 * ask both of every stranger ("iprev", RFC 8601 §3): the owner of the address writes the PTR, the owner of the name the A or
 * AAAA, and only together are they a name that somebody answers for.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { reverseName } from '../syntax/reverse-name.ts'
import type { AddressFacts } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { SendingAddress } from './senders.ts'

export interface ReverseFacts extends Subject {
  /** The address. */
  readonly name: string
  readonly ptr: Outcome<Answer<'PTR'>>
  /** What the names of the PTR records lead to. */
  readonly names: readonly AddressFacts[]
}

/** RFC 7208 §4.6.4 lets receivers look at ten; few hosts have more than one. */
const mostNames = 10

export async function probeReverse({ network, facts }: ProbeContext, { name }: SendingAddress): Promise<ReverseFacts> {
  const ptr = await outcome(network.query({ name: reverseName(name) ?? name, type: 'PTR' }))
  const names = 'value' in ptr ? ptr.value.records.slice(0, mostNames).map(({ data }) => data.host) : []
  return { name, ptr, names: await Promise.all(names.map(host => facts.get('addresses', { name: host }))) }
}

/**
 * The hosts behind SPF: those that its mx terms lead to, with their addresses, and those that send as the domain, with the
 * record that their own name has. Mail without a sender (bounces) is judged by the name in EHLO alone (RFC 7208 §2.4).
 */
import { placesOf } from '../evaluate/spf-limits.ts'
import { isBelow } from '../evaluate/spf-validated-names.ts'
import { outcome, type Answer, type Failure, type Outcome } from '../network/network.ts'
import { addressOctets } from '../syntax/address.ts'
import { reverseName } from '../syntax/reverse-name.ts'
import type { AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'
import type { SendingAddress } from './senders.ts'

export interface SendingHost {
  readonly name: string
  /** The address that it sends from. */
  readonly address: string
  readonly answer: Outcome<Answer<'TXT'>>
}

export interface SendingHostsFacts {
  /** Those below the domain's organizational domain. */
  readonly own: readonly SendingHost[]
  /** The names of the others, whose owners answer for them. */
  readonly others: readonly string[]
  /** What may hide one of the domain's own. */
  readonly problem: Failure | null
}

/** Names that are looked up; nobody has more MX hosts that count (§4.6.4). */
const most = 20

export async function probeSpfMxHosts({ facts }: ProbeContext): Promise<readonly AddressFacts[]> {
  const spf = await facts.get('spf')
  const records = [...placesOf(spf)].flatMap(({ branch: { mx } }) => mx && 'value' in mx ? mx.value.records : [])
  const hosts = [...new Set(records.map(({ data }) => data.exchange))].filter(host => host !== '').toSorted()
  return Promise.all(hosts.slice(0, 2 * most).map(name => facts.get('addresses', { name })))
}

export async function probeSendingHosts(context: ProbeContext): Promise<SendingHostsFacts> {
  const { facts, network, scope: { domain } } = context
  const [{ organizationalDomain }, { addresses, undecided, problem }] = await Promise.all([facts.get('spf'), facts.get('sendingAddresses')])
  const named = await Promise.all(addresses.map(address => namesOf(context, address)))
  const failed = named.find(found => 'problem' in found)
  const hosts = new Map(named.flatMap(found => 'value' in found ? found.value : []).map(host => [host.name, host] as const))
  const isOwn = (name: string): boolean => name === organizationalDomain || isBelow(name, organizationalDomain)
  const own = [...hosts.values()].filter(({ name }) => isOwn(name) && name !== domain).slice(0, most)
  return {
    own: await Promise.all(own.map(async host => ({ ...host, answer: await outcome(network.query({ name: host.name, type: 'TXT' })) }))),
    others: [...hosts.keys()].filter(name => !isOwn(name)),
    problem: undecided.some(isOwn) ? problem : failed && 'problem' in failed ? failed.problem : null,
  }
}

/** An MX host is known by its name; a declared address by what its reverse DNS says. */
async function namesOf({ network }: ProbeContext, { name: address, host }: SendingAddress): Promise<Outcome<{ name: string; address: string }[]>> {
  if (host !== null) return { value: [{ name: host, address }] }
  const octets = addressOctets(address)
  if (!octets) return { value: [] }
  const answer = await outcome(network.query({ name: reverseName(octets), type: 'PTR' }))
  if ('problem' in answer) return answer
  return { value: answer.value.records.map(({ data }) => ({ name: data.host, address })) }
}

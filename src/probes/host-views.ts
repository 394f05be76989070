/**
 * Split views (RFC 6950 §4): inside a network the resolver may give a mail host another address than the rest of the world gets. Where
 * an address leads nowhere for others, or there is none, the zone's own name server is asked what it says.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import type { ProbeContext, Subject } from './index.ts'
import { authorities } from './nameservers.ts'

/** What the zone's own server says of a host. */
export interface HostView extends Subject {
  /** The address of the name server. */
  readonly server: string
  readonly v4: Outcome<Answer<'A'>>
  readonly v6: Outcome<Answer<'AAAA'>>
}

/** Of MX hosts in the domain's own zone, and only of those that look odd from here. */
export async function probeHostViews({ network, facts }: ProbeContext): Promise<readonly HostView[]> {
  const odd = (await facts.get('mxAddresses')).filter(({ v4, v6 }) => {
    if ('problem' in v4 || 'problem' in v6) return false
    const addresses = [...v4.value.records, ...v6.value.records].map(({ data }) => data.address)
    return addresses.length === 0 || addresses.some(address => specialPurposeBlock(address) !== null)
  })
  if (odd.length === 0) return []
  const { hosts, zone } = await facts.get('nameservers')
  const [server] = authorities(hosts, zone)
  if (!server) return []
  const within = odd.filter(({ name }) => name === zone || name.endsWith(`.${zone}`))
  return Promise.all(within.map(async ({ name }) => {
    const [v4, v6] = await Promise.all([
      outcome(network.query({ name, type: 'A', server: server.address })),
      outcome(network.query({ name, type: 'AAAA', server: server.address })),
    ])
    return { name, server: server.address, v4, v6 }
  }))
}

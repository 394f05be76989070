/**
 * TLSA (RFC 6698; for SMTP RFC 7672 §2.2): at _25._tcp.HOST a host says which certificate or key it shows on port 25. An MX
 * host that is an alias may say so under the name that it leads to as well; senders look there first.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import type { AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'
import type { MxHost } from './mx.ts'

/** An MX host, its addresses, and what it says of its certificates. */
export interface MxHostTlsa extends AddressFacts {
  readonly mx: MxHost
  /** In the order in which senders look: the name that an alias leads to, then the host's own. */
  readonly lookups: readonly TlsaLookup[]
  /** Is the alias itself secure, where what it leads to is not (RFC 7672 §2.2.2)? Null: there is none, or no need to know. */
  readonly alias: Outcome<Answer<'CNAME'>> | null
}

export interface TlsaLookup {
  /** The TLSA base domain. */
  readonly base: string
  /** `_25._tcp.mx1.example.com` */
  readonly name: string
  readonly answer: Outcome<Answer<'TLSA'>>
}

export async function probeMxTlsa(context: ProbeContext): Promise<readonly MxHostTlsa[]> {
  const { hosts } = await context.facts.get('mx')
  return Promise.all(hosts.map(mx => probeHost(context, mx)))
}

async function probeHost(context: ProbeContext, mx: MxHost): Promise<MxHostTlsa> {
  const { network, facts } = context
  const own = lookUp(context, mx.name)
  const addresses = await facts.get('addresses', mx)
  const answers = [addresses.v4, addresses.v6].flatMap((answer): Answer[] => 'value' in answer ? [answer.value] : [])
  const target = answers.flatMap(({ aliases }) => aliases).at(-1)?.data.target
  if (target === undefined) return { ...addresses, mx, lookups: [await own], alias: null }
  const insecure = answers.some(({ secure }) => !secure)
  const [there, here, alias] = await Promise.all([
    lookUp(context, target), own, insecure ? outcome(network.query({ name: mx.name, type: 'CNAME' })) : null,
  ])
  return { ...addresses, mx, lookups: [there, here], alias }
}

async function lookUp({ network }: ProbeContext, base: string): Promise<TlsaLookup> {
  const name = `_25._tcp.${base}`
  return { base, name, answer: await outcome(network.query({ name, type: 'TLSA' })) }
}

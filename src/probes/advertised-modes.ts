/**
 * What is advertised against what is spoken: TLS from the first octet, or a greeting in clear that TLS may follow. A server
 * speaks one of them on a port; where it does not speak the one that is advertised, it is asked in the other.
 */
import type { TlsMode } from '../services.ts'
import { endpointName, outcome, type Endpoint } from '../network/network.ts'
import { addressesOf, familyOf, leadsAstray } from './addresses.ts'
import { accepted } from './converse.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { Advertised } from './published-servers.ts'
import { probeOtherwise, probeService } from './service-sessions.ts'
import type { ServiceFacts } from './services.ts'
import type { ServiceSession } from './session.ts'

export interface AdvertisedServerProbe extends Subject {
  readonly advertised: Advertised
  /** Spoken to as advertised; null when the other manner is what it speaks, or when there is no address to ask. */
  readonly asAdvertised: ServiceSession | null
  /** Spoken to in the other manner; null when there was no need. */
  readonly otherwise: ServiceSession | null
  /** In a report the dialogues stand once, under `service`, or not at all. */
  toJSON(): object
}

/** Distinct servers; nobody advertises so many. */
const mostServers = 24

export async function probeAdvertisedModes(context: ProbeContext): Promise<readonly AdvertisedServerProbe[]> {
  const services = await context.facts.get('services')
  const distinct = new Map(services.advertised.toReversed().map(one => [`${one.source} ${one.name} ${one.mode}`, one])).values()
  return Promise.all([...distinct].toReversed().slice(0, mostServers).map(async advertised => {
    const sessions = await askBoth(context, services, advertised)
    return { name: advertised.name, advertised, ...sessions, toJSON: () => ({
      name: advertised.name, asAdvertised: sessions.asAdvertised?.name ?? null, otherwise: sessions.otherwise?.name ?? null,
    }) }
  }))
}

async function askBoth(
  context: ProbeContext, services: ServiceFacts, advertised: Advertised,
): Promise<Pick<AdvertisedServerProbe, 'asAdvertised' | 'otherwise'>> {
  const address = await addressOf(context, services, advertised)
  if (address === undefined) return { asAdvertised: null, otherwise: null }
  const { host, port, service, mode } = advertised
  const at = (tls: TlsMode): Endpoint => ({ host, address, port, tls })
  const listed = services.endpoints.find(endpoint => endpoint.name === endpointName(at('implicit')))
  const ask = (tls: TlsMode): Promise<ServiceSession> => (listed?.tls === tls ? probeService(context, listed) : probeOtherwise(context, at(tls), service))
  const promised = mode === 'implicit' ? 'implicit' : 'starttls'
  const other = mode === 'implicit' ? 'starttls' : 'implicit'
  // Where the port says better than the advertisement what is spoken there, a wait for a greeting that never comes is spared.
  if (listed?.tls === other) {
    const session = await ask(other)
    if (speaks(session)) return { asAdvertised: null, otherwise: session }
    return { asAdvertised: await ask(promised), otherwise: session }
  }
  const session = await ask(promised)
  return { asAdvertised: session, otherwise: accepted(session) && !speaks(session) ? await ask(other) : null }
}

/** It is the manner in which the server was addressed: with TLS there is TLS, in clear there is a greeting. */
function speaks({ endpoint, tls, greeting }: ServiceSession): boolean {
  return endpoint.tls === 'implicit' ? tls !== undefined : greeting !== undefined
}

/** One of its addresses is enough: they are to be alike, and what else may ail them has checks of its own. */
async function addressOf({ facts, scope }: ProbeContext, { endpoints }: ServiceFacts, { host, port }: Advertised): Promise<string | undefined> {
  const listed = endpoints.filter(endpoint => endpoint.host === host && endpoint.port === port)
  for (const endpoint of listed) if (accepted(await facts.get('service', endpoint))) return endpoint.address
  if (listed[0]) return listed[0].address
  const found = await outcome(facts.get('addresses', { name: host }))
  return 'value' in found ? addressesOf(found.value).find(address => !leadsAstray(address) && scope.families.includes(familyOf(address))) : undefined
}

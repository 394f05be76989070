/**
 * Can this port be reached from here at all, over this address family? Somebody accepted it, in this run: another endpoint
 * of the domain, or a vantage host. Only then does a timeout speak of the server (DESIGN §16.7).
 */
import { isIP } from 'node:net'
import { outcome, type Endpoint } from '../network/network.ts'
import type { VantageHost } from '../scope.ts'
import { familyOf, type MxEndpoint } from './addresses.ts'
import { accepted, brief, knock } from './converse.ts'
import type { ProbeContext } from './index.ts'
import type { ServiceEndpoint } from './services.ts'
import type { SessionFacts, SmtpFacts } from './session.ts'
import type { Script } from './sessions.ts'
import { probeSmtp } from './smtp.ts'

export interface EgressFacts {
  readonly port: number
  readonly family: 4 | 6
  /** Names of endpoints that accepted a connection on this port over this family; empty proves nothing. */
  readonly accepted: readonly string[]
  /** Vantage hosts were asked, and none of them could be reached from here on this port over this family. */
  readonly blocked: boolean
}

/** Strangers' hosts are asked sparingly. */
const vantageHosts = 3

/** Asks no further than it must: itself, then the domain's other endpoints, then the vantage hosts. */
export async function probeEgress(context: ProbeContext, endpoint: MxEndpoint | ServiceEndpoint): Promise<EgressFacts> {
  const { port } = endpoint
  const family = familyOf(endpoint.address)
  const own = await sessionWith(context, endpoint)
  if (accepted(own)) return { port, family, accepted: [endpoint.name], blocked: false }
  // a guess that does not answer is held against nobody, and a refusal speaks for itself
  if ('source' in endpoint && endpoint.source === 'guess') return { port, family, accepted: [], blocked: false }
  if (own.failure?.event !== 'timeout' && own.failure?.event !== 'unreachable') return { port, family, accepted: [], blocked: false }
  const alike = (await endpointsLike(context, endpoint)).filter(other =>
    other.port === port && familyOf(other.address) === family)
  const sessions = await Promise.all(alike.map(other => sessionWith(context, other)))
  const names = sessions.filter(accepted).map(({ name }) => name)
  if (names.length > 0) return { port, family, accepted: names, blocked: false }
  const strangers = await vantageSessions(context, port, family)
  return { port, family, accepted: strangers.filter(accepted).map(({ name }) => name), blocked: askVantage(strangers) === 'silent' }
}

function sessionWith({ facts }: ProbeContext, endpoint: MxEndpoint | ServiceEndpoint): Promise<SessionFacts> {
  return 'mx' in endpoint ? facts.get('smtp', endpoint) : facts.get('service', endpoint)
}

async function endpointsLike({ facts }: ProbeContext, endpoint: MxEndpoint | ServiceEndpoint): Promise<readonly (MxEndpoint | ServiceEndpoint)[]> {
  return 'mx' in endpoint ? facts.get('mxEndpoints') : (await facts.get('services')).endpoints
}

/** With the vantage hosts; one that was given with a port speaks of that port alone. */
export async function vantageSessions(context: ProbeContext, port: number, family: 4 | 6): Promise<readonly SmtpFacts[]> {
  const hosts = context.scope.vantage.filter(host => host.port === undefined || host.port === port).slice(0, vantageHosts)
  const sessions = await Promise.all(hosts.map(async host => {
    const address = await addressOf(context, host, family)
    if (address === undefined) return []
    const endpoint: Endpoint = { host: host.host, address, port, tls: 'starttls' }
    return [await context.sessions.hold(context.network, endpoint, port === 25 ? greetingScript(context.scope.ehloName) : knocking)]
  }))
  return sessions.flat()
}

/** What all of them say together. */
export function askVantage(sessions: readonly SmtpFacts[]): 'accepted' | 'refused' | 'silent' | 'no-route' | 'unknown' {
  const events = sessions.map(({ failure }) => failure)
  if (sessions.some(accepted)) return 'accepted'
  if (events.some(failure => failure?.event === 'refused')) return 'refused'
  if (events.length > 0 && events.every(failure => failure?.reason === 'no-ipv4-here' || failure?.reason === 'no-ipv6-here')) return 'no-route'
  if (events.length > 0 && events.every(failure => failure?.event === 'timeout' || failure?.reason === 'local-egress-blocked')) return 'silent'
  return 'unknown'
}

async function addressOf({ network }: ProbeContext, { host }: VantageHost, family: 4 | 6): Promise<string | undefined> {
  if (isIP(host) !== 0) return isIP(host) === family ? host : undefined
  const answer = await outcome(network.query({ name: host, type: family === 6 ? 'AAAA' : 'A' }))
  return 'value' in answer ? answer.value.records.map(({ data }) => data.address).toSorted()[0] : undefined
}

/** On port 25 a whole polite dialogue: whose certificate is shown tells whether somebody stands in between. */
function greetingScript(ehloName: string): Script<SmtpFacts> {
  return { name: `vantage as ${ehloName}`, run: (network, endpoint) => probeSmtp(network, endpoint, ehloName, brief) }
}

/** Once a run for each port and family, however many endpoints are in doubt. */
const knocking: Script<SmtpFacts> = {
  name: 'knock',
  run: (network, endpoint) => knock(network, endpoint, brief),
}

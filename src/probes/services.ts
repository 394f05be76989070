/**
 * Where people send and read their mail. Per service: the configuration file, else what the domain publishes, that is SRV
 * records (RFC 6186 §3, RFC 8314 §5.1; target "." means "not offered") and set-up files, else the customary names. A guess
 * that does not answer is no finding.
 */
import { isIP } from 'node:net'
import { endpointName, NetworkFailure, outcome, type Answer, type Endpoint, type Failure, type Network, type Outcome } from '../network/network.ts'
import { services, type ServiceName } from '../services.ts'
import type { AdvertisedService } from '../syntax/advertised-server.ts'
import type { Scope } from '../scope.ts'
import { addressesOf, familyOf, leadsAstray } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { MxFacts } from './mx.ts'
import { publishedServers, servedNames as names, servedThere, srvOwner, srvServers, twins, type Advertised } from './published-servers.ts'

/** How an endpoint came to be known; `guess` is a customary name, the others are somebody's declaration. */
export type Source = 'config' | 'srv' | 'autoconfig' | 'autodiscover' | 'guess'
type Declared = Exclude<Source, 'guess'>

export interface ServiceEndpoint extends Endpoint, Subject {
  readonly service: ServiceName
  readonly source: Source
}

export interface ServiceFacts {
  /** One for each (service, host, address); in the order of `services.ts`, then host, then address. */
  readonly endpoints: readonly ServiceEndpoint[]
  /**
   * Declared hosts without any address, and published ones without an address that is the same for everybody: nothing to connect
   * to. Also those of which one family could not be looked up: what stands at those addresses nobody knows.
   */
  readonly unresolved: readonly UnresolvedService[]
  /** Services that the domain says it does not offer (SRV target ".", or null in the configuration). */
  readonly notOffered: readonly ServiceName[]
  /** The SRV answers, by owner name. */
  readonly srv: Readonly<Record<string, Outcome<Answer<'SRV'>>>>
  /** What SRV records and set-up files advertise, the best of each first: also what the configuration overrides. */
  readonly advertised: readonly Advertised[]
}

export interface UnresolvedService extends Subject {
  /** `mail.example.com:993`. */
  readonly name: string
  readonly service: ServiceName
  readonly host: string
  readonly port: number
  readonly source: Declared
  /** What hid the addresses; absent when the DNS answered, for both families, that there are none. */
  readonly problem?: Failure
}

/** Hosts that one service's SRV records may name, and as many again its set-up files; more are bounded, not judged. */
const mostHosts = 4
/** Addresses of one declared host, and of one guessed host over each family. */
const declaredAddresses = 16
const guessedAddresses = 2

/** Labels that people give such hosts, the most telling first. */
const customary: Readonly<Record<AdvertisedService, readonly string[]>> = {
  submissions: ['smtp', 'mail'], submission: ['smtp', 'mail'],
  imaps: ['imap', 'mail'], imap: ['imap', 'mail'],
  pop3s: ['pop', 'pop3', 'mail'], pop3: ['pop', 'pop3', 'mail'],
}

interface Candidate<S extends Source = Source> {
  readonly service: AdvertisedService
  readonly host: string
  readonly port: number
  readonly source: S
}

/** Somebody's declaration; `none`: the service is not offered. Undefined: nobody says anything. */
type Declaration = readonly Candidate<Declared>[] | 'none' | undefined
type Declarations = Readonly<Record<AdvertisedService, Declaration>>

/** What the DNS, the configuration and custom say: known long before a web server has shown a file. */
export async function probeNamedServices(context: ProbeContext): Promise<ServiceFacts> {
  return assemble(context, await askSrv(context.network, context.scope.domain), [])
}

/** With what the set-up files say. */
export async function probeServices(context: ProbeContext): Promise<ServiceFacts> {
  const { facts } = context
  const [named, files] = await Promise.all([facts.get('namedServices'), outcome(facts.get('clientConfig'))])
  const published = 'value' in files ? publishedServers(files.value) : []
  return published.length === 0 ? named : assemble(context, named.srv, published)
}

async function assemble(context: ProbeContext, srv: ServiceFacts['srv'], published: readonly Advertised[]): Promise<ServiceFacts> {
  const { scope, facts } = context
  const mx = await outcome(facts.get('mx'))
  const advertised = [...srvServers(srv, scope.domain), ...published]
  const declarations = Object.fromEntries(names.map(name => [name, declarationOf(name, scope, srv, advertised)])) as Declarations
  const declared = names.map(name => declarations[name]).filter(Array.isArray).flat() as Candidate<Declared>[]
  const guesses = twins.flatMap(([implicit, upgraded]) => [
    ...guessesFor(implicit, upgraded, declarations, scope.domain, mx),
    ...guessesFor(upgraded, implicit, declarations, scope.domain, mx),
  ])
  const resolve = async <C extends Candidate>(candidate: C): Promise<Resolved<C>> => ({ candidate, ...await addressesFor(context, candidate.host) })
  const [known, guessed] = await Promise.all([Promise.all(declared.map(resolve)), Promise.all(guesses.map(resolve))])
  const silence = silenceOf([...known, ...guessed], srv)
  if (silence) throw new NetworkFailure(silence)
  return {
    endpoints: endpointsOf(known, guessed, scope),
    unresolved: known.filter(host => usable(host).length === 0 || host.hidden).map(unresolvedOf),
    notOffered: names.filter(name => declarations[name] === 'none'),
    srv,
    advertised,
  }
}

/** All at once: that nothing is published is a fact too. */
async function askSrv(network: Network, domain: string): Promise<Record<string, Outcome<Answer<'SRV'>>>> {
  const owners = names.map(name => srvOwner(name, domain))
  const answers = await Promise.all(owners.map(async owner =>
    [owner, await outcome(network.query({ name: owner, type: 'SRV' }))] as const))
  return Object.fromEntries(answers)
}

function declarationOf(
  service: AdvertisedService, { services: configured, domain }: Scope, srv: ServiceFacts['srv'], advertised: readonly Advertised[],
): Declaration {
  const own = configured[service]
  if (own === null) return 'none'
  if (own) return [{ service, host: own.host, port: own.port, source: 'config' }]
  // A record that names the port of another protocol is a slip of the pen: nobody is to be asked for POP3 in IMAP.
  const here = advertised.filter(one => (servedThere(one) ?? (one.source === 'srv' ? null : one.service)) === service)
    .map(({ host, port, source }): Candidate<Declared> => ({ service, host, port, source }))
  const best = [here.filter(({ source }) => source === 'srv'), here.filter(({ source }) => source !== 'srv')].flatMap(list => distinct(list).slice(0, mostHosts))
  if (best.length > 0) return distinct(best)
  const answer = srv[srvOwner(service, domain)]
  const records = answer && 'value' in answer ? answer.value.records : []
  // RFC 2782: a lone target "." means "decidedly not available"; beside hosts, and with port 0, a record means nothing
  return records.length > 0 && records.every(({ data: { target } }) => target === '') ? 'none' : undefined
}

/** One of each host and port, the first. */
function distinct<C extends Candidate>(candidates: readonly C[]): C[] {
  return [...new Map(candidates.toReversed().map(candidate => [`${candidate.host}:${candidate.port}`, candidate])).values()].toReversed()
}

/**
 * Where an undeclared service might be: beside its sibling, if that is declared (a plaintext port there is worth seeing), else
 * under the customary names and on the most preferred MX host.
 */
function guessesFor(
  service: AdvertisedService, sibling: AdvertisedService, declarations: Declarations, domain: string, mx: Outcome<MxFacts>,
): Candidate<'guess'>[] {
  if (declarations[service] !== undefined) return []
  const beside = declarations[sibling]
  const hosts = Array.isArray(beside)
    ? beside.map(({ host }: Candidate) => host)
    : [...customary[service].map(label => `${label}.${domain}`), ...mxGuess(mx)]
  return [...new Set(hosts)].map(host => ({ service, host, port: services[service].port, source: 'guess' }))
}

/** An implicit MX is a web server until it is seen to be more; behind a null MX there is nobody. */
function mxGuess(mx: Outcome<MxFacts>): string[] {
  if ('problem' in mx || mx.value.implicit) return []
  return mx.value.hosts.slice(0, 1).map(({ name }) => name)
}

interface Resolved<C extends Candidate> {
  readonly candidate: C
  readonly addresses: readonly string[]
  readonly problem?: Failure
  /** A family that this run is to use could not be looked up. */
  readonly hidden?: true
}

/** Of both families, whichever the run is bound to: a host with addresses of the other one exists. */
async function addressesFor({ facts, scope: { families } }: ProbeContext, host: string): Promise<Omit<Resolved<Candidate>, 'candidate'>> {
  if (isIP(host) !== 0) return { addresses: [host] }
  const found = await facts.get('addresses', { name: host })
  const { v4, v6 } = found
  const problem = 'problem' in v4 ? v4.problem : 'problem' in v6 ? v6.problem : undefined
  const hidden = ('problem' in v4 && families.includes(4)) || ('problem' in v6 && families.includes(6))
  return { addresses: addressesOf(found), ...(problem ? { problem } : {}), ...(hidden ? { hidden } : {}) }
}

/** Where to connect for it. What the user declares is meant, wherever it is; what the DNS says must not lead anywhere. */
function usable({ candidate: { source }, addresses }: Resolved<Candidate>): readonly string[] {
  return source === 'config' ? addresses : addresses.filter(address => !leadsAstray(address))
}

function endpointsOf(
  known: readonly Resolved<Candidate>[], guessed: readonly Resolved<Candidate>[], { families: wanted }: Scope,
): ServiceEndpoint[] {
  const reachable = (addresses: readonly string[]): string[] => addresses.filter(address => wanted.includes(familyOf(address)))
  // A host and port of which two services are declared is asked as the first of them: it is only one.
  const endpoints = [...new Map(known.flatMap(host => reachable(usable(host)).slice(0, declaredAddresses).map(address => endpointOf(host.candidate, address)))
    .toReversed().map(endpoint => [endpoint.name, endpoint])).values()].toReversed()
  const taken = new Set(endpoints.map(({ address, port }) => `${address} ${port}`))
  for (const { candidate, addresses } of guessed) {
    const fit = reachable(usable({ candidate, addresses }))
    const few = wanted.flatMap(family => fit.filter(address => familyOf(address) === family).slice(0, guessedAddresses))
    for (const address of few) {
      // several customary names of one machine are one endpoint, under the most telling name
      const key = `${address} ${candidate.port}`
      if (taken.has(key)) continue
      taken.add(key)
      endpoints.push(endpointOf(candidate, address))
    }
  }
  const position = (service: ServiceName): number => Object.keys(services).indexOf(service)
  return endpoints.toSorted((a, b) =>
    position(a.service) - position(b.service) || (a.host < b.host ? -1 : a.host > b.host ? 1 : familyOf(a.address) - familyOf(b.address)))
}

function endpointOf({ service, host, port, source }: Candidate, address: string): ServiceEndpoint {
  const endpoint: Endpoint = { host, address, port, tls: services[service].tls }
  return { name: endpointName(endpoint), ...endpoint, service, source }
}

/** Not one question about the services was answered: then it is unknown, not absent, where they are. */
function silenceOf(resolved: readonly Resolved<Candidate>[], srv: ServiceFacts['srv']): Failure | undefined {
  const problems = [...Object.values(srv).map(answer => ('problem' in answer ? answer.problem : undefined)), ...resolved.map(({ problem }) => problem)]
  return problems.every(problem => problem !== undefined) && resolved.every(({ addresses }) => addresses.length === 0) ? problems[0] : undefined
}

function unresolvedOf({ candidate, problem }: Resolved<Candidate<Declared>>): UnresolvedService {
  const { service, host, port, source } = candidate
  return { name: `${host}:${port}`, service, host, port, source, ...(problem ? { problem } : {}) }
}

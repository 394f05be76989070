/**
 * A world on loopback: a resolver, mail servers and web servers as the definitions say, over real UDP, TCP and TLS. Whoever
 * wants to live in it asks `resolver`, opens no address but those that `route` gives, and trusts `ca`.
 */
import { canonicalIpv6 } from '../syntax/address.ts'
import { worldShape, type ServerDefinition, type World, type WorldDefinition } from './definition.ts'
import { delegate, nameServersOf, type NameServer } from './delegations.ts'
import { startNameServer, startResolver, type RunningResolver } from './dns-server.ts'
import { DkimSigner } from './dkim-signer.ts'
import { Issuers } from './issuers.ts'
import { Listeners, loopback } from './listeners.ts'
import { Mailboxes } from './mailboxes.ts'
import { serviceHandler, servicePort } from './service.ts'
import { Signer } from './signer.ts'
import { fillTlsa, type NamedCertificate } from './tlsa-placeholder.ts'
import { WorldError } from './world-error.ts'
import { zonesOf } from './world-zones.ts'
import { Zones } from './zones.ts'

export interface WorldOptions {
  /**
   * Milliseconds of one round trip, for the bench: a DNS answer takes one; a TCP connection, the TLS 1.3 handshake and each
   * reply take one each, so that a greeting comes after two and an EHLO inside implicit TLS is answered after four. TLS 1.2
   * takes its second flight by itself. Refusals and name servers' ICMP come at once. 0 (the default): nothing is delayed.
   */
  readonly latency?: number
}

export interface DeclaredDomain {
  readonly about: string
  readonly selectors: readonly string[]
  readonly accounts?: readonly DeclaredAccount[] | undefined
  readonly senders?: readonly { readonly address: string; readonly mailFrom?: string | undefined; readonly dkim?: string | undefined }[] | undefined
}

export interface DeclaredAccount {
  readonly service: 'submission' | 'submissions' | 'imap' | 'imaps' | 'pop3' | 'pop3s'
  readonly user: string
  readonly password: string
  readonly mechanism?: string | undefined
}

/** What definitions say without being served. */
export interface DeclaredWorld {
  /** To be checked, in the order of the definitions. */
  readonly domains: readonly string[]
  /** What the owner of a domain would declare in the configuration. */
  readonly declared: Readonly<Record<string, DeclaredDomain>>
  /** Whom to ask about registrations and routes. */
  readonly thirdParties: NonNullable<World['thirdParties']>
}

export interface RunningWorld extends DeclaredWorld {
  readonly resolver: { readonly host: string; readonly port: number }
  /** Where an address of the world is really found; null for one that is not of the world. */
  readonly route: (address: string, port: number) => { address: string; port: number } | null
  /** All that `route` leads to. */
  readonly addresses: readonly string[]
  /** PEM of the world's public CA. */
  readonly ca: string
  /** Ends every server and every connection. */
  close(): Promise<void>
}

/** @throws WorldError for definitions that contradict themselves or each other. */
export async function startWorld(definitions: WorldDefinition | readonly WorldDefinition[], options: WorldOptions = {}): Promise<RunningWorld> {
  const { latency = 0 } = options
  const worlds = shaped(definitions)
  zonesOf(worlds) // its faults are told before anything is made
  const listeners = new Listeners(latency)
  try {
    const now = new Date()
    const issuers = await Issuers.create(now)
    const signer = new Signer(now)
    const post = { mail: new Mailboxes(), signer: new DkimSigner() }
    const zones = delegate(zonesOf(await Promise.all(worlds.map(async world => withKeys(await withTlsa(world, issuers), post.signer)))), signer)
    const routes = await openServers(worlds, issuers, now, listeners, post)
    const nameservers = await openNameServers(nameServersOf(worlds, zones, signer), routes, listeners, latency)
    const resolver = await startResolver(new Zones(zones, signer), listeners, latency)
    return {
      ...declarationsOf(worlds),
      resolver: { host: resolver.host, port: resolver.port },
      route: (address, port) => {
        const ports = routes.get(canonical(address))
        return ports ? { address: loopback, port: ports.get(port) ?? ports.refused } : null
      },
      addresses: [...routes.keys()],
      ca: issuers.anchor,
      close: async () => {
        post.mail.close()
        await Promise.all([resolver.close(), ...nameservers.map(server => server.close()), listeners.close()])
      },
    }
  } catch (error) {
    await listeners.close()
    throw error
  }
}

/** What there is to know of a world before it is served. @throws WorldError */
export function describeWorld(definitions: WorldDefinition | readonly WorldDefinition[]): DeclaredWorld {
  return declarationsOf(shaped(definitions))
}

function declarationsOf(worlds: readonly World[]): DeclaredWorld {
  const domains = worlds.flatMap(world => Object.entries(world.domains))
  return {
    domains: domains.map(([name]) => name),
    declared: Object.fromEntries(domains),
    thirdParties: Object.assign({}, ...worlds.map(world => world.thirdParties)) as World['thirdParties'] & object,
  }
}

function shaped(definitions: WorldDefinition | readonly WorldDefinition[]): World[] {
  return (Array.isArray(definitions) ? definitions as readonly WorldDefinition[] : [definitions as WorldDefinition]).map(shape)
}

function shape(definition: WorldDefinition): World {
  const shaped = worldShape.safeParse(definition)
  if (shaped.success) return shaped.data
  throw new WorldError(shaped.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`))
}

/** The world with the TLSA records of the certificates that its servers will show. */
async function withTlsa(world: World, issuers: Issuers): Promise<World> {
  const find = async ({ name, which }: NamedCertificate): Promise<string> => {
    const definition = world.certificates[name]
    if (!definition) throw new WorldError([`a TLSA record speaks of the certificate "${name}", which is not there`])
    const server = world.servers.find(({ certificate, services }) => [certificate, ...Object.values(services).map(service => service.certificate)]
      .some(choice => typeof choice === 'string' ? choice === name : Object.values(choice ?? {}).includes(name)))
    if (!server && !definition.names) throw new WorldError([`a TLSA record speaks of the certificate "${name}", which no server shows`])
    const { chain } = (await issuers.issueFor(server?.host ?? '', definition)).issued
    const der = which === 'leaf' ? chain[0] : chain[1]
    if (!der) throw new WorldError([`a TLSA record speaks of the issuer of the certificate "${name}", which has none of its own`])
    return der.toString('base64')
  }
  const zones = Object.entries(world.zones).map(async ([origin, zone]) => [origin, { ...zone, records: await fillTlsa(zone.records, find) }] as const)
  return { ...world, zones: Object.fromEntries(await Promise.all(zones)) }
}

/** The world with the key that its servers sign with. */
function withKeys(world: World, { publicKey }: DkimSigner): World {
  const zones = Object.entries(world.zones).map(([origin, zone]) => [origin, { ...zone, records: zone.records.replaceAll('{dkim}', publicKey) }] as const)
  return { ...world, zones: Object.fromEntries(zones) }
}

/** Loopback ports by the world's port, and the one that refuses. */
class Ports extends Map<number, number> {
  readonly refused: number

  constructor(refused: number, ports?: Ports) {
    super(ports)
    this.refused = refused
  }
}

interface Post { readonly mail: Mailboxes; readonly signer: DkimSigner }

async function openServers(worlds: readonly World[], issuers: Issuers, now: Date, listeners: Listeners, post: Post): Promise<Map<string, Ports>> {
  const routes = new Map<string, Ports>()
  const refused = await listeners.closedPort()
  const mailboxes = worlds.flatMap(world => Object.keys(world.domains)).map(domain => `*@${domain}`)
  const opening: Promise<unknown>[] = []
  for (const world of worlds) {
    for (const server of world.servers) {
      const ports = new Ports(refused)
      for (const address of server.addresses.map(canonical)) {
        if (routes.has(address)) throw new WorldError([`${address} belongs to two servers`])
        routes.set(address, ports)
      }
      for (const [name, service] of servicesOf(server)) {
        if (service.fault === 'refuse') continue
        // all at once: some keys take long to make
        opening.push(serviceHandler({ server, name, service, certificates: world.certificates, issuers, now, mailboxes, ...post })
          .then(async handler => ports.set(servicePort(name), await listeners.open(handler))))
      }
    }
  }
  const failed = (await Promise.allSettled(opening)).find(one => one.status === 'rejected')
  if (failed) throw failed.reason
  return routes
}

/** Port 53 at each of their addresses, beside whatever else is there. */
async function openNameServers(
  servers: readonly NameServer[], routes: Map<string, Ports>, listeners: Listeners, latency: number,
): Promise<RunningResolver[]> {
  const refused = await listeners.closedPort()
  const running = await Promise.all(servers.map(async server => {
    const started = await startNameServer(server, listeners, latency)
    const address = canonical(server.address)
    // Several addresses of one host share their ports: this one is of this address alone.
    const ports = new Ports(refused, routes.get(address))
    if (started) ports.set(53, started.port)
    routes.set(address, ports)
    return started ? [started] : []
  }))
  return running.flat()
}

type Services = ServerDefinition['services']
type ServiceEntry = { [N in keyof Services]-?: [N, NonNullable<Services[N]>] }[keyof Services]

function servicesOf({ services }: ServerDefinition): ServiceEntry[] {
  return Object.entries(services) as ServiceEntry[]
}

function canonical(address: string): string {
  return canonicalIpv6(address) ?? address
}

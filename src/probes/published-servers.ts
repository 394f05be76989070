/**
 * The servers that a domain advertises to mail programs, by SRV records and in set-up files: who says it, and of which
 * service. What is advertised need not be so.
 */
import type { Answer, Outcome } from '../network/network.ts'
import { services } from '../services.ts'
import { advertisedService, type AdvertisedMode, type AdvertisedServer, type AdvertisedService } from '../syntax/advertised-server.ts'
import type { ClientConfigFacts } from './client-config.ts'
import type { Subject } from './index.ts'

export interface Advertised extends Subject {
  /** `imaps mail.example.com:993`. */
  readonly name: string
  readonly source: 'srv' | 'autoconfig' | 'autodiscover'
  /** The owner of the SRV record, or the URL of the file. */
  readonly place: string
  readonly service: AdvertisedService
  readonly host: string
  readonly port: number
  readonly mode: AdvertisedMode
}

/** Of one file; nobody has so many. */
const mostServers = 12

/** The same thing twice, with TLS from the first octet and upgraded to it. */
export const twins = [['submissions', 'submission'], ['imaps', 'imap'], ['pop3s', 'pop3']] as const satisfies (readonly AdvertisedService[])[]
export const servedNames: readonly AdvertisedService[] = twins.flat()

export function srvOwner(name: AdvertisedService, domain: string): string {
  return `${services[name].srv ?? ''}.${domain}`
}

/** The targets of SRV records, best first. With port 0 or the target ".", a record names none (RFC 2782). */
export function srvServers(srv: Readonly<Record<string, Outcome<Answer<'SRV'>>>>, domain: string): Advertised[] {
  return servedNames.flatMap(service => {
    const place = srvOwner(service, domain)
    const answer = srv[place]
    const records = answer && 'value' in answer ? answer.value.records.map(({ data }) => data) : []
    const mode = services[service].tls
    return records.filter(({ target, port }) => target !== '' && port !== 0)
      .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : a.target > b.target ? 1 : a.port - b.port))
      .map(({ target: host, port }): Advertised => ({ name: `${service} ${host}:${port}`, source: 'srv', place, service, host, port, mode }))
  })
}

/** In the order of the files; of autodiscover, the first answer counts. */
export function publishedServers({ autoconfig, autodiscover }: ClientConfigFacts): Advertised[] {
  const told = autodiscover.find(({ response }) => response !== null && response.servers.length > 0)
  return [
    ...autoconfig.flatMap(({ page, file }) => (file ? list('autoconfig', page.url, file.servers) : [])),
    ...told?.response ? list('autodiscover', told.page.url, told.response.servers) : [],
  ]
}

function list(source: Advertised['source'], place: string, servers: readonly AdvertisedServer[]): Advertised[] {
  return servers.slice(0, mostServers).map(server => {
    const { host, port, mode } = server
    const service = advertisedService(server)
    return { name: `${service} ${host}:${port}`, source, place, service, host, port, mode }
  })
}

/**
 * The service that is customary on this port, where it speaks the same protocol: `_imaps` with port 143 leads to IMAP that is
 * upgraded to TLS, whatever the record promises. Null: the port belongs to another protocol.
 */
export function servedThere({ service, port }: Pick<Advertised, 'service' | 'port'>): AdvertisedService | null {
  const customary = servedNames.find(name => services[name].port === port)
  if (customary === undefined) return service
  return services[customary].protocol === services[service].protocol ? customary : null
}

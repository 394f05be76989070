/**
 * RDAP (RFC 9082, RFC 9083): what a registry knows of a registration, as JSON over HTTPS. `BASE/domain/example.com` answers
 * with an object of the class "domain": its events (registered, last changed, expiration), its status, and the entities with
 * a part in it, the registrar among them. Which base is asked for which top-level domain says a file of IANA (RFC 9224).
 */

export interface RdapDomain {
  /** A-labels, lower case, no final dot; null when it does not say. */
  readonly name: string | null
  /** The times of its expiration events, RFC 3339 in UTC. Registries give one. */
  readonly expirations: readonly string[]
  /** An expiration event has a time that cannot be read. */
  readonly garbled: boolean
  /** The registrar's name; hostile text. */
  readonly registrar: string | null
  readonly statuses: readonly string[]
}

/** Of events, entities and status values each: nobody has so many. */
const most = 200

/** Reads the answer for a domain, one character an octet; null for what is no such object. */
export function parseRdapDomain(octets: string): RdapDomain | null {
  const json = parseJson(octets)
  if (!isObject(json) || json['objectClassName'] !== 'domain') return null
  const name = typeof json['ldhName'] === 'string' ? json['ldhName'].toLowerCase().replace(/\.$/, '') : null
  const expirations = listOf(json['events']).filter(event => isObject(event) && event['eventAction'] === 'expiration')
    .map(event => isObject(event) ? readTime(event['eventDate']) : null)
  return {
    name,
    expirations: [...new Set(expirations.filter(time => time !== null))],
    garbled: expirations.includes(null),
    registrar: registrarOf(listOf(json['entities'])),
    statuses: listOf(json['status']).filter(status => typeof status === 'string').map(status => status.slice(0, 60)),
  }
}

/**
 * The base URLs for a name in a bootstrap file (RFC 9224 §4: the entry with the most labels counts), with a final slash each;
 * empty when no entry is for the name, null for what is no such file.
 */
export function rdapServers(octets: string, name: string): string[] | null {
  const json = parseJson(octets)
  if (!isObject(json) || !Array.isArray(json['services'])) return null
  const labels = name.split('.')
  const suffixes = new Map(labels.map((_, i) => [labels.slice(i).join('.'), labels.length - i]))
  let best = 0
  let servers: string[] = []
  for (const service of json['services'] as unknown[]) {
    const [entries, urls] = Array.isArray(service) ? service as unknown[] : []
    for (const entry of Array.isArray(entries) ? entries as unknown[] : []) {
      const length = typeof entry === 'string' ? suffixes.get(entry.toLowerCase()) ?? 0 : 0
      if (length <= best) continue
      best = length
      servers = listOf(urls).filter(url => typeof url === 'string').filter(url => URL.canParse(url)).map(withSlash)
    }
  }
  return servers
}

/** A base URL ends with a slash (RFC 9224 §3). */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`
}

function registrarOf(entities: readonly unknown[]): string | null {
  const registrar = entities.find(entity => isObject(entity) && listOf(entity['roles']).includes('registrar'))
  const [, properties] = isObject(registrar) ? listOf(registrar['vcardArray']) : []
  // A jCard property: name, parameters, type, value (RFC 7095 §3.3).
  const name = listOf(properties).map(listOf).find(([property]) => property === 'fn')?.[3]
  return typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : null
}

/** RFC 3339 §5.6, with any offset, in UTC and to the second. */
function readTime(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/i.test(value)) return null
  const time = new Date(value)
  return Number.isNaN(time.getTime()) ? null : `${time.toISOString().slice(0, 19)}Z`
}

type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]).slice(0, most) : []
}

/** JSON in UTF-8, one character an octet; undefined for what is none. */
export function parseJson(octets: string): unknown {
  try {
    return JSON.parse(Buffer.from(octets, 'latin1').toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/**
 * `terraform show -json PLAN`: the resources that a plan creates, updates and deletes, each with its values before and after,
 * and in `after_unknown` which of those show only when it is applied. What a DNS record is called differs from provider to
 * provider: Cloudflare has a resource for each record, the others one for each RRset.
 */
import type { DnsRecord, RecordType } from '../../syntax/record.ts'
import type { PlanNote, PlannedPlace } from '../plan.ts'
import type { PlannedEntry, Reading, SourceError, SourceOptions } from '../planned.ts'
import { parseJsonText } from './json-text.ts'
import { caaFrom, fromFields, fromSaying, fromText, nameFrom, octets, plannedType, SourceValueError, ttlFrom } from './structured.ts'

type Values = Readonly<Record<string, unknown>>

/** What a resource says, once its provider's words are understood. */
interface Described {
  /** Null: shown only when applied. */
  readonly name: string | null
  readonly type: string | null
  /** Why its answers cannot be told from its values; null when they can. */
  readonly hidden: string | null
  readonly records: (name: string, type: RecordType) => DnsRecord[]
}

interface Provider {
  /** A resource is one record of an RRset, rather than all of it. */
  readonly single: boolean
  describe(values: Values, unknown: Values, zone: string, resource: string): Described
}

const cloudflare: Provider = {
  single: true,
  describe: (values, unknown, zone) => ({
    name: unknown['name'] === true ? null : relativeOrWhole(values['name'], zone),
    type: unknown['type'] === true ? null : String(values['type']),
    hidden: anyUnknown(unknown, 'content', 'value', 'data', 'priority') && values['content'] === undefined && values['value'] === undefined ? later
      : values['proxied'] === true ? 'Cloudflare answers with addresses of its own (proxied)' : null,
    records: (name, type) => [cloudflareRecord(name, type, values)],
  }),
}

const route53: Provider = {
  single: false,
  describe: (values, unknown, zone) => ({
    name: unknown['name'] === true ? null : relativeOrWhole(values['name'], zone),
    type: unknown['type'] === true ? null : String(values['type']),
    hidden: anyUnknown(unknown, 'records', 'alias') ? later
      : filled(values['alias']) ? 'it is an alias, whose addresses show only when it is asked for'
        : filled(values['set_identifier']) ? 'its answers depend on who asks (a routing policy)' : null,
    records: (name, type) => listOf(values['records']).map(value => isText(type)
      // Within a value `""` ends one string and begins the next.
      ? fromText(name, type, ttlOf(values), /^".*"$/s.test(value) ? octets(value) : `"${octets(value)}"`, '')
      : fromText(name, type, ttlOf(values), octets(absolute(type, value)), '')),
  }),
}

const google: Provider = {
  single: false,
  describe: (values, unknown) => ({
    name: unknown['name'] === true ? null : nameFrom(values['name'], ''),
    type: unknown['type'] === true ? null : String(values['type']),
    hidden: anyUnknown(unknown, 'rrdatas') ? later : filled(values['routing_policy']) ? 'its answers depend on who asks (a routing policy)' : null,
    // A text without quotation marks falls into strings at its blanks, as the provider warns.
    records: (name, type) => listOf(values['rrdatas']).map(value => fromText(name, type, ttlOf(values), octets(value), '')),
  }),
}

const azure: Provider = {
  single: false,
  describe(values, unknown, zone, resource) {
    const type = (/^azurerm_dns_(\w+)_record$/.exec(resource)?.[1] ?? '').toUpperCase()
    const within = typeof values['zone_name'] === 'string' ? nameFrom(`${values['zone_name'].replace(/\.$/, '')}.`, '') : zone
    return {
      name: unknown['name'] === true || unknown['zone_name'] === true ? null : nameFrom(values['name'] === '@' ? '' : values['name'], within),
      type,
      hidden: anyUnknown(unknown, 'record', 'records') ? later
        : filled(values['target_resource_id']) ? 'it follows another resource, whose addresses show only when it is asked for' : null,
      records: (name, known) => azureRecords(name, known, values),
    }
  },
}

const later = 'its values are known only after apply'

const providers: readonly (readonly [RegExp, Provider])[] = [
  [/^cloudflare_(?:dns_)?record$/, cloudflare], [/^aws_route53_record$/, route53], [/^google_dns_record_set$/, google],
  [/^azurerm_dns_(?:a|aaaa|caa|cname|mx|ns|ptr|srv|txt)_record$/, azure],
]

export function readTerraform(text: string, { file, origin, complete }: SourceOptions): Reading {
  const entries: PlannedEntry[] = []
  const notes: PlanNote[] = []
  const errors: SourceError[] = []
  const json = parseJsonText(text)
  if ('error' in json) return { format: 'terraform', entries, notes, errors: [{ file, line: json.line, column: json.column, message: json.error }] }
  const changes = valuesOf(json.value)['resource_changes']
  if (!Array.isArray(changes)) {
    return { format: 'terraform', entries, notes, errors: [{ file, line: 1, column: 1, message: 'this is not what "terraform show -json PLAN" prints: it has no "resource_changes"' }] }
  }
  for (const change of changes as unknown[]) {
    const resource = valuesOf(change)
    const type = String(resource['type'])
    const provider = providers.find(([pattern]) => pattern.test(type))?.[1]
    if (!provider || resource['mode'] === 'data') continue
    const at = json.placeOf(change as object)
    try {
      readChange(resource, type, provider, at)
    } catch (error) {
      if (!(error instanceof SourceValueError)) throw error
      errors.push({ file, ...at, message: `${String(resource['address'])}: ${error.message}` })
    }
  }
  return { format: 'terraform', entries, notes, errors }

  function readChange(resource: Values, resourceType: string, provider: Provider, at: { line: number; column: number }): void {
    const { actions, before, after, after_unknown: unknown } = valuesOf(resource['change'])
    const acts = new Set(Array.isArray(actions) ? actions as unknown[] : [])
    const creates = acts.has('create') || acts.has('update') || (complete && acts.has('no-op'))
    const deletes = acts.has('delete') || acts.has('update')
    const address = String(resource['address'])
    if (deletes) remove(provider.describe(valuesOf(before), {}, origin, resourceType), provider, address, at)
    if (creates) create(provider.describe(valuesOf(after), valuesOf(unknown), origin, resourceType), provider, address, at, !acts.has('no-op'))
  }

  function remove(described: Described, { single }: Provider, address: string, at: { line: number; column: number }): void {
    const { name, type: text, hidden } = described
    const type = plannedType(text)
    if (name === null || type === null) return
    const place: PlannedPlace = { file, ...at, name, type }
    if (!single) entries.push({ kind: 'remove', name, type, place })
    else if (hidden === null) for (const record of described.records(name, type)) entries.push({ kind: 'drop', record, place })
    else {
      for (const each of hiddenTypes(type)) entries.push({ kind: 'unknown', name, type: each, place })
      notes.push({ place, message: `${address}: ${hidden}; what is left of ${name} cannot be told` })
    }
  }

  function create({ name, type: text, hidden, records }: Described, { single }: Provider, address: string, at: { line: number; column: number }, said: boolean): void {
    if (name === null || text === null) {
      notes.push({ place: { file, ...at, name: origin, type: '' }, message: `${address}: its name is known only after apply, so what it changes cannot be told` })
      return
    }
    const type = plannedType(text)
    const place: PlannedPlace = { file, ...at, name, type: text }
    if (type === null) {
      notes.push({ place, message: `${address}: ${text} records are kept, and not looked at` })
      return
    }
    if (hidden !== null) {
      for (const each of hiddenTypes(type)) entries.push({ kind: 'unknown', name, type: each, place })
      if (said) notes.push({ place, message: `${address}: ${hidden}; the checks of ${name} ${type} cannot be told` })
      return
    }
    for (const record of records(name, type)) entries.push({ kind: single && !complete ? 'add' : 'set', record, place })
  }
}

/** An address that somebody else chooses: of either family, and behind it no alias. */
function hiddenTypes(type: RecordType): RecordType[] {
  return type === 'CNAME' || type === 'A' || type === 'AAAA' ? [...new Set<RecordType>([type, 'A', 'AAAA'])].filter(each => each !== 'CNAME') : [type]
}

function cloudflareRecord(name: string, type: RecordType, values: Values): DnsRecord {
  const content = values['content'] ?? values['value']
  const data = Array.isArray(values['data']) ? valuesOf(values['data'][0]) : valuesOf(values['data'])
  const ttl = ttlOf(values) === 1 ? 300 : ttlOf(values) // 1 means automatic
  const has = Object.values(data).some(filled)
  switch (type) {
    case 'TXT':
    case 'SPF':
      if (typeof content !== 'string') throw new SourceValueError(`${type}: there is no text`)
      return /^".*"$/s.test(content) ? fromText(name, type, ttl, octets(content), '') : fromSaying(name, type, ttl, content)
    case 'MX':
      return fromFields(name, type, ttl, [values['priority'] ?? 0, withDot(content)], '')
    case 'SRV':
      if (!has) break
      return fromFields(name, type, ttl, [data['priority'] ?? values['priority'], data['weight'], data['port'], withDot(data['target'])], '')
    case 'CAA':
      if (!has) break
      return caaFrom(name, ttl, { flags: data['flags'], tag: data['tag'], value: data['value'] ?? data['content'] })
    case 'TLSA':
      if (!has) break
      return fromFields(name, type, ttl, [data['usage'], data['selector'], data['matching_type'], data['certificate']], '')
    case 'DS':
      if (!has) break
      return fromFields(name, type, ttl, [data['key_tag'], data['algorithm'], data['digest_type'], data['digest']], '')
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return fromFields(name, type, ttl, [withDot(content)], '')
    default:
  }
  if (typeof content !== 'string') throw new SourceValueError(`${type}: there is no content`)
  return fromText(name, type, ttl, octets(content), '')
}

function azureRecords(name: string, type: RecordType, values: Values): DnsRecord[] {
  const ttl = ttlOf(values)
  const blocks = Array.isArray(values['record']) ? (values['record'] as unknown[]).map(valuesOf) : []
  switch (type) {
    case 'CNAME': return [fromFields(name, type, ttl, [withDot(values['record'])], '')]
    case 'MX': return blocks.map(block => fromFields(name, type, ttl, [block['preference'], withDot(block['exchange'])], ''))
    case 'TXT': return blocks.map(block => fromSaying(name, type, ttl, String(block['value'])))
    case 'SRV': return blocks.map(block => fromFields(name, type, ttl, [block['priority'], block['weight'], block['port'], withDot(block['target'])], ''))
    case 'CAA': return blocks.map(block => caaFrom(name, ttl, { flags: block['flags'], tag: block['tag'], value: block['value'] }))
    default: return listOf(values['records']).map(value => fromText(name, type, ttl, octets(absolute(type, value)), ''))
  }
}

/** Providers take names in values for whole, with or without their final dot. */
function absolute(type: RecordType, value: string): string {
  return ['CNAME', 'DNAME', 'MX', 'NS', 'PTR', 'SRV'].includes(type) ? value.replace(/\.?$/, '.') : value
}

function withDot(value: unknown): unknown {
  return typeof value === 'string' && value !== '' ? value.replace(/\.?$/, '.') : value
}

/** Both `www` and `www.example.com` mean the same; `@` and '' are the top. */
function relativeOrWhole(value: unknown, zone: string): string {
  const text = typeof value === 'string' ? value.replace(/\.$/, '').toLowerCase() : value
  if (text === '@' || text === '') return zone
  const whole = typeof text === 'string' && (text === zone || text.endsWith(`.${zone}`))
  return nameFrom(whole ? `${text}.` : text, zone)
}

function isText(type: RecordType): boolean {
  return type === 'TXT' || type === 'SPF'
}

function ttlOf(values: Values): number {
  return ttlFrom(values['ttl'], 300)
}

function anyUnknown(unknown: Values, ...names: string[]): boolean {
  return names.some(name => hasTrue(unknown[name]))
}

function hasTrue(value: unknown): boolean {
  return value === true || (typeof value === 'object' && value !== null && Object.values(value).some(hasTrue))
}

function filled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function valuesOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Values : {}
}

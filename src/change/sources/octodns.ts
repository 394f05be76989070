/**
 * octoDNS: a YAML file a zone, a key a name ('' is the top), and under it one record or a list of them, each with its type,
 * its TTL and its values. Names in values are absolute and end in a dot; a semicolon in a TXT value is written `\;`.
 */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml'
import { foldName, isWithin } from '../../syntax/name.ts'
import { parseData, type DnsRecord, type RecordType } from '../../syntax/record.ts'
import type { PlanNote, PlannedPlace } from '../plan.ts'
import type { PlannedEntry, Reading, SourceError, SourceOptions } from '../planned.ts'
import { caaFrom, fromFields, fromSaying, fromStrings, nameFrom, octets, plannedType, SourceValueError, ttlFrom } from './structured.ts'

const usualTtl = 3600

/** The zone is that of the file's name, `example.com.yaml`, where that is one that holds `origin` or lies in it. */
export function readOctodns(text: string, { file, origin }: SourceOptions): Reading {
  const zone = zoneOf(file, origin)
  const entries: PlannedEntry[] = []
  const notes: PlanNote[] = []
  const errors: SourceError[] = []
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false, keepSourceTokens: false })
  const placeOf = (node: Node | null): { line: number; column: number } => {
    const { line, col } = lineCounter.linePos(node?.range?.[0] ?? 0)
    return { line, column: col }
  }
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    const { line, col } = lineCounter.linePos(pos[0])
    errors.push({ file, line, column: col, message: message.split('\n')[0] ?? message })
  }
  const root = document.contents
  if (errors.length === 0 && root && !isMap(root)) errors.push({ file, ...placeOf(root), message: 'an octoDNS zone is a map from names to records' })
  if (errors.length > 0 || !isMap(root)) return { format: 'octodns', entries: [], notes: [], errors }
  for (const { key, value } of root.items) {
    const nodes = isSeq(value) ? value.items : [value]
    for (const node of nodes as (Node | null)[]) {
      try {
        readRecord(isScalar(key) ? key.value : null, node)
      } catch (error) {
        if (!(error instanceof SourceValueError)) throw error
        errors.push({ file, ...placeOf(node ?? (isScalar(key) ? key : null)), message: error.message })
      }
    }
  }
  return { format: 'octodns', entries, notes, errors }

  function readRecord(label: unknown, node: Node | null): void {
    if (!isMap(node)) throw new SourceValueError('a record is a map with a type and its values')
    const record = plainOf(node)
    const name = nameFrom(typeof label === 'number' ? String(label) : label ?? '', zone)
    const special = mapOf(record['octodns'])
    if (special?.['ignored'] === true) return
    const type = record['type']
    const place: PlannedPlace = { file, ...placeOf(node), name, type: String(type) }
    if (type === 'ALIAS') {
      for (const address of ['A', 'AAAA'] as const) entries.push({ kind: 'unknown', name, type: address, place })
      notes.push({ place, message: `what ALIAS gives shows only when it is published: the addresses of ${name} cannot be told` })
      return
    }
    const known = plannedType(type)
    if (known === null) {
      if (typeof type !== 'string') throw new SourceValueError('the record has no type')
      notes.push({ place, message: `${type} records are kept, and not looked at` })
      return
    }
    if (record['dynamic'] !== undefined || record['geo'] !== undefined) {
      entries.push({ kind: 'unknown', name, type: known, place })
      notes.push({ place, message: `the answers to ${name} ${known} depend on who asks: they cannot be told` })
      return
    }
    const ttl = ttlFrom(record['ttl'], usualTtl)
    const values = 'values' in record ? record['values'] : [record['value']]
    if (!Array.isArray(values) || values.length === 0) throw new SourceValueError(`${known}: there are no values`)
    for (const value of values as unknown[]) entries.push({ kind: 'set', record: recordFrom(name, known, ttl, value), place })
  }
}

function recordFrom(name: string, type: RecordType, ttl: number, value: unknown): DnsRecord {
  const fields = mapOf(value) ?? {}
  const of = (...names: string[]): unknown => names.map(key => fields[key]).find(field => field !== undefined)
  switch (type) {
    case 'TXT':
    case 'SPF':
      return txtFrom(name, type, ttl, value)
    case 'MX':
      return fromFields(name, type, ttl, [of('preference', 'priority'), absolute(of('exchange', 'value'))], '')
    case 'SRV':
      return fromFields(name, type, ttl, [of('priority'), of('weight'), of('port'), absolute(of('target'))], '')
    case 'CAA':
      return caaFrom(name, ttl, { flags: of('flags'), tag: of('tag'), value: of('value') })
    case 'TLSA':
      return fromFields(name, type, ttl, [of('certificate_usage'), of('selector'), of('matching_type'), of('certificate_association_data')], '')
    case 'DS':
      return fromFields(name, type, ttl, [of('key_tag'), of('algorithm'), of('digest_type'), of('digest')], '')
    case 'CNAME':
    case 'DNAME':
    case 'NS':
    case 'PTR':
      return fromFields(name, type, ttl, [absolute(value)], '')
    default:
      return fromFields(name, type, ttl, [value], '')
  }
}

/** Long values are cut into strings, unless they come in quotation marks and are cut already. */
function txtFrom(name: string, type: 'TXT' | 'SPF', ttl: number, value: unknown): DnsRecord {
  if (typeof value !== 'string') throw new SourceValueError(`${type}: ${JSON.stringify(value ?? null).slice(0, 80)} is no text`)
  const said = value.replaceAll('\\;', ';')
  if (!/^".*"$/s.test(said)) return fromSaying(name, type, ttl, said)
  try {
    return fromStrings(name, type, ttl, parseData(type, octets(said)).strings.map(string => Buffer.from(string, 'latin1').toString()))
  } catch {
    return fromSaying(name, type, ttl, said)
  }
}

function absolute(name: unknown): unknown {
  if (typeof name === 'string' && !name.endsWith('.')) throw new SourceValueError(`${JSON.stringify(name.slice(0, 80))} lacks the final dot that octoDNS wants`)
  return name
}

function zoneOf(file: string, origin: string): string {
  const [, stem = ''] = /([^/\\]+?)\.?\.ya?ml$/i.exec(file) ?? []
  const zone = foldName(stem)
  return /^[\w-]+(?:\.[\w-]+)+$/.test(zone) && (isWithin(origin, zone) || isWithin(zone, origin)) ? zone : origin
}

function plainOf(node: Node): Record<string, unknown> {
  const value: unknown = isMap(node) ? node.toJSON() : null
  return mapOf(value) ?? {}
}

function mapOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null
}

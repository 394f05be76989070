/**
 * DNSControl: `dnscontrol print-ir` prints the whole configuration as JSON, a list of domains with their records, whose names
 * are relative to the domain; `dnscontrol preview` prints, line by line, what it would create, modify and delete.
 */
import { foldName, isWithin } from '../../syntax/name.ts'
import type { DnsRecord, RecordType } from '../../syntax/record.ts'
import type { PlanNote, PlannedPlace } from '../plan.ts'
import type { PlannedEntry, Reading, SourceError, SourceOptions } from '../planned.ts'
import { parseJsonText } from './json-text.ts'
import { caaFrom, fromFields, fromSaying, fromStrings, fromText, nameFrom, octets, plannedType, SourceValueError, ttlFrom } from './structured.ts'

/** What DNSControl gives a record without a TTL. */
const usualTtl = 300

type Fields = Readonly<Record<string, unknown>>

/** `value` is the document of `print-ir`. */
export function readDnscontrol(text: string, { file, origin }: SourceOptions): Reading {
  const entries: PlannedEntry[] = []
  const notes: PlanNote[] = []
  const errors: SourceError[] = []
  const json = parseJsonText(text)
  if ('error' in json) return { format: 'dnscontrol', entries, notes, errors: [{ file, line: json.line, column: json.column, message: json.error }] }
  const domains = fieldsOf(json.value)?.['domains']
  if (!Array.isArray(domains)) {
    return { format: 'dnscontrol', entries, notes, errors: [{ file, line: 1, column: 1, message: 'this is not what "dnscontrol print-ir" prints: it has no "domains"' }] }
  }
  for (const domain of domains as unknown[]) {
    const fields = fieldsOf(domain)
    const zone = typeof fields?.['name'] === 'string' ? foldName(fields['name'].split('!')[0] ?? '') : ''
    if (!fields || zone === '' || !(isWithin(zone, origin) || isWithin(origin, zone))) continue
    for (const [key, kind] of [['records', 'set'], ['rawrecords', 'set'], ['recordsabsent', 'drop']] as const) {
      const list = fields[key]
      for (const item of Array.isArray(list) ? list as unknown[] : []) {
        const record = fieldsOf(item)
        if (!record) continue
        try {
          readRecord(record, zone, kind, json.placeOf(record))
        } catch (error) {
          if (!(error instanceof SourceValueError)) throw error
          errors.push({ file, ...json.placeOf(record), message: error.message })
        }
      }
    }
  }
  return { format: 'dnscontrol', entries, notes, errors }

  function readRecord(record: Fields, zone: string, kind: 'set' | 'drop', at: { line: number; column: number }): void {
    const args = Array.isArray(record['args']) ? record['args'] as unknown[] : null
    const label = args ? args[0] : record['name']
    const name = nameFrom(label === '@' ? '' : label, zone)
    const type = String(record['type'])
    const place: PlannedPlace = { file, ...at, name, type }
    const known = plannedType(type)
    if (known === null) {
      notes.push({ place, message: `${type} records are kept, and not looked at` })
      if (/ALIAS$|^ANAME$/.test(type)) for (const address of ['A', 'AAAA'] as const) entries.push({ kind: 'unknown', name, type: address, place })
      return
    }
    const ttl = ttlFrom(record['ttl'], usualTtl) || usualTtl
    const made = args ? fromArguments(name, known, ttl, args.slice(1), zone) : fromIr(name, known, ttl, record, zone)
    entries.push({ kind, record: made, place })
  }
}

function fromIr(name: string, type: RecordType, ttl: number, record: Fields, zone: string): DnsRecord {
  const { target } = record
  const number = (key: string): unknown => record[key] ?? 0 // what is 0 is left out
  switch (type) {
    case 'TXT':
    case 'SPF': {
      const { txtstrings } = record
      if (Array.isArray(txtstrings)) return fromStrings(name, type, ttl, txtstrings.map(String))
      if (typeof target !== 'string') throw new SourceValueError(`${type}: there is no text`)
      return /^".*"$/s.test(target) ? fromText(name, type, ttl, octets(target), zone) : fromSaying(name, type, ttl, target)
    }
    case 'MX': return fromFields(name, type, ttl, [number('mxpreference'), target], zone)
    case 'SRV': return fromFields(name, type, ttl, [number('srvpriority'), number('srvweight'), number('srvport'), target], zone)
    case 'CAA': return caaFrom(name, ttl, { flags: number('caaflag'), tag: record['caatag'], value: target })
    case 'TLSA': return fromFields(name, type, ttl, [number('tlsausage'), number('tlsaselector'), number('tlsamatchingtype'), target], zone)
    case 'DS': return fromFields(name, type, ttl, [number('dskeytag'), number('dsalgorithm'), number('dsdigesttype'), record['dsdigest'] ?? target], zone)
    case 'SOA':
      return fromFields(name, type, ttl, [
        target, String(record['soambox']).replace('@', '.'), number('soaserial'), number('soarefresh'), number('soaretry'), number('soaexpire'), number('soaminttl'),
      ], zone)
    default: return fromFields(name, type, ttl, [target], zone)
  }
}

function fromArguments(name: string, type: RecordType, ttl: number, args: readonly unknown[], zone: string): DnsRecord {
  if (type === 'TXT' || type === 'SPF') return fromStrings(name, type, ttl, args.flat().map(String))
  if (type === 'CAA') return caaFrom(name, ttl, { tag: args[0], value: args[1], flags: args[2] ?? 0 })
  return fromFields(name, type, ttl, args, zone)
}


/** Lines of `dnscontrol preview`: `#1: + CREATE www.example.com A 192.0.2.1 ttl=300`. */
export function readPreview(text: string, { file, origin }: SourceOptions): Reading {
  const entries: PlannedEntry[] = []
  const notes: PlanNote[] = []
  const errors: SourceError[] = []
  let ours = false
  for (const [i, line] of text.replace(/\x1b\[[\d;]*m/g, '').split(/\r?\n/).entries()) {
    const heading = /^\*{5,} Domain: (\S+)/.exec(line)
    if (heading) {
      const zone = foldName(heading[1]?.split('!')[0] ?? '')
      ours = isWithin(zone, origin) || isWithin(origin, zone)
      continue
    }
    const [, sign, , words = ''] = /^\s*(?:#\d+: )?\s*([+±-]) (CREATE|MODIFY|MODIFY-TTL|CHANGE|DELETE)\s+(.*)$/.exec(line) ?? []
    if (!ours || sign === undefined) continue
    try {
      readCorrection(sign, words.trim(), { line: i + 1, column: line.indexOf(words) + 1 })
    } catch (error) {
      if (!(error instanceof SourceValueError)) throw error
      errors.push({ file, line: i + 1, column: 1, message: error.message })
    }
  }
  return { format: 'dnscontrol', entries, notes, errors }

  function readCorrection(sign: string, words: string, at: { line: number; column: number }): void {
    const [, owner = '', type = '', rest = ''] = /^(\S+)\s+(\S+)\s+(.*)$/.exec(words) ?? []
    if (rest === '') throw new SourceValueError(`${JSON.stringify(words.slice(0, 80))} is no correction that is known here`)
    const name = nameFrom(`${owner.replace(/\.$/, '')}.`, '')
    const place: PlannedPlace = { file, ...at, name, type }
    const known = plannedType(type)
    if (known === null) {
      notes.push({ place, message: `${type} records are kept, and not looked at` })
      return
    }
    const record = (data: string): DnsRecord => {
      const [, value = data, ttl] = /^(.*?)\s+ttl=(\d+)$/s.exec(data) ?? []
      return fromText(name, known, ttlFrom(ttl, usualTtl), octets(value), '')
    }
    if (sign === '+') return void entries.push({ kind: 'add', record: record(rest), place })
    if (sign === '-') return void entries.push({ kind: 'drop', record: record(rest), place })
    const [, before, after] = /^\((.*)\) -> \((.*)\)$/s.exec(rest) ?? []
    if (before === undefined || after === undefined) throw new SourceValueError(`${JSON.stringify(words.slice(0, 80))} is no correction that is known here`)
    entries.push({ kind: 'drop', record: record(before), place }, { kind: 'add', record: record(after), place })
  }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : null
}

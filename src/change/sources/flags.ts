/**
 * Records on the command line: `--set 'NAME [TTL] TYPE DATA'` and `--delete 'NAME TYPE [DATA]'`, in the notation of zone files.
 * People write whole names without their final dot: here a name with a dot in it, or one that ends in the domain, is whole.
 */
import { RecordSyntaxError } from '../../syntax/record-syntax-error.ts'
import { recordType, typeNumber } from '../../syntax/record-type.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { parseZone } from '../../syntax/zone.ts'
import type { PlannedPlace } from '../plan.ts'
import type { PlannedEntry, Reading, SourceError } from '../planned.ts'
import { nameFrom, octets, SourceValueError } from './structured.ts'

/** Types whose data ends in a name. */
const named = new Set(['CNAME', 'DNAME', 'MX', 'NS', 'PTR', 'SRV'])

export function readFlags(flag: '--set' | '--delete', values: readonly string[], domain: string): Reading {
  const entries: PlannedEntry[] = []
  const errors: SourceError[] = []
  for (const [i, value] of values.entries()) {
    try {
      entries.push(...readFlag(flag, value, domain, i + 1))
    } catch (error) {
      if (!(error instanceof RecordSyntaxError || error instanceof SourceValueError)) throw error
      errors.push({ file: flag, line: i + 1, column: error instanceof RecordSyntaxError ? error.column : 1, message: `'${value.slice(0, 120)}': ${error.message}` })
    }
  }
  return { format: 'flag', entries, notes: [], errors }
}

function readFlag(flag: '--set' | '--delete', value: string, domain: string, line: number): PlannedEntry[] {
  const [, owner = '', rest = ''] = /^\s*(\S+)\s*([^]*)$/.exec(value) ?? []
  const words = /^((?:(?:\d\w*|IN)\s+)*)(\S+)\s*([^]*)$/i.exec(rest)
  if (!words) throw new SourceValueError(flag === '--set' ? 'expected NAME TYPE DATA' : 'expected NAME TYPE')
  const [, before = '', type = '', data = ''] = words
  const name = wholeName(owner, domain)
  const number = typeNumber(type)
  if (number === null) throw new SourceValueError(`${type.slice(0, 40)} is no record type that is known here`)
  const place: PlannedPlace = { file: flag, line, column: 1, name, type: type.toUpperCase() }
  if (flag === '--delete' && data.trim() === '') return [{ kind: 'remove', name, type: recordType(number), place }]
  if (data.trim() === '') throw new SourceValueError(`the data of this ${type} record is missing`)
  return [{ kind: flag === '--set' ? 'set' : 'drop', record: readRecord(`${name}. ${before}${type} ${wholeData(type, data, domain)}`), place }]
}

function readRecord(text: string): DnsRecord {
  const { records: [record], errors: [error], special } = parseZone(octets(text))
  if (error) throw new SourceValueError(error.message)
  if (special.length > 0) throw new SourceValueError('to remove records, say --delete')
  if (!record) throw new SourceValueError('this is no record')
  return record
}

function wholeName(text: string, domain: string): string {
  const folded = text.toLowerCase()
  if (folded === '@') return domain
  return nameFrom(folded === domain || folded.endsWith(`.${domain}`) ? `${text}.` : text, domain)
}

/** The name that the data ends in, made whole. */
function wholeData(type: string, data: string, domain: string): string {
  if (!named.has(type.toUpperCase())) return data
  return data.replace(/(\S+)\s*$/, (_, name: string) => {
    if (name === '@') return `${domain}.`
    if (name.endsWith('.')) return name
    return name.includes('.') ? `${name}.` : `${name}.${domain}.`
  })
}

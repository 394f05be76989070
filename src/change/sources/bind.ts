/** Zone files (RFC 1035 §5.1) as name servers read them; beside records, `NAME TYPE (none)` removes an RRset. */
import { recordType, typeNumber } from '../../syntax/record-type.ts'
import { parseZone, type ZonePlace } from '../../syntax/zone.ts'
import type { PlanNote, PlannedPlace } from '../plan.ts'
import type { PlannedEntry, Reading, SourceError, SourceOptions } from '../planned.ts'

/** What some providers make addresses of at the moment of the question. */
const computed = new Set(['ALIAS', 'ANAME'])

/** `text` is an octet string. */
export function readZoneFile(text: string, { file, origin, include }: SourceOptions): Reading {
  const zone = parseZone(text, { origin, keepUnread: true, generate: true, ...include ? { include } : {} })
  const at = ({ line, column, file: included }: ZonePlace, name: string, type: string): PlannedPlace => ({ file: included ?? file, line, column, name, type })
  const entries: PlannedEntry[] = []
  const notes: PlanNote[] = []
  const errors: SourceError[] = zone.errors.map(({ line, column, message, file: included }) => ({ file: included ?? file, line, column, message }))
  for (const [i, record] of zone.records.entries()) {
    const place = zone.places[i]
    if (place) entries.push({ kind: 'set', record, place: at(place, record.name, record.type) })
  }
  for (const { name, type, word, ...place } of zone.special) {
    if (word === 'none') entries.push({ kind: 'remove', name, type, place: at(place, name, type) })
    else errors.push({ file: place.file ?? file, line: place.line, column: place.column, message: `(${word}) means nothing in a plan: (none) removes records` })
  }
  for (const { name, type, ...place } of zone.unread) {
    const where = at(place, name, type)
    if (computed.has(type)) {
      for (const address of ['A', 'AAAA'] as const) entries.push({ kind: 'unknown', name, type: address, place: where })
      notes.push({ place: where, message: `what ${type} gives shows only when it is published: the addresses of ${name} cannot be told` })
      continue
    }
    // Whatever it holds, the name is there.
    entries.push({ kind: 'unknown', name, type: recordType(typeNumber(type) ?? 0), place: where })
    notes.push({ place: where, message: `${type} records are kept, and not looked at` })
  }
  return { format: 'bind', entries, notes, errors }
}

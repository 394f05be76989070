/** The zones of all definitions of a world, read and put together. */
import { foldName } from '../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordType } from '../syntax/record.ts'
import { parseZone, type SpecialAnswer } from '../syntax/zone.ts'
import { usualDnssec, type World } from './definition.ts'
import { blankTlsa } from './tlsa-placeholder.ts'
import { WorldError } from './world-error.ts'
import type { LabZone } from './zones.ts'

/** @throws WorldError naming every zone that cannot be read, lies outside itself, or is defined twice. */
export function zonesOf(worlds: readonly World[]): LabZone[] {
  const problems: string[] = []
  const written = new Map<string, World['zones'][string]>()
  for (const [origin, zone] of worlds.flatMap(world => Object.entries(world.zones))) {
    if (written.has(origin)) problems.push(`zone ${origin} is defined twice`)
    written.set(origin, zone)
  }
  const read = (origin: string, path: readonly string[]): LabZone => {
    const { signed = false, like, records: text = '', dnssec = signed ? usualDnssec : undefined, delegation } = written.get(origin) ?? {}
    const { records, special, errors } = parseZone(blankTlsa(text).text, { origin })
    problems.push(...errors.map(({ line, message }) => `zone ${origin}, line ${line}: ${message}`))
    for (const { name } of [...records, ...special]) {
      if (origin !== '' && name !== origin && !name.endsWith(`.${origin}`)) problems.push(`zone ${origin}: ${name} lies outside`)
    }
    const own = { origin, signed, dnssec, delegation, records, special: special.map(entry => ({ ...entry, name: foldName(entry.name) })) }
    if (like === undefined) return own
    if (!written.has(like) || path.includes(like)) {
      problems.push(`zone ${origin} is like ${like}, which ${written.has(like) ? 'is like it' : 'is not there'}`)
      return own
    }
    return except(copy(read(like, [...path, origin]), origin), own)
  }
  const zones = [...written.keys()].map(origin => read(origin, []))
  if (problems.length > 0) throw new WorldError([...new Set(problems)])
  return zones
}

/** The zone as a server has it that says `text` of some names and types. @throws WorldError */
export function readCopy(zone: LabZone, text: string): LabZone {
  const { records, special, errors } = parseZone(text, { origin: zone.origin })
  if (errors.length > 0) throw new WorldError(errors.map(({ line, message }) => `copy of zone ${zone.origin}, line ${line}: ${message}`))
  return except(zone, { ...zone, records, special: special.map(entry => ({ ...entry, name: foldName(entry.name) })) })
}

/** The same records under another origin; names inside their data stay as they are. */
function copy({ origin: from, records, special }: LabZone, origin: string): LabZone {
  const move = (name: string): string => name === from ? origin : `${name.slice(0, -from.length)}${origin}`
  return {
    origin,
    signed: false,
    records: records.filter(({ type }) => type !== 'SOA').map(({ name, type, ttl, data }) => makeRecord(move(name), type, ttl, data)),
    special: special.map(entry => ({ ...entry, name: move(entry.name) })),
  }
}

/** An alias and other data never stand at one name (RFC 1034 §3.6.2), so either takes the place of the other. */
function except(copied: LabZone, own: LabZone): LabZone {
  const types = new Map<string, Set<RecordType>>()
  for (const { name, type } of [...own.records, ...own.special]) types.set(name, (types.get(name) ?? new Set()).add(type))
  const stays = ({ name, type }: DnsRecord | SpecialAnswer): boolean => {
    const here = types.get(name)
    return !here || (!here.has(type) && !here.has('CNAME') && type !== 'CNAME')
  }
  return {
    ...own,
    records: [...copied.records.filter(stays), ...own.records],
    special: [...copied.special.filter(stays), ...own.special.filter(({ word }) => word !== 'none')],
  }
}

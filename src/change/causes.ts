/**
 * Which planned records a finding owes itself to. Its evidence names records: where some of those are planned, they are it.
 * Otherwise the planned records that name the host or name in question are, and where there are none, all that change something.
 */
import type { Evidence } from '../checks/define.ts'
import type { ReportedFinding } from '../report/report.ts'
import { isWithin } from '../syntax/name.ts'
import type { CausesOf } from './compare.ts'
import type { PlannedPlace } from './plan.ts'
import type { Plan } from './settle.ts'

/** `changed` are the RRsets (`NAME TYPE`) in which the plan was seen to make a difference. */
export function causesIn(plan: Plan, changed: ReadonlySet<string>, absent: PlannedPlace | null): CausesOf {
  const sets = plan.sets.filter(({ name, type }) => changed.has(`${name} ${type}`))
  const placesOf = (name: string, type: string, text?: string): readonly PlannedPlace[] => {
    const record = text === undefined ? undefined : plan.placeOfRecord(name, type, text)
    if (record) return [record]
    const places = plan.places.get(`${name} ${type}`)
    if (places) return places
    return absent && plan.complete?.some(zone => isWithin(name, zone)) ? [{ ...absent, name, type }] : []
  }
  const inEvidence = (evidence: Evidence): readonly PlannedPlace[] => {
    if (evidence.from !== 'dns') return []
    const { name, type, text } = evidence
    return changed.has(`${name} ${type}`) ? placesOf(name, type, text) : []
  }
  return (...findings) => {
    const shown = unique(findings.flatMap(({ evidence }) => evidence.flatMap(inEvidence)))
    if (shown.length > 0) return shown
    const names = new Set(findings.flatMap(namesIn))
    const about = sets.filter(({ name, records }) => names.has(name) || records?.some(({ text }) => text.split(' ').some(word => names.has(word.replace(/\.$/, '')))))
    const missing = [...changed].filter(key => !plan.places.has(key) && names.has(key.split(' ')[0] ?? ''))
    const named = unique([...about.flatMap(({ name, type }) => placesOf(name, type)), ...missing.flatMap(key => {
      const [name = '', type = ''] = key.split(' ')
      return placesOf(name, type)
    })])
    if (named.length > 0) return named
    const all = [...changed].map(key => key.split(' ') as [string, string])
    const alike = all.filter(([name, type]) => findings.some(({ check }) => mayConcern(check, name, type)))
    return unique((alike.length > 0 ? alike : all).flatMap(([name, type]) => placesOf(name, type)))
  }
}

/** What the checks of a topic look at. */
const topics: readonly (readonly [topics: string, types: RegExp, names: RegExp])[] = [
  ['dkim', /./, /(?:^|\.)_domainkey\./], ['dmarc', /./, /^_dmarc\.|_report\._dmarc\./], ['mta-sts', /./, /^_?mta-sts\./], ['tls-rpt', /./, /^_smtp\._tls\./],
  ['mta-sts mx smtp mx-tls dane', /^MX$/, /./], ['mx smtp mx-tls dane iprev', /^(?:A|AAAA|CNAME)$/, /./], ['dane', /^TLSA$/, /./], ['spf', /^(?:TXT|MX|A|AAAA)$/, /./],
]

function mayConcern(check: string, name: string, type: string): boolean {
  const [topic = ''] = check.split('/')
  return topics.some(([own, types, names]) => own.split(' ').includes(topic) && types.test(type) && names.test(name))
}

/** The names that a finding is about, but for the domain itself, which all of them are. */
function namesIn({ domain, subject, args, evidence }: ReportedFinding): string[] {
  const words = [
    subject.replace(/(?:\[.*)?$/, '').replace(/:\d+$/, ''), ...Object.values(args).flat().map(String),
    ...evidence.flatMap(piece => (piece.from === 'dns' ? [piece.name] : piece.from === 'session' ? [piece.endpoint.replace(/\[.*$/, '')] : [])),
  ]
  return words.filter(word => word !== domain && /^[\w*-]+(?:\.[\w-]+)+$/.test(word))
}

function unique(places: readonly PlannedPlace[]): PlannedPlace[] {
  return [...new Map(places.map(place => [`${place.file}:${place.line}:${place.column} ${place.name} ${place.type}`, place])).values()]
}

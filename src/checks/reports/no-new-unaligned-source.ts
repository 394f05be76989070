import type { ReportDigest } from '../../evaluate/report-digest.ts'
import { defineCheck, fail, passed, skip, unknown, type Subject } from '../define.ts'
import { reportSeen, since } from '../reported.ts'

/** Of the mail of a day. */
const share = 0.05
/** What counts: failing mail of so many days, from sources that were not known so many days ago. */
const [recent, young] = [7, 30]
const mostSources = 50

interface Source extends Subject {
  /** Null for the domain, when there is no such source. */
  readonly found: { readonly first: string; readonly count: number; readonly days: readonly { readonly day: string; readonly count: number; readonly of: number }[] } | null
}

export default defineCheck({
  id: 'reports/no-new-unaligned-source',
  title: 'No new source sends a good part of the domain’s mail, and fails',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9990'],
  needs: ['reports'],
  requires: 'reports',
  alsoRequires: 'state',
  over: ({ reports }, { domain }): readonly Source[] => {
    const found = reports ? newSources(reports) : []
    return found.length > 0 ? found : [{ name: domain, found: null }]
  },
  nothing: 'no reports were given',
  judge({ name, found }, { reports }) {
    if (!reports) return skip('no reports were given')
    const { days, to } = reports.aggregate
    if (to === null) return unknown('history-too-short', 'no aggregate report on the domain is known')
    if (days.length < 2) return unknown('history-too-short', `the reports are about ${days[0]?.day ?? 'one day'} alone: every source is new`)
    if (!found) return passed(reportSeen('aggregate reports', `${reports.sources.length + reports.sourcesOmitted} sources, ${reports.messages.total} messages until ${to}`))
    return fail('failed', { source: name, count: found.count },
      ...found.days.map(({ day, count, of }) => reportSeen('aggregate reports', `${day}: ${name} sent ${count} of ${of} messages, and neither SPF nor DKIM is aligned; first seen ${found.first}`)))
  },
  messages: {
    failed: '{source} sent {count} messages that fail',
  },
  explain: `It is either a service of yours that nobody set up for DMARC, whose mail is lost as soon as the policy is strict, or somebody
    who forges your name.`,
  remedy: ({ name }, { reports }) => {
    const source = reports?.sources.find(({ address }) => address === name)
    const domain = reports?.domain ?? 'the domain'
    const known = [...source?.signers ?? [], ...source?.mailFrom ?? []]
    return {
      text: `If ${name} sends for you${known.length > 0 ? ` (it authenticates as ${known.slice(0, 3).join(', ')})` : ''}, have it sign with d=${domain}, or add it to the SPF record and let it use ` +
        `MAIL FROM at ${domain}. If not, p=quarantine or p=reject keeps its mail out.`,
    }
  },
})

function newSources({ sources, aggregate: { days, to } }: ReportDigest): Source[] {
  const [earliest] = days
  if (!earliest || days.length < 2 || to === null) return []
  const last = days.at(-1)?.day ?? earliest.day
  const totals = new Map(days.map(({ day, messages }) => [day, messages]))
  return sources.flatMap(({ address, first, failing }) => {
    if (first === earliest.day || first < since(last, young)) return []
    const late = failing.filter(({ day }) => day >= since(last, recent)).map(({ day, count }) => ({ day, count, of: totals.get(day) ?? count }))
    const grave = late.filter(({ count, of }) => count > share * of)
    return grave.length === 0 ? [] : [{ name: address, found: { first, count: late.reduce((sum, { count }) => sum + count, 0), days: grave } }]
  }).slice(0, mostSources)
}

/** Received reports for people at a terminal. Names in them are others': what a terminal would obey is made visible. */
import type { Check } from '../checks/define.ts'
import type { ReportDigest } from '../evaluate/report-digest.ts'
import { painter, type Paint } from './paint.ts'
import { coverage, grouped, placeOf, placesRead, plural, share, sourceWords, stricterWords, type ReceivedDomain, type ReceivedPage } from './received.ts'
import { renderFailures } from './text-failures.ts'
import { renderUntested, type TextOptions } from './text.ts'
import { harmless } from './visible.ts'
import { cells, wrap } from './wrap.ts'

const [mostSources, mostFailing] = [25, 15]
const mostLines = 20
const label = 11

interface Sheet {
  readonly width: number
  readonly paint: Paint
  readonly checks: ReadonlyMap<string, Check>
}

export function renderReceived(page: ReceivedPage, { width, colour, checks }: TextOptions & { readonly checks: readonly Check[] }): string {
  const sheet: Sheet = { width: Math.max(40, width), paint: painter(colour), checks: new Map(checks.map(check => [check.id, check])) }
  const { reports, duplicates } = page.read
  const sections = [
    ...page.domains.map(domain => renderDomain(domain, sheet)),
    ...page.domainsOmitted > 0 ? [[`and ${plural(page.domainsOmitted, 'further domain')}: name one with --domain`]] : [],
    renderSetAside(page, sheet),
    wrap(`Read ${plural(reports, 'report')} in ${placesRead(page.read)}${duplicates > 0 ? `; ${plural(duplicates, 'further one was', 'further ones were')} known already and ${duplicates === 1 ? 'does' : 'do'} not count again` : ''}.`, sheet.width),
  ]
  return `${sections.filter(lines => lines.length > 0).map(lines => lines.join('\n')).join('\n\n')}\n`
}

function renderDomain({ digest, report }: ReceivedDomain, sheet: Sheet): string[] {
  const { width, paint } = sheet
  const parts = [
    [paint('bold', harmless(digest.domain)), ...wrap(coverage(digest), width)],
    renderMessages(digest, sheet),
    renderSources({ digest, report }, sheet),
    renderSelectors(digest, sheet),
    renderTls(digest, sheet),
    renderFailureReports(digest, sheet),
    ...renderFailures(report, sheet),
    renderUntested(report, sheet),
  ]
  return parts.filter(lines => lines.length > 0).flatMap((lines, i) => i === 0 ? lines : ['', ...lines])
}

function renderMessages(digest: ReportDigest, { width, paint }: Sheet): string[] {
  const { total, pass, fail, spf, dkim, quarantined, rejected } = digest.messages
  if (total === 0) return []
  const row = (name: string, text: string): string[] => wrap(text, width - label).map((line, i) => `${paint('bold', (i === 0 ? name : '').padEnd(label))}${line}`)
  const fate = [`${grouped(fail)} fail (${share(fail, total)})`, ...quarantined > 0 ? [`${grouped(quarantined)} put aside`] : [], ...rejected > 0 ? [`${grouped(rejected)} refused`] : []]
  return [
    ...row('Messages', `${grouped(total)}: ${grouped(pass)} pass DMARC (${share(pass, total)}), ${fate.join(', ')}`),
    ...row('Aligned', `SPF ${grouped(spf)} (${share(spf, total)}), DKIM ${grouped(dkim)} (${share(dkim, total)})`),
    ...row('Policy', harmless(stricterWords(digest) ?? '')),
  ]
}

function renderSources({ digest }: ReceivedDomain, { width, paint }: Sheet): string[] {
  const { sources, sourcesOmitted, domain } = digest
  if (sources.length === 0) return []
  const failing = new Set(sources.slice(mostSources).filter(({ fail }) => fail > 0).toSorted((a, b) => b.fail - a.fail).slice(0, mostFailing))
  const shown = sources.filter((source, i) => i < mostSources || failing.has(source))
  const rows = shown.map(source => [grouped(source.total), share(source.pass, source.total), grouped(source.spf), grouped(source.dkim), sourceWords(source, domain).map(harmless).join(', ')])
  const left = sources.length - shown.length + sourcesOmitted
  return [
    paint('bold', `Sources (${grouped(sources.length + sourcesOmitted)})`),
    ...table(['Messages', 'Pass', 'SPF', 'DKIM', 'Source'], rows, { width, paint }),
    ...left > 0 ? [`  and ${plural(left, 'further source')} (--json has up to 1,000)`] : [],
  ]
}

function renderSelectors({ selectors, domain }: ReportDigest, { width, paint }: Sheet): string[] {
  const own = selectors.filter(one => one.domain === domain || one.domain.endsWith(`.${domain}`))
  if (own.length === 0) return []
  const words = own.slice(0, mostLines).map(one => `${one.selector}${one.domain === domain ? '' : ` of ${one.domain}`} (${plural(one.messages, 'message')}, last on ${one.last})`)
  return [paint('bold', 'DKIM selectors in use'), ...indented(`${words.map(harmless).join(', ')}${own.length > mostLines ? `, and ${own.length - mostLines} more` : ''}`, width)]
}

function renderTls({ tls: { reports, success, failure, failures } }: ReportDigest, { width, paint }: Sheet): string[] {
  if (reports === 0) return []
  const rows = failures.slice(0, mostLines).map(({ count, host, type, receivers, reason }) =>
    [grouped(count), harmless(`${host}: ${type}${reason === null ? '' : ` (${reason})`}, reported by ${receivers.slice(0, 3).join(', ')}`)])
  return [
    paint('bold', `TLS: ${plural(success, 'session')} in order, ${grouped(failure)} failed`),
    ...rows.length > 0 ? table(['Sessions', 'Host and failure'], rows, { width, paint }) : [],
    ...failures.length > mostLines ? [`  and ${failures.length - mostLines} more`] : [],
  ]
}

function renderFailureReports({ failures: { reports, latest } }: ReportDigest, { width, paint }: Sheet): string[] {
  if (reports === 0) return []
  const shown = latest.slice(0, mostLines)
  return [
    paint('bold', `Failure reports (${grouped(reports)})`),
    ...shown.flatMap(({ at, type, failure, source, result, org }) => indented(harmless(
      `${at === null ? 'no date' : new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')}  ${type}${failure === null ? '' : ` (${failure})`} from ${source ?? 'an address that is not told'}, ` +
      `${result === null ? '' : `${result}, `}by ${org}`), width)),
    ...reports > shown.length ? [`  and ${grouped(reports - shown.length)} more`] : [],
  ]
}

function renderSetAside({ setAside }: ReceivedPage, { width, paint }: Sheet): string[] {
  if (setAside.length === 0) return []
  return [
    paint('bold', `Set aside (${grouped(setAside.length)})`),
    ...setAside.flatMap(one => indented(harmless(`${placeOf(one)}: ${one.reason}`), width)),
  ]
}

function indented(text: string, width: number): string[] {
  return wrap(text, width - 4, { cut: true }).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`)
}

/** Numbers to the right, and the last column in as many lines as it takes. */
function table(head: readonly string[], rows: readonly (readonly string[])[], { width, paint }: Pick<Sheet, 'width' | 'paint'>): string[] {
  const last = head.length - 1
  const widths = head.slice(0, last).map((title, i) => Math.max(cells(title), ...rows.map(row => cells(row[i] ?? ''))))
  const before = widths.reduce((sum, one) => sum + one + 2, 2)
  const line = (row: readonly string[], text: string): string => `  ${widths.map((one, i) => (row[i] ?? '').padStart(one)).join('  ')}  ${text}`.trimEnd()
  return [
    paint('dim', line(head, head[last] ?? '')),
    ...rows.flatMap(row => wrap(row[last] ?? '', Math.max(20, width - before), { cut: true }).map((text, i) => line(i === 0 ? row : [], text))),
  ]
}

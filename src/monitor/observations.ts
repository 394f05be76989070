/** What a run saw of the records that have a history, and how that goes on from run to run. Pure. */
import { placesOf } from '../evaluate/spf-limits.ts'
import type { HistoryFacts, Observation, ObservedCertificate } from '../probes/history.ts'
import type { MessageFacts } from '../probes/message.ts'
import type { ServiceSession } from '../probes/session.ts'
import type { Report } from '../report/report.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { factOf, factsBySubject } from './report-facts.ts'

/** By record: its value, null when there is none. What could not be seen is not among them. */
export type Seen = ReadonlyMap<string, string | null>

/** One value of a record, in milliseconds since 1970. */
export interface Span {
  readonly value: string | null
  readonly first: number
  readonly last: number
}

/** Oldest first, never empty. */
export type Histories = ReadonlyMap<string, readonly Span[]>

const mostRecords = 200
const mostSpans = 20
const longestValue = 4000

export function seenIn(report: Report): Seen {
  const seen = new Map<string, string | null>()
  const put = (record: string, lines: readonly string[]): void => {
    if (seen.size < mostRecords) seen.set(record, lines.length === 0 ? null : lines.toSorted().join('\n').slice(0, longestValue))
  }
  const texts = (records: readonly { readonly text: string }[]): string[] => records.map(({ text }) => text)

  const mx = factOf(report, 'mx')
  if (mx) put('mx', texts(mx.answer.records))
  const spf = factOf(report, 'spf')
  if (spf) {
    put('spf', spf.records)
    for (const { node, target } of spf.branches) {
      if (!node || target === null) continue
      const places = [...placesOf(node)]
      const whole = places.every(({ branch }) => !branch.node || 'value' in branch.node.answer)
      if (whole && 'value' in node.answer) put(`spf-lookups ${target}`, [String(1 + places.length)])
    }
  }
  const own = factOf(report, 'dmarc')?.asked.find(({ domain }) => domain === report.domain)
  if (own && 'value' in own.answer) put('dmarc', texts(own.answer.value.records))
  const mtaSts = factOf(report, 'mtaSts')
  if (mtaSts) {
    put('mta-sts', texts(mtaSts.records))
    const response = mtaSts.policy?.response
    if (response && 'value' in response && response.value.status === 200) put('mta-sts-policy', [response.value.body.replaceAll('\r\n', '\n')])
  }
  const tlsRpt = factOf(report, 'tlsRpt')
  if (tlsRpt) put('tls-rpt', texts(tlsRpt.records))
  const bimi = factOf(report, 'bimi')
  if (bimi) put('bimi', texts(bimi.records))
  for (const { selector, source, exists, answer } of factOf(report, 'dkim')?.selectors ?? []) {
    if ('value' in answer && (exists || source === 'declared')) put(`dkim ${selector}`, texts(answer.value.records))
  }
  const message = messageOf(report)
  for (const { domain, selector, result, signature: { signedAt } } of message?.verdict.dkim ?? []) {
    if (result !== 'pass' || domain !== report.domain || selector === null) continue
    const at = signedAt === null || signedAt > 8.64e12 ? message?.verdict.entry?.at : new Date(signedAt * 1000)
    if (at) put(`dkim-use ${selector}`, [at.toISOString()])
  }
  for (const { lookups } of factOf(report, 'mxTlsa') ?? []) {
    for (const { name, answer } of lookups) if ('value' in answer) put(`tlsa ${name}`, texts(answer.value.records))
  }
  for (const [name, { tls }] of [...factsBySubject<ServiceSession>(report, 'smtp'), ...factsBySubject<ServiceSession>(report, 'service')]) {
    const leaf = tls && parseCertificate(tls.chain[0] ?? '')
    if (!leaf || Number.isNaN(leaf.notBefore.getTime() + leaf.notAfter.getTime())) continue
    const { sha256, spkiSha256, notBefore, notAfter } = leaf
    const certificate: ObservedCertificate = { sha256, spkiSha256, notBefore: notBefore.toISOString(), notAfter: notAfter.toISOString() }
    put(`certificate ${name}`, [JSON.stringify(certificate)])
  }
  return seen
}

/** The message that a run looked at. It has a `problem` of its own, so that it passes for a failure elsewhere. */
function messageOf({ facts: { message } }: Report): MessageFacts | undefined {
  return typeof message === 'object' && message !== null && 'verdict' in message ? message as MessageFacts : undefined
}

/** What is remembered after these values were seen at `now`. */
export function afterSeeing(before: Histories, seen: Seen, now: number): Histories {
  const after = new Map(before)
  for (const [record, value] of seen) {
    const spans = after.get(record) ?? []
    const latest = spans.at(-1)
    if (latest?.value === value) after.set(record, [...spans.slice(0, -1), { ...latest, last: now }])
    // that a record is not there says something only where one was: names that are guessed at are legion
    else if (latest || (value !== null && after.size < mostRecords)) after.set(record, [...spans, { value, first: now, last: now }].slice(-mostSpans))
  }
  return after
}

/** As the checks read it. */
export function historyFacts(histories: Histories, since: number | null): HistoryFacts {
  const time = (milliseconds: number): string => new Date(milliseconds).toISOString()
  return {
    since: since === null ? null : time(since),
    records: Object.fromEntries([...histories].map(([record, spans]) =>
      [record, spans.map(({ value, first, last }): Observation => ({ value, firstSeen: time(first), lastSeen: time(last) }))])),
  }
}

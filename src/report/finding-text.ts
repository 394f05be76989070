/** One finding as a few plain lines, for formats that have a box of text for it: what was seen, why it matters, what to do. */
import type { Check, Evidence } from '../checks/define.ts'
import { reasons, type Reason } from '../reasons.ts'
import type { ReportedFinding } from './report.ts'
import { harmless, visible } from './visible.ts'
import { shortened } from './wrap.ts'

const mostEvidence = 8

/** `example.com 300 TXT "v=spf1 -all"`, `mx1.example.com[192.0.2.1]:25 250 ok`: one line each. */
function evidenceLines(evidence: readonly Evidence[]): string[] {
  const lines = evidence.slice(0, mostEvidence).map(item => shortened(item.from === 'dns'
    ? `${visible(item.name) || '.'} ${item.ttl === null ? '' : `${item.ttl} `}${item.type} ${visible(item.text)}`
    : `${visible(item.from === 'session' ? item.endpoint : item.url)} ${visible(item.line)}`))
  return evidence.length > mostEvidence ? [...lines, `and ${evidence.length - mostEvidence} more`] : lines
}

/** Evidence, reason, instruction and records of a failure; empty for the other verdicts. */
export function cureLines({ evidence, remedy, verdict }: ReportedFinding, check: Check | undefined): string[] {
  if (verdict !== 'fail') return []
  return [
    ...evidenceLines(evidence).map(line => `seen: ${line}`),
    ...(check ? [`why: ${oneLine(check.explain)}`] : []),
    ...(remedy ? [`do: ${oneLine(remedy.text)}`] : []),
    ...(remedy?.records?.set ?? []).map(record => `publish: ${harmless(record)}`),
    ...(remedy?.records?.remove ?? []).map(record => `remove: ${harmless(record)}`),
    ...(check && check.rfc.length > 0 ? [`by: ${check.rfc.join(', ')}`] : []),
  ]
}

/** Why it could not be tested, in one line. */
export function unknownBecause({ code, detail }: Pick<ReportedFinding, 'code' | 'detail'>): string {
  const reason = reasons[code as Reason] as string | undefined ?? code ?? ''
  return detail === null || detail === reason ? reason : `${reason} (${shortened(visible(detail))})`
}

function oneLine(text: string): string {
  return harmless(text.replace(/\s+/g, ' ').trim())
}

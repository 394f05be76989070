/**
 * What others report of the domain's mail: DMARC aggregate reports (RFC 9990), TLS reports (RFC 8460) and failure reports (RFC 9991),
 * summed up. The reports come with the scope; nobody is asked. What claims to be about days to come is left out: beside it, all
 * that is true would be old.
 */
import { digestSteps, type ReportDigest } from '../evaluate/report-digest.ts'
import { isOfTheFuture } from '../syntax/received-report.ts'
import { withPauses } from '../syntax/steps.ts'
import type { ProbeContext } from './index.ts'

export interface ReportsFacts extends ReportDigest {
  /** When reports were last looked for, RFC 3339; null when they could not be yet. */
  readonly readAt: string | null
}

export async function probeReports({ scope, network }: ProbeContext): Promise<ReportsFacts | null> {
  if (!scope.reports) return null
  const now = network.now()
  const digest = await withPauses(digestSteps(scope.domain, scope.reports.filter(report => !isOfTheFuture(report, now))), othersFirst)
  const { reportsReadAt = now } = scope
  return { ...digest, readAt: reportsReadAt?.toISOString() ?? null }
}

/** There may be millions of rows, and somebody who waits for an answer meanwhile. */
function othersFirst(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/**
 * What others report of the domain's mail: DMARC aggregate reports (RFC 9990), TLS reports (RFC 8460) and failure reports (RFC 9991),
 * summed up. The reports come with the scope; nobody is asked.
 */
import { digestReports, type ReportDigest } from '../evaluate/report-digest.ts'
import type { ProbeContext } from './index.ts'

export type ReportsFacts = ReportDigest

export function probeReports({ scope }: ProbeContext): Promise<ReportsFacts | null> {
  return Promise.resolve(scope.reports ? digestReports(scope.domain, scope.reports) : null)
}

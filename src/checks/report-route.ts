/** Can mail reach a host that is to receive reports (RFC 5321 §5.1)? Reports that cannot are lost without a trace. */
import type { ReportDestination } from '../probes/report-destinations.ts'
import type { Failure } from '../network/network.ts'
import type { Evidence } from './define.ts'
import { absenceSeen, recordSeen } from './evidence.ts'
import { resolutionOf } from './resolution.ts'

export interface RouteFault {
  readonly code: 'no-domain' | 'no-route' | 'null-mx'
  readonly evidence: readonly Evidence[]
}

/** Null when there is a way. */
export function routeFault({ mx, addresses }: ReportDestination): RouteFault | { readonly problem: Failure } | null {
  if ('problem' in mx) return mx
  const { records, rcode } = mx.value
  if (records.some(({ data }) => data.exchange === '')) return records.length === 1 ? { code: 'null-mx', evidence: records.map(recordSeen) } : null
  if (records.length > 0) return null
  if (rcode === 'NXDOMAIN') return { code: 'no-domain', evidence: [absenceSeen(mx.value)] }
  const resolution = addresses && resolutionOf(addresses)
  if (!resolution || resolution.addresses.length > 0) return null
  return resolution.problem ? { problem: resolution.problem } : { code: 'no-route', evidence: [absenceSeen(mx.value), ...resolution.evidence] }
}

/**
 * Can this port be reached from here at all, over this address family? Somebody accepted it, in this run: another endpoint
 * of the domain, or a vantage host. Only then does a timeout speak of the server (DESIGN §16.7).
 */
import type { MxEndpoint } from './addresses.ts'
import type { ProbeContext } from './index.ts'
import type { ServiceEndpoint } from './services.ts'

export interface EgressFacts {
  readonly port: number
  readonly family: 4 | 6
  /** Names of endpoints that accepted a connection on this port over this family; empty proves nothing. */
  readonly accepted: readonly string[]
}

export declare function probeEgress(context: ProbeContext, endpoint: MxEndpoint | ServiceEndpoint): Promise<EgressFacts>

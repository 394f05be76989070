/**
 * Where people send and read their mail. Per service: the configuration file, else the SRV records (RFC 6186 §3, RFC 8314
 * §5.1; target "." means "not offered"), else the customary names. A guess that does not answer is no finding.
 */
import type { Answer, Endpoint, Outcome } from '../network/network.ts'
import type { ServiceName } from '../services.ts'
import type { ProbeContext, Subject } from './index.ts'

/** How an endpoint came to be known; `guess` is a customary name, the others are somebody's declaration. */
export type Source = 'config' | 'srv' | 'guess'

export interface ServiceEndpoint extends Endpoint, Subject {
  readonly service: ServiceName
  readonly source: Source
}

export interface ServiceFacts {
  /** One for each (service, host, address); in the order of `services.ts`, then host, then address. */
  readonly endpoints: readonly ServiceEndpoint[]
  /** Declared hosts without any address: nothing can be connected to. */
  readonly unresolved: readonly UnresolvedService[]
  /** Services that the domain says it does not offer (SRV target ".", or null in the configuration). */
  readonly notOffered: readonly ServiceName[]
  /** The SRV answers, by owner name. */
  readonly srv: Readonly<Record<string, Outcome<Answer<'SRV'>>>>
}

export interface UnresolvedService extends Subject {
  /** `mail.example.com:993`. */
  readonly name: string
  readonly service: ServiceName
  readonly host: string
  readonly port: number
  readonly source: Exclude<Source, 'guess'>
}

export declare function probeServices(context: ProbeContext): Promise<ServiceFacts>

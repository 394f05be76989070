/** From an endpoint to the dialogue its protocol speaks. */
import type { MxEndpoint } from './addresses.ts'
import type { ProbeContext } from './index.ts'
import type { ServiceEndpoint } from './services.ts'
import type { ServiceSession, SmtpFacts } from './session.ts'

export declare function probeMxSession(context: ProbeContext, endpoint: MxEndpoint): Promise<SmtpFacts>
export declare function probeService(context: ProbeContext, endpoint: ServiceEndpoint): Promise<ServiceSession>

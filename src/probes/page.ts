/**
 * One page over HTTPS, as MTA-STS, BIMI and report collectors are asked: its host's addresses first, which every wrapper of
 * the network sees, then the page itself from them. Redirects are answers; a certificate is kept, not believed.
 */
import { outcome, type HttpRequest, type HttpResponse, type Outcome } from '../network/network.ts'
import { addressesOf, leadsAstray, type AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'

export interface PageFacts {
  readonly url: string
  readonly host: string
  readonly addresses: AddressFacts
  /** Null: there is no address to ask, or none but such as lead to this machine and its neighbours. */
  readonly response: Outcome<HttpResponse> | null
}

/** Within a minute and 64 KiB, unless the request says otherwise (RFC 8461 §3.3). */
export async function probePage({ network, facts }: ProbeContext, url: string, host: string, request: HttpRequest = {}): Promise<PageFacts> {
  const found = await facts.get('addresses', { name: host })
  const addresses = addressesOf(found).filter(address => !leadsAstray(address))
  const response = addresses.length > 0 ? await outcome(network.fetch(url, { ...request, addresses })) : null
  return { url, host, addresses: found, response }
}

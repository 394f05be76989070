/** The hosts that SRV records name for mail programs (RFC 6186 §3), looked up. */
import type { AddressFacts } from './addresses.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { Advertised } from './published-servers.ts'

export interface SrvTarget extends Subject {
  readonly advertised: Advertised
  readonly addresses: AddressFacts
}

/** Records of all services together. */
const mostTargets = 48

export async function probeSrvTargets({ facts }: ProbeContext): Promise<readonly SrvTarget[]> {
  const { advertised } = await facts.get('namedServices')
  return Promise.all(advertised.slice(0, mostTargets).map(async one =>
    ({ name: one.name, advertised: one, addresses: await facts.get('addresses', { name: one.host }) })))
}

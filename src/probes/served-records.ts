/**
 * What each name server of the zone says of the domain's mail: MX, the TXT records at the domain (SPF among them) and at
 * _dmarc. All must say the same (RFC 1034 §4.3.5); where they do not, it is chance which answer a sender gets. The TTLs are
 * those of the zone, not what a cache has left of them, and so are the signatures.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import type { ProbeContext } from './index.ts'
import { authorities, type AskedServer } from './nameservers.ts'

export interface ServedRecords extends AskedServer {
  readonly mx: Outcome<Answer<'MX'>>
  readonly txt: Outcome<Answer<'TXT'>>
  readonly dmarc: Outcome<Answer<'TXT'>>
}

/** By every address that knows the zone. */
export async function probeServedRecords({ network, facts, scope: { domain } }: ProbeContext): Promise<readonly ServedRecords[]> {
  const { hosts, zone } = await facts.get('nameservers')
  return Promise.all(authorities(hosts, zone).map(async server => {
    const { address } = server
    const [mx, txt, dmarc] = await Promise.all([
      outcome(network.query({ name: domain, type: 'MX', server: address })),
      outcome(network.query({ name: domain, type: 'TXT', server: address })),
      outcome(network.query({ name: `_dmarc.${domain}`, type: 'TXT', server: address })),
    ])
    return { ...server, mx, txt, dmarc }
  }))
}

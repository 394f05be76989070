/**
 * DMARC (RFC 9989; before it RFC 7489): the policy record at _dmarc under the domain, else the one that the domain inherits.
 * RFC 7489 inherits from the organizational domain of the Public Suffix List. Every name asked is kept with its answer, in
 * order, so that which record applies stays a judgement that can be made by either RFC.
 */
import { dmarcRecords, type DmarcLookup } from '../evaluate/dmarc-policy.ts'
import { outcome } from '../network/network.ts'
import type { ProbeContext } from './index.ts'

export interface DmarcFacts {
  /** From the domain itself upwards. */
  readonly asked: readonly DmarcLookup[]
  /** By the Public Suffix List (RFC 7489 §3.2). */
  readonly organizationalDomain: string
}

export async function probeDmarc({ network, scope: { domain } }: ProbeContext): Promise<DmarcFacts> {
  const ask = async (at: string): Promise<DmarcLookup> => {
    const name = `_dmarc.${at}`
    return { domain: at, name, answer: await outcome(network.query({ name, type: 'TXT' })) }
  }
  // The list is large and takes a while to load: while the network is waited for, not at the start of the program.
  const [own, { organizationalDomain }] = await Promise.all([ask(domain), import('../syntax/organizational-domain.ts')])
  const organization = organizationalDomain(domain)
  const inherits = organization !== domain && dmarcRecords(own).length !== 1
  return { asked: inherits ? [own, await ask(organization)] : [own], organizationalDomain: organization }
}

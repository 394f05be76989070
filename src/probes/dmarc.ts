/**
 * DMARC (RFC 9989; before it RFC 7489): the policy record at _dmarc under the domain, else the one that the domain inherits.
 * RFC 7489 inherits from the organizational domain of the Public Suffix List. Every name asked is kept with its answer, in
 * order, so that which record applies stays a judgement that can be made by either RFC.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { joinedText } from '../syntax/record.ts'
import { isDmarc } from '../syntax/dmarc.ts'
import type { ProbeContext } from './index.ts'

export interface DmarcFacts {
  /** From the domain itself upwards. */
  readonly asked: readonly DmarcQuestion[]
  /** By the Public Suffix List (RFC 7489 §3.2). */
  readonly organizationalDomain: string
}

export interface DmarcQuestion {
  readonly domain: string
  /** `_dmarc.example.com` */
  readonly name: string
  readonly answer: Outcome<Answer<'TXT'>>
}

export async function probeDmarc({ network, scope: { domain } }: ProbeContext): Promise<DmarcFacts> {
  const ask = async (at: string): Promise<DmarcQuestion> => {
    const name = `_dmarc.${at}`
    return { domain: at, name, answer: await outcome(network.query({ name, type: 'TXT' })) }
  }
  // The list is large and takes a while to load: while the network is waited for, not at the start of the program.
  const [own, { organizationalDomain }] = await Promise.all([ask(domain), import('../syntax/organizational-domain.ts')])
  const organization = organizationalDomain(domain)
  const inherits = organization !== domain && dmarcRecords(own).length !== 1
  return { asked: inherits ? [own, await ask(organization)] : [own], organizationalDomain: organization }
}

/** The texts that are DMARC records (RFC 9989 §4.10 step 2); none when the lookup failed. */
export function dmarcRecords({ answer }: DmarcQuestion): string[] {
  return 'value' in answer ? answer.value.records.map(joinedText).filter(isDmarc) : []
}

/**
 * What stands beside SPF: records of the obsolete type 99 (RFC 7208 §3.1), and TXT records at the names under the domain where
 * an SPF record is sometimes put by mistake. No receiver asks for either.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import type { ProbeContext } from './index.ts'

/** `_spf` and `spf` under the domain; not asked, and empty, when the domain itself has a record. */
export type SpfElsewhereFacts = readonly { readonly name: string; readonly answer: Outcome<Answer<'TXT'>> }[]

export async function probeSpfElsewhere({ network, scope: { domain }, facts }: ProbeContext): Promise<SpfElsewhereFacts> {
  const { records } = await facts.get('spf')
  if (records.length > 0) return []
  return Promise.all(['_spf', 'spf'].map(async label => {
    const name = `${label}.${domain}`
    return { name, answer: await outcome(network.query({ name, type: 'TXT' })) }
  }))
}

export function probeSpfType({ network, scope: { domain } }: ProbeContext): Promise<Answer<'SPF'>> {
  return network.query({ name: domain, type: 'SPF' })
}

/**
 * DMARC (RFC 9989; before it RFC 7489): the policy record at _dmarc under the domain, else the one that the domain inherits.
 * RFC 9989 finds it by walking up the DNS, RFC 7489 at the organizational domain of the Public Suffix List. Every name of the
 * walk is asked at once and kept with its answer, so that which record applies stays a judgement that can be made by either RFC.
 */
import { policyName, walkTargets, type DmarcLookup } from '../evaluate/dmarc-walk.ts'
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import type { ProbeContext } from './index.ts'

export interface DmarcFacts extends DmarcNames {
  /** Those names among the ones asked below which others register (the Public Suffix List, both sections). */
  readonly publicSuffixes: readonly string[]
}

/** What is needed to tell which organization a name belongs to. */
export interface DmarcNames {
  readonly domain: string
  /** From the domain itself upwards. */
  readonly asked: readonly DmarcLookup[]
  /** By the Public Suffix List (RFC 7489 §3.2). */
  readonly organizationalDomain: string
}

export async function probeDmarc(context: ProbeContext): Promise<DmarcFacts> {
  const [names, { isPublicSuffix }] = await Promise.all([lookUpNames(context, context.scope.domain), import('../syntax/organizational-domain.ts')])
  return { ...names, publicSuffixes: names.asked.map(({ domain }) => domain).filter(isPublicSuffix) }
}

/** The walk from `domain`, and its organizational domain by the list, which is one of the names of a full walk. */
export async function lookUpNames({ network }: ProbeContext, domain: string): Promise<DmarcNames> {
  const asked = walkTargets(domain).flatMap(target => {
    const name = policyName(target)
    return name === null ? [] : [outcome(network.query({ name, type: 'TXT' })).then((answer): DmarcLookup => ({ domain: target, name, answer }))]
  })
  // The list is large and takes a while to load: while the network is waited for, not at the start of the program.
  const { organizationalDomain } = await import('../syntax/organizational-domain.ts')
  return { domain, asked: await Promise.all(asked), organizationalDomain: organizationalDomain(domain) }
}


/** TXT where policies are published by mistake. */
export interface DmarcPlaces {
  readonly places: readonly { readonly name: string; readonly answer: Outcome<Answer<'TXT'>> }[]
}

export async function probeDmarcPlaces({ network, scope: { domain } }: ProbeContext): Promise<DmarcPlaces> {
  const names = [domain, `dmarc.${domain}`, `_dmarc._dmarc.${domain}`]
  return { places: await Promise.all(names.map(async name => ({ name, answer: await outcome(network.query({ name, type: 'TXT' })) }))) }
}

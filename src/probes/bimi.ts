/**
 * BIMI (draft-brand-indicators-for-message-identification §7): the TXT record at default._bimi.DOMAIN, else at the organizational
 * domain, names a logo and the certificate that proves the right to it. Both are files on the web, and are fetched.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { isBimi, parseBimi } from '../syntax/bimi.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { hostOf } from '../syntax/uri.ts'
import type { ProbeContext } from './index.ts'
import { probePage, type PageFacts } from './page.ts'

export interface BimiFacts {
  /** The domain itself, then the organizational domain, if it had to be asked. */
  readonly asked: readonly BimiLookup[]
  /** The records that begin with the version, at the first name that has any. */
  readonly records: readonly DnsRecord<'TXT'>[]
  readonly logo: PageFacts | null
  readonly evidence: PageFacts | null
}

export interface BimiLookup {
  /** `default._bimi.example.com` */
  readonly name: string
  readonly answer: Outcome<Answer<'TXT'>>
}

/** A mark certificate carries the logo and its issuer’s certificate. */
const evidenceLimit = 256 * 1024

export async function probeBimi(context: ProbeContext): Promise<BimiFacts> {
  const { facts, scope: { domain } } = context
  const own = await lookUp(context, domain)
  const asked = [own]
  if (recordsOf(own).length === 0 && 'value' in own.answer) {
    const { organizationalDomain } = await facts.get('dmarc')
    if (organizationalDomain !== domain) asked.push(await lookUp(context, organizationalDomain))
  }
  const records = asked.map(recordsOf).find(found => found.length > 0) ?? []
  const [record, second] = records
  const parsed = record && !second ? parseBimi(joinedText(record)) : null
  const [logo, evidence] = await Promise.all([page(context, parsed?.location), page(context, parsed?.evidence, evidenceLimit)])
  return { asked, records, logo, evidence }
}

async function lookUp({ network }: ProbeContext, domain: string): Promise<BimiLookup> {
  const name = `default._bimi.${domain}`
  return { name, answer: await outcome(network.query({ name, type: 'TXT' })) }
}

function recordsOf({ answer }: BimiLookup): DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records.filter(record => isBimi(joinedText(record))) : []
}

async function page(context: ProbeContext, url: string | null | undefined, limit?: number): Promise<PageFacts | null> {
  const host = url ? hostOf(url) : null
  return url && host !== null ? probePage(context, url, host, limit === undefined ? {} : { limit }) : null
}

/**
 * MTA-STS (RFC 8461): the TXT record at _mta-sts.DOMAIN says that there is a policy, and the policy lies at one fixed URL,
 * https://mta-sts.DOMAIN/.well-known/mta-sts.txt. Senders fetch it only where there is exactly one record, and so do we.
 */
import { isMtaSts } from '../syntax/mta-sts.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import type { Answer } from '../network/network.ts'
import type { ProbeContext } from './index.ts'
import { probePage, type PageFacts } from './page.ts'

export interface MtaStsFacts {
  /** `_mta-sts.example.com` */
  readonly name: string
  readonly answer: Answer<'TXT'>
  /** The TXT records that begin "v=STSv1;" (§3.1). */
  readonly records: readonly DnsRecord<'TXT'>[]
  /** Null: not asked for, because there is not exactly one record. */
  readonly policy: PageFacts | null
}

export async function probeMtaSts(context: ProbeContext): Promise<MtaStsFacts> {
  const { network, facts, scope: { domain } } = context
  const name = `_mta-sts.${domain}`
  // By the time that the record is known, so is where the policy lies.
  const host = `mta-sts.${domain}`
  void facts.get('addresses', { name: host })
  const answer = await network.query({ name, type: 'TXT' })
  const records = answer.records.filter(record => isMtaSts(joinedText(record)))
  const policy = records.length === 1 ? await probePage(context, `https://${host}/.well-known/mta-sts.txt`, host) : null
  return { name, answer, records, policy }
}

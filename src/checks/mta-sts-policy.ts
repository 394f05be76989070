/**
 * The MTA-STS policy that senders apply to a domain: one valid record, one policy that is served and can be read. Anything
 * less is no policy, and a check of its own says what is wrong with it.
 */
import type { MtaStsFacts } from '../probes/mta-sts.ts'
import type { HttpResponse } from '../network/network.ts'
import { formatMtaSts, parseMtaSts, parseMtaStsPolicy, type MtaStsMode, type MtaStsPolicy } from '../syntax/mta-sts.ts'
import { joinedText } from '../syntax/record.ts'
import { skip, type Evidence, type Skip, type Unknown } from './define.ts'
import { txtLine } from './publish.ts'
import { pageSeen, servedPage } from './served-page.ts'

export interface AppliedPolicy {
  readonly mode: MtaStsMode
  /** Seconds. */
  readonly maxAge: number
  readonly mx: readonly string[]
  readonly parsed: MtaStsPolicy
  readonly url: string
  readonly response: HttpResponse
}

export const noPolicy = skip('the domain publishes no MTA-STS record')

/** The policy in force, or why a check of it has nothing to say. */
export function appliedPolicy({ records, policy: page }: MtaStsFacts, now: string): AppliedPolicy | Skip | Unknown {
  const [record, second] = records
  if (record === undefined) return noPolicy
  if (second !== undefined || !page) return skip('there are several MTA-STS records, so senders use none')
  if (!parseMtaSts(joinedText(record)).valid) return skip('senders can make nothing of the MTA-STS record')
  const served = servedPage(page, now)
  if (served.state === 'undecided') return served.because
  if (served.state === 'faulty') return skip('the MTA-STS policy is not served')
  const { response } = served
  const parsed = parseMtaStsPolicy(response.body)
  const { mode, maxAge, mx, valid } = parsed
  if (!valid || mode === null || maxAge === null) return skip('senders can make nothing of the MTA-STS policy')
  return { mode, maxAge, mx, parsed, url: page.url, response }
}

/** The same, where only one mode matters. */
export function policyIn(mode: MtaStsMode, facts: MtaStsFacts, now: string): AppliedPolicy | Skip | Unknown {
  const policy = appliedPolicy(facts, now)
  if ('verdict' in policy || policy.mode === mode) return policy
  return skip(`the MTA-STS policy has mode: ${policy.mode}`)
}

/** The lines of the policy that say this. */
export function policyLines({ url, response }: Pick<AppliedPolicy, 'url' | 'response'>, field: string): Evidence[] {
  const lines = response.body.split('\n').map(line => line.trim()).filter(line => line.startsWith(`${field}:`))
  return lines.slice(0, 12).map(line => pageSeen({ url }, line))
}

/** The record that announces a new edition of the policy; its id is the time at which it was advised. */
export function newRecord(domain: string, now: string): string {
  return txtLine(`_mta-sts.${domain}`, formatMtaSts(now.replace(/\.\d+|[^0-9T]/g, '')))
}

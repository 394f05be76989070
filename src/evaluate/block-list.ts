/**
 * What the answers of a DNS block list mean (RFC 5782). Only documented answers are listings: lists say "I do not serve you"
 * with addresses, too, and a zone that was given up may answer everything. So two test points are asked first (§5), one that
 * must be listed and one that must not.
 */
import type { BlockList } from '../data/lists.ts'
import type { Answer, Failure, Outcome } from '../network/network.ts'

export interface Reading {
  /** What is documented of the answers that are listings. */
  readonly listed: readonly string[]
  readonly refused: boolean
  /** Answers that nothing is documented of. */
  readonly undocumented: readonly string[]
}

export function readListing(list: Pick<BlockList, 'codes' | 'bits' | 'ignored' | 'refusals'>, { records }: Answer<'A'>): Reading {
  const listed: string[] = []
  const undocumented: string[] = []
  let refused = false
  for (const { data: { address } } of records) {
    const meanings = meaningsOf(list, address)
    if (address.startsWith('127.255.255.') || list.refusals?.includes(address)) refused = true
    else if (meanings === null) undocumented.push(address)
    else listed.push(...meanings)
  }
  return { listed: [...new Set(listed)], refused, undocumented }
}

/** Null when the address is not documented; nothing, when it is and means no harm. */
function meaningsOf({ codes = {}, bits = {}, ignored = [] }: Pick<BlockList, 'codes' | 'bits' | 'ignored'>, address: string): string[] | null {
  const code = Object.hasOwn(codes, address) ? codes[address] : undefined
  if (code !== undefined) return [code]
  if (ignored.includes(address)) return []
  const octet = Number(/^127\.0\.0\.(\d+)$/.exec(address)?.[1] ?? 0)
  const harmless = ignored.filter((one): one is number => typeof one === 'number')
  const known = [...Object.keys(bits).map(Number), ...harmless]
  if (octet === 0 || known.length === 0 || (octet & ~known.reduce((all, bit) => all | bit, 0)) !== 0) return null
  return Object.entries(bits).flatMap(([bit, meaning]) => (octet & Number(bit)) !== 0 ? [meaning] : [])
}

/** The test points of one kind: any of `listed` must be listed, `unlisted` must not be. */
export interface TestPoints {
  readonly listed: readonly Outcome<Answer<'A'>>[]
  readonly unlisted: Outcome<Answer<'A'>>
}

export type Health =
  | { readonly state: 'healthy' }
  | { readonly state: 'refused' }
  | { readonly state: 'unhealthy'; readonly why: string }
  | { readonly state: 'silent'; readonly problem: Failure }

export function healthOf(list: Pick<BlockList, 'codes' | 'bits' | 'ignored' | 'refusals'>, { listed, unlisted }: TestPoints): Health {
  const answers = [...listed, unlisted].flatMap(answer => 'value' in answer ? [answer.value] : [])
  if (answers.some(answer => readListing(list, answer).refused)) return { state: 'refused' }
  const [problem] = [...listed, unlisted].flatMap(answer => 'problem' in answer ? [answer.problem] : [])
  const found = listed.some(answer => 'value' in answer && answer.value.records.some(({ data }) => data.address.startsWith('127.')))
  if ('value' in unlisted && unlisted.value.records.length > 0) return { state: 'unhealthy', why: 'it lists its test point that must not be listed' }
  if (problem && (!found || 'problem' in unlisted)) return { state: 'silent', problem }
  return found ? { state: 'healthy' } : { state: 'unhealthy', why: 'it does not list its test point' }
}

/**
 * The addresses that SPF lets send as the domain, from all its records together, as ranges: what its terms add up to, first
 * match by first match, when every macro and reverse name is left out of account. Special-purpose addresses (RFC 6890) are left
 * out as well: nothing that is sent from them reaches a receiver.
 */
import { formatRange, networkOf, setOf, sizeOf, subtract, type AddressSet, type Family } from '../evaluate/address-set.ts'
import { spfSets } from '../evaluate/spf-set.ts'
import type { Failure } from '../network/network.ts'
import { addressOctets } from '../syntax/address.ts'
import { specialPurposeBlocks } from '../syntax/special-purpose.ts'
import { tooMany } from './addresses.ts'
import { drive } from './drive.ts'
import type { ProbeContext } from './index.ts'

/** Addresses of one family. Sizes are numbers, and above 2^53 not exact. */
export interface SpfSpan {
  readonly addresses: number
  /** In order: `192.0.2.0/24`, `192.0.2.1-192.0.2.5`. */
  readonly ranges: readonly { readonly range: string; readonly addresses: number }[]
}

export interface SpfSpaceFacts {
  readonly v4: SpfSpan
  readonly v6: SpfSpan
  /** The terms of the domain's own record that pass somebody, with whom no term before them passes. */
  readonly terms: readonly { readonly term: string; readonly at: number; readonly v4: SpfSpan; readonly v6: SpfSpan }[]
  /** The first question that was not answered, or why not all was added up: then there may be more addresses. */
  readonly problem: Failure | null
  /** Not all was added up: of what was left out nothing is known. */
  readonly cut: boolean
}

export async function probeSpfSpace({ network, scope }: ProbeContext): Promise<SpfSpaceFacts> {
  let problem: Failure | null = null
  const { results, passes, cut } = await drive(spfSets({ domain: scope.domain }), network, failure => { problem ??= failure })
  if (cut !== null) problem ??= tooMany(cut)
  return {
    v4: spanOf(results[4].get('pass') ?? [], 4),
    v6: spanOf(results[6].get('pass') ?? [], 6),
    terms: passes.map(({ term, at, sets }) => ({ term, at, v4: spanOf(sets[4], 4), v6: spanOf(sets[6], 6) })),
    problem,
    cut: cut !== null,
  }
}

const special: Readonly<Record<Family, AddressSet>> = { 4: specialOf(4), 6: specialOf(16) }

function specialOf(length: 4 | 16): AddressSet {
  return setOf(specialPurposeBlocks.flatMap(([prefix, bits]) => {
    const octets = addressOctets(prefix)
    return octets?.length === length ? [networkOf(octets, bits)] : []
  }))
}

function spanOf(passed: AddressSet, family: Family): SpfSpan {
  const set = subtract(passed, special[family])
  return { addresses: Number(sizeOf(set)), ranges: set.map(range => ({ range: formatRange(range, family), addresses: Number(sizeOf([range])) })) }
}

/**
 * Sets of IP addresses of one family, as ranges: sorted, disjoint and not adjacent, so that equal sets look the same.
 * An address is a number of 32 or 128 bits, and a size may be 2^128: everything is a bigint.
 */
import { formatAddress } from '../syntax/address.ts'

export type Family = 4 | 6

/** Both ends are in it. */
export interface AddressRange {
  readonly first: bigint
  readonly last: bigint
}

export type AddressSet = readonly AddressRange[]

export const nobody: AddressSet = []

/** Every address of the family. */
export function everybody(family: Family): AddressSet {
  return [{ first: 0n, last: (1n << BigInt(widthOf(family))) - 1n }]
}

/** The addresses that share the first `prefix` bits with this one (4 or 16 octets). */
export function networkOf(octets: Uint8Array, prefix: number): AddressRange {
  const hosts = BigInt(octets.length * 8 - prefix)
  const first = (numberOf(octets) >> hosts) << hosts
  return { first, last: first + (1n << hosts) - 1n }
}

/** Any ranges as a set. */
export function setOf(ranges: readonly AddressRange[]): AddressSet {
  const set: { first: bigint; last: bigint }[] = []
  for (const { first, last } of ranges.toSorted((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)))) {
    const before = set.at(-1)
    if (before && first <= before.last + 1n) before.last = last > before.last ? last : before.last
    else set.push({ first, last })
  }
  return set
}

export function union(...sets: readonly AddressSet[]): AddressSet {
  const [only = nobody, second] = sets.filter(set => set.length > 0)
  return second ? setOf(sets.flat()) : only
}

export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  const set: AddressRange[] = []
  for (let i = 0, j = 0; ;) {
    const left = a[i]
    const right = b[j]
    if (!left || !right) return set
    const first = left.first > right.first ? left.first : right.first
    const last = left.last < right.last ? left.last : right.last
    if (first <= last) set.push({ first, last })
    if (left.last < right.last) i++
    else j++
  }
}

/** What is in `a` and not in `b`. */
export function subtract(a: AddressSet, b: AddressSet): AddressSet {
  const set: AddressRange[] = []
  let j = 0
  for (const { first, last } of a) {
    let from = first
    for (let hole = b[j]; hole && hole.first <= last; hole = b[j]) {
      if (hole.first > from) set.push({ first: from, last: hole.first - 1n })
      if (hole.last + 1n > from) from = hole.last + 1n
      if (hole.last > last) break // it may reach into the next range
      j++
    }
    if (from <= last) set.push({ first: from, last })
  }
  return set
}

export function sizeOf(set: AddressSet): bigint {
  return set.reduce((sum, { first, last }) => sum + last - first + 1n, 0n)
}

/** `192.0.2.0/24` where it is a network, otherwise `192.0.2.1-192.0.2.5`. */
export function formatRange({ first, last }: AddressRange, family: Family): string {
  const size = last - first + 1n
  const bits = size.toString(2).length - 1
  const isNetwork = size === 1n << BigInt(bits) && (first & (size - 1n)) === 0n
  if (!isNetwork) return `${formatNumber(first, family)}-${formatNumber(last, family)}`
  return size === 1n ? formatNumber(first, family) : `${formatNumber(first, family)}/${widthOf(family) - bits}`
}

export function formatNumber(address: bigint, family: Family): string {
  const digits = address.toString(16).padStart(widthOf(family) / 4, '0')
  return formatAddress(Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16)))
}

function numberOf(octets: Uint8Array): bigint {
  return octets.reduce((number, octet) => (number << 8n) | BigInt(octet), 0n)
}

function widthOf(family: Family): number {
  return family === 4 ? 32 : 128
}

/** Sets of addresses as reports have them: sizes in words and digits, ranges as text. */
import { formatRange, sizeOf, type AddressSet, type Family } from '../evaluate/address-set.ts'
import type { SetResult, SpfApart, SpfSets } from '../evaluate/spf-set.ts'
import type { Paint } from './paint.ts'
import { visible } from './visible.ts'

export type Sets = Readonly<Record<Family, AddressSet>>

export function passing({ results }: SpfSets): Sets {
  return { 4: results[4].get('pass') ?? [], 6: results[6].get('pass') ?? [] }
}

export function allSets({ results }: SpfSets): { readonly result: SetResult; readonly sets: Sets }[] {
  return [...new Set([...results[4].keys(), ...results[6].keys()])]
    .map(result => ({ result, sets: { 4: results[4].get(result) ?? [], 6: results[6].get(result) ?? [] } }))
}

/** Sizes as text, because they go beyond what JSON's numbers hold. */
export function setsJson(sets: Sets): object {
  const json = (family: Family): object => ({ addresses: String(sizeOf(sets[family])), ranges: sets[family].map(range => formatRange(range, family)) })
  return { ipv4: json(4), ipv6: json(6) }
}

export function apartJson({ apart }: SpfSets): object[] {
  return apart.map(({ domain, term, on }: SpfApart) => ({ domain, term, dependsOn: on }))
}

/** A range a line. */
export function renderSets(mark: string, sets: Sets, paint: Paint): string[] {
  const rows = ([4, 6] as const).flatMap(family => sets[family].map(range => ({ text: formatRange(range, family), size: amount({ 4: [], 6: [], [family]: [range] }) })))
  const width = Math.max(...rows.map(({ text }) => text.length))
  return rows.map(({ text, size }) => `  ${mark}${text.padEnd(width)}  ${paint('dim', size)}`)
}

/** What the sets leave open, in paragraphs. */
export function renderDoubts({ apart, problems }: SpfSets, paint: Paint): string[] {
  return [
    ...(apart.length > 0 ? ['', paint('bold', 'depends on the message, and is taken to match nobody here')] : []),
    ...apart.map(({ domain, term, on }) => `  ${visible(term)}${domain === null ? '' : ` in ${visible(domain)}`}: depends on ${on}`),
    ...(problems.length > 0 ? ['', paint('bold', 'problems')] : []),
    ...problems.map(text => `  ${visible(text)}`),
  ]
}

/** `1,024 IPv4 addresses and 2 IPv6 /64 networks`; with `others`, more than half of all are the others. */
export function amount(sets: Sets, others = false): string {
  const [v4, v6] = [sizeOf(sets[4]), sizeOf(sets[6])]
  const parts = [
    ...(v4 === 0n ? [] : [v4 === 1n << 32n ? 'every IPv4 address' : others && v4 > 1n << 31n ? 'every other IPv4 address' : `${digits(v4)} IPv4 ${v4 === 1n ? 'address' : 'addresses'}`]),
    ...(v6 === 0n ? [] : [others && v6 < 1n << 128n && v6 > 1n << 127n ? 'every other IPv6 address' : amount6(v6)]),
  ]
  return parts.length === 0 ? 'nobody' : parts.join(' and ')
}

function amount6(size: bigint): string {
  if (size === 1n << 128n) return 'every IPv6 address'
  if (size < 1_000_000n) return `${digits(size)} IPv6 ${size === 1n ? 'address' : 'addresses'}`
  const networks = size >> 64n
  if (networks << 64n === size && networks < 1_000_000n) return `${digits(networks)} IPv6 /64 ${networks === 1n ? 'network' : 'networks'}`
  const bits = size.toString(2)
  if (/^10*$/.test(bits)) return `2^${bits.length - 1} IPv6 addresses`
  const [mantissa = '', exponent = ''] = Number(size).toExponential(1).split('e+')
  return `about ${mantissa}×10^${exponent} IPv6 addresses`
}

function digits(number: bigint): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/**
 * RR types by number and mnemonic (IANA "DNS Parameters"). A type without a mnemonic here is `TYPEnnn` (RFC 3597 §5).
 * Only some mnemonics have a data shape of their own; the rest are here because an RRSIG may cover them.
 */
/** The types whose data has a shape of its own (`RecordData`). */
export const numbers = {
  A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, DNAME: 39, DS: 43, RRSIG: 46, DNSKEY: 48,
  TLSA: 52, SPF: 99, CAA: 257,
} as const

const shapeless: Readonly<Record<string, number>> = {
  HINFO: 13, NAPTR: 35, CERT: 37, SSHFP: 44, NSEC: 47, NSEC3: 50, NSEC3PARAM: 51, SMIMEA: 53, CDS: 59, CDNSKEY: 60,
  OPENPGPKEY: 61, ZONEMD: 63, SVCB: 64, HTTPS: 65,
}

export type NamedType = keyof typeof numbers

export const namedTypes = Object.keys(numbers) as readonly NamedType[]

const byMnemonic = new Map<string, number>([...Object.entries(numbers), ...Object.entries(shapeless)])
const byNumber = new Map([...byMnemonic].map(([mnemonic, number]) => [number, mnemonic]))
const shapes = new Map<number, NamedType>(namedTypes.map(type => [numbers[type], type]))

/** The number of `MX`, `mx` or `TYPE15`; null for what is no type. */
export function typeNumber(type: string): number | null {
  const mnemonic = type.toUpperCase()
  const known = byMnemonic.get(mnemonic)
  if (known !== undefined) return known
  const number = /^TYPE(\d{1,5})$/.exec(mnemonic)?.[1]
  return number !== undefined && Number(number) <= 0xffff ? Number(number) : null
}

/** `MX` for 15, `TYPE65280` for 65280. */
export function typeMnemonic(number: number): string {
  return byNumber.get(number) ?? `TYPE${number}`
}

/** How records of this type are kept: under the mnemonic when their data has a shape, otherwise as `TYPEnnn`. */
export function recordType(number: number): NamedType | `TYPE${number}` {
  return shapes.get(number) ?? `TYPE${number}`
}

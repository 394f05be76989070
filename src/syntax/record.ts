/**
 * DNS records as values: their data by type, and the presentation format of RFC 1035 §5.1 that zone files use.
 * Text from a zone is octets, so every string here has one character an octet (U+0000 to U+00FF).
 */

import { foldName } from './name.ts'
import { formatData } from './record-data.ts'

export { foldName } from './name.ts'
export { formatData, parseData } from './record-data.ts'
export { RecordSyntaxError } from './record-syntax-error.ts'

/** The data of each type that mailcheck reads. A type without a shape of its own is `TYPEnnn` (RFC 3597). */
export interface RecordData {
  A: { readonly address: string }
  AAAA: { readonly address: string }
  NS: { readonly host: string }
  CNAME: { readonly target: string }
  DNAME: { readonly target: string }
  PTR: { readonly host: string }
  SOA: {
    readonly primary: string; readonly mailbox: string; readonly serial: number
    readonly refresh: number; readonly retry: number; readonly expire: number; readonly minimum: number
  }
  MX: { readonly preference: number; readonly exchange: string }
  /** The character-strings apart, as they were sent; joined without separator they are the record. */
  TXT: { readonly strings: readonly string[] }
  /** RR type 99, obsolete (RFC 7208 §3.1). */
  SPF: { readonly strings: readonly string[] }
  SRV: { readonly priority: number; readonly weight: number; readonly port: number; readonly target: string }
  /** Hexadecimal data, lower case. */
  TLSA: { readonly usage: number; readonly selector: number; readonly matching: number; readonly data: string }
  DS: { readonly keyTag: number; readonly algorithm: number; readonly digestType: number; readonly digest: string }
  /** Base64 key. */
  DNSKEY: { readonly flags: number; readonly protocol: number; readonly algorithm: number; readonly key: string }
  /** Times in seconds since 1970. */
  RRSIG: {
    readonly covers: string; readonly algorithm: number; readonly labels: number; readonly originalTtl: number
    readonly expiration: number; readonly inception: number; readonly keyTag: number; readonly signer: string; readonly signature: string
  }
  CAA: { readonly flags: number; readonly tag: string; readonly value: string }
  /** Any other type: its RDATA in hexadecimal, lower case. */
  [type: `TYPE${number}`]: { readonly octets: string }
}

export type RecordType = keyof RecordData

export interface DnsRecord<T extends RecordType = RecordType> {
  /** Owner: lower case, no final dot, '' for the root. */
  readonly name: string
  readonly type: T
  /** Seconds. */
  readonly ttl: number
  readonly data: RecordData[T]
  /** The data in presentation format, names with their final dot: what a zone file would say. */
  readonly text: string
}

/** A record with its `text`; `name` is folded. */
export function makeRecord<T extends RecordType>(name: string, type: T, ttl: number, data: RecordData[T]): DnsRecord<T> {
  return { name: foldName(name), type, ttl, data, text: formatData(type, data) }
}

/** The character-strings of a TXT or SPF record joined without separator (RFC 7208 §3.3): what the record says. */
export function joinedText({ data }: DnsRecord<'TXT'> | DnsRecord<'SPF'>): string {
  return data.strings.join('')
}

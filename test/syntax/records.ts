/** Records of every type, for properties: all that the types allow, hostile octets included. */
import fc from 'fast-check'
import { formatLabels } from '../../src/syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordData, type RecordType } from '../../src/syntax/record.ts'
import { formatAddress } from '../../src/syntax/address.ts'
import { namedTypes, typeMnemonic, type NamedType } from '../../src/syntax/record-type.ts'

const anyOctet = fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code))
const octet = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'z', 'A', 'Z', '0', '9', '-', '_') }, anyOctet)
const octets = (maxLength: number, minLength = 0) => fc.string({ unit: octet, minLength, maxLength })
const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
const encoded = (encoding: 'hex' | 'base64') => fc.uint8Array({ maxLength: 80 }).map(bytes => Buffer.from(bytes).toString(encoding))
const address = (length: 4 | 16) => fc.uint8Array({ minLength: length, maxLength: length }).map(formatAddress)
const strings = fc.record({ strings: fc.array(octets(255), { minLength: 1, maxLength: 4 }) })

/** At most 4 labels of 60 octets, or many short ones: never over 255 octets on the wire. */
export const anyName = fc.oneof(
  fc.array(octets(60, 1), { maxLength: 4 }).map(formatLabels),
  fc.array(octets(1, 1), { maxLength: 127 }).map(formatLabels),
)

const data: { readonly [T in NamedType]: fc.Arbitrary<RecordData[T]> } = {
  A: fc.record({ address: address(4) }),
  AAAA: fc.record({ address: address(16) }),
  NS: fc.record({ host: anyName }),
  CNAME: fc.record({ target: anyName }),
  DNAME: fc.record({ target: anyName }),
  PTR: fc.record({ host: anyName }),
  SOA: fc.record({ primary: anyName, mailbox: anyName, serial: u32, refresh: u32, retry: u32, expire: u32, minimum: u32 }),
  MX: fc.record({ preference: u16, exchange: anyName }),
  TXT: strings,
  SPF: strings,
  SRV: fc.record({ priority: u16, weight: u16, port: u16, target: anyName }),
  TLSA: fc.record({ usage: u8, selector: u8, matching: u8, data: encoded('hex') }),
  DS: fc.record({ keyTag: u16, algorithm: u8, digestType: u8, digest: encoded('hex') }),
  DNSKEY: fc.record({ flags: u16, protocol: u8, algorithm: u8, key: encoded('base64') }),
  RRSIG: fc.record({
    covers: u16.map(typeMnemonic), algorithm: u8, labels: u8, originalTtl: u32, expiration: u32, inception: u32, keyTag: u16,
    signer: anyName, signature: encoded('base64'),
  }),
  CAA: fc.record({ flags: u8, tag: octets(255), value: octets(255) }),
}

export interface TypedData {
  readonly type: RecordType
  readonly data: RecordData[RecordType]
}

export const anyData: fc.Arbitrary<TypedData> = fc.oneof(
  ...namedTypes.map(type => (data[type] as fc.Arbitrary<RecordData[RecordType]>).map(value => ({ type, data: value }))),
  encoded('hex').map(octets => ({ type: 'TYPE65280' as const, data: { octets } })),
)

export const anyRecord: fc.Arbitrary<DnsRecord> = fc.tuple(anyName, anyData, fc.integer({ min: 0, max: 0x7fffffff }))
  .map(([name, { type, data: value }, ttl]) => makeRecord(name, type, ttl, value))

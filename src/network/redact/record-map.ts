/** DNS records renamed, type by type. What only proves something (signatures, digests of what is not on the tape) becomes chance. */
import { createHash, randomBytes } from 'node:crypto'
import { labelsOf } from '../../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordData, type RecordType } from '../../syntax/record.ts'
import type { AddressMap } from './address-map.ts'
import type { CertificateMap } from './certificate-map.ts'
import type { NameMap } from './name-map.ts'
import type { TextMap } from './text-map.ts'

interface Maps { readonly names: NameMap; readonly addresses: AddressMap; readonly texts: TextMap; readonly certificates: CertificateMap }

export class RecordMap {
  readonly #maps: Maps
  readonly #digests = new Map<string, string>()

  /** `keys`: all DNSKEY records of the tape, whose DS records have to fit them by their new names. */
  constructor(maps: Maps, keys: Iterable<DnsRecord<'DNSKEY'>>) {
    this.#maps = maps
    for (const { name, data } of keys) {
      for (const algorithm of ['sha1', 'sha256', 'sha384']) {
        this.#digests.set(dsDigest(name, data, algorithm), dsDigest(maps.names.name(name), data, algorithm))
      }
    }
  }

  record<T extends RecordType>({ name, type, ttl, data }: DnsRecord<T>): DnsRecord<T> {
    return makeRecord(this.#maps.names.name(name), type, ttl, this.#data(type, data) as RecordData[T])
  }

  #data(type: RecordType, data: RecordData[RecordType]): RecordData[RecordType] {
    const { names, addresses, texts } = this.#maps
    switch (type) {
      case 'A': case 'AAAA': {
        const { address } = data as RecordData['A']
        return { address: addresses.text(address) ?? address }
      }
      case 'NS': case 'PTR':
        return { host: names.name((data as RecordData['NS']).host) }
      case 'CNAME': case 'DNAME':
        return { target: names.name((data as RecordData['CNAME']).target) }
      case 'MX': {
        const { preference, exchange } = data as RecordData['MX']
        return { preference, exchange: names.name(exchange) }
      }
      case 'SRV': {
        const srv = data as RecordData['SRV']
        return { ...srv, target: names.name(srv.target) }
      }
      case 'SOA': {
        const soa = data as RecordData['SOA']
        return { ...soa, primary: names.name(soa.primary), mailbox: names.name(soa.mailbox) }
      }
      case 'TXT': case 'SPF':
        return { strings: this.strings((data as RecordData['TXT']).strings) }
      case 'CAA': {
        const { flags, tag, value } = data as RecordData['CAA']
        return { flags, tag, value: texts.text(value) }
      }
      case 'TLSA': {
        const tlsa = data as RecordData['TLSA']
        return { ...tlsa, data: this.#association(tlsa.data) }
      }
      case 'DS': {
        const ds = data as RecordData['DS']
        return { ...ds, digest: this.#digests.get(ds.digest) ?? randomBytes(ds.digest.length / 2).toString('hex') }
      }
      case 'DNSKEY':
        return data
      case 'RRSIG': {
        const rrsig = data as RecordData['RRSIG']
        return { ...rrsig, signer: names.name(rrsig.signer), signature: randomBytes(Buffer.from(rrsig.signature, 'base64').length).toString('base64') }
      }
      default: {
        const { octets } = data as RecordData['TYPE0']
        return { octets: randomBytes(octets.length / 2).toString('hex') }
      }
    }
  }

  /** Joined, renamed, and divided at the same places: a name may go from one string into the next. */
  strings(strings: readonly string[]): string[] {
    const { texts } = this.#maps
    const joined = strings.join('')
    const policy = /^\s*v\s*=|(?:^|;)\s*[pk]\s*=|spf/i.test(joined)
    const rename = (text: string): string => policy ? texts.text(text) : texts.token(text)
    const renamed = rename(joined)
    const apart = strings.map(rename)
    if (apart.join('') === renamed && apart.every(text => text.length <= longestString)) return apart
    const pieces: string[] = []
    let from = 0
    for (const i of strings.keys()) {
      // a part of a name is as long as it was, so what stands before the end of a string tells where that is now
      const to = i === strings.length - 1 ? renamed.length : Math.max(from, Math.min(renamed.length, rename(strings.slice(0, i + 1).join('')).length))
      for (let at = from; at < to || at === from; at += longestString) pieces.push(renamed.slice(at, Math.min(to, at + longestString)))
      from = to
    }
    return pieces
  }

  #association(data: string): string {
    const known = this.#maps.certificates.associations.get(data)
    if (known !== undefined || data.length < 40 || digestsOfNothing.has(data)) return known ?? data
    const chance = this.#digests.get(data) ?? randomBytes(data.length / 2).toString('hex')
    this.#digests.set(data, chance)
    return chance
  }
}

/** RFC 1035 §3.3. */
const longestString = 255
const digestsOfNothing = new Set(['sha256', 'sha512'].map(name => createHash(name).digest('hex')))

/** RFC 4034 §5.1.4. */
function dsDigest(name: string, { flags, protocol, algorithm, key }: RecordData['DNSKEY'], digest: string): string {
  const owner = labelsOf(name).flatMap(label => [label.length, ...Buffer.from(label, 'latin1')])
  return createHash(digest).update(Uint8Array.from([...owner, 0, flags >> 8, flags & 0xff, protocol, algorithm])).update(key, 'base64').digest('hex')
}

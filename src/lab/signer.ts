/**
 * Signs the zones of a world (RFC 4034): a key a zone, a DS for its parent, and an RRSIG for each RRset that is asked for.
 * The signatures are true; there are no NSEC records, so what is denied is denied on the resolver's word alone.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { writeData } from '../network/dns/rdata.ts'
import { Writer } from '../network/dns/wire.ts'
import { keyTag } from '../syntax/dnskey.ts'
import { labelsOf } from '../syntax/name.ts'
import { makeRecord, type DnsRecord, type RecordData, type RecordType } from '../syntax/record.ts'
import { typeNumber } from '../syntax/record-type.ts'
import type { Dnssec } from './definition.ts'
import { parseDuration } from './duration.ts'

const ttl = 3600

interface Key {
  readonly data: RecordData['DNSKEY']
  readonly secret: KeyObject
}

export class Signer {
  readonly #now: Date
  readonly #keys = new Map<string, Key>()
  readonly #signatures = new Map<string, DnsRecord<'RRSIG'>>()

  constructor(now: Date) {
    this.#now = now
  }

  dnskey(zone: string, { algorithm, bits }: Dnssec): DnsRecord<'DNSKEY'> {
    return makeRecord(zone, 'DNSKEY', ttl, this.#key(algorithm, bits).data)
  }

  ds(zone: string, dnssec: Dnssec): DnsRecord<'DS'> {
    const key = this.dnskey(zone, dnssec)
    const hash = ({ 1: 'sha1', 2: 'sha256', 4: 'sha384' } as const)[dnssec.digest]
    const digest = createHash(hash).update(nameOctets(zone)).update(dataOctets('DNSKEY', key.data)).digest('hex') // RFC 4034 §5.1.4
    return makeRecord(zone, 'DS', ttl, { keyTag: keyTag(key.data), algorithm: dnssec.algorithm, digestType: dnssec.digest, digest })
  }

  /** The signature on one RRset of the zone. */
  sign(zone: string, dnssec: Dnssec, rrset: readonly DnsRecord[]): DnsRecord<'RRSIG'>[] {
    const [first] = rrset
    if (!first) return []
    const { name, type } = first
    const of = `${zone}\n${rrset.map(record => `${record.name} ${record.type} ${record.text}`).toSorted().join('\n')}`
    const known = this.#signatures.get(of)
    if (known) return [known]
    const { algorithm, bits, from, until } = dnssec
    const { data, secret } = this.#key(algorithm, bits)
    const at = (span: string): number => Math.floor((this.#now.getTime() + parseDuration(span)) / 1000)
    const unsigned: RecordData['RRSIG'] = {
      covers: type, algorithm, labels: labelsOf(name).filter(label => label !== '*').length, originalTtl: first.ttl,
      expiration: at(until), inception: at(from), keyTag: keyTag(data), signer: zone, signature: '',
    }
    const octets = [dataOctets('RRSIG', unsigned), ...canonical(rrset)] // RFC 4034 §3.1.8.1
    const hash = algorithm === 5 || algorithm === 7 ? 'sha1' : 'sha256'
    const signature = sign(hash, Buffer.concat(octets), { key: secret, dsaEncoding: 'ieee-p1363' }).toString('base64')
    const record = makeRecord(name, 'RRSIG', first.ttl, { ...unsigned, signature })
    this.#signatures.set(of, record)
    return [record]
  }

  /** One for all zones that want the same: making RSA keys takes a while. */
  #key(algorithm: Dnssec['algorithm'], bits: Dnssec['bits']): Key {
    const of = algorithm === 13 ? '13' : `${algorithm} ${bits}`
    const known = this.#keys.get(of)
    if (known) return known
    const pair = algorithm === 13 ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: bits })
    const { x = '', y = '', n = '', e = '' } = pair.publicKey.export({ format: 'jwk' })
    const exponent = Buffer.from(e, 'base64url')
    const octets = algorithm === 13 ? [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')] // RFC 6605 §4
      : [Buffer.from([exponent.length]), exponent, Buffer.from(n, 'base64url')] // RFC 3110 §2
    const key = { data: { flags: 257, protocol: 3, algorithm, key: Buffer.concat(octets).toString('base64') }, secret: pair.privateKey }
    this.#keys.set(of, key)
    return key
  }
}

/** RFC 4034 §6: each record with its data in full, in the order of the data. */
function canonical(rrset: readonly DnsRecord[]): Buffer[] {
  const datas = rrset.map(({ type, data }) => dataOctets(type, data)).toSorted((a, b) => Buffer.compare(a, b))
  return datas.flatMap(data => {
    const [first] = rrset
    const head = Buffer.alloc(10)
    head.writeUInt16BE(typeNumber(first?.type ?? '') ?? 0)
    head.writeUInt16BE(1, 2)
    head.writeUInt32BE(first?.ttl ?? 0, 4)
    head.writeUInt16BE(data.length, 8)
    return [nameOctets(first?.name ?? ''), head, data]
  })
}

function nameOctets(name: string): Buffer {
  const writer = new Writer()
  writer.name(name, false)
  return writer.toBuffer()
}

function dataOctets<T extends RecordType>(type: T, data: RecordData[T]): Buffer {
  const writer = new Writer()
  writeData(type, data, writer)
  return writer.toBuffer()
}

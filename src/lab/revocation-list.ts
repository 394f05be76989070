/** Lists of revoked certificates (RFC 5280 §5), signed by the authorities of a world, with every flaw that a test wants. */
import { randomBytes, sign } from 'node:crypto'
import * as asn1 from 'asn1js'
import type { AlgorithmIdentifier, Extension } from 'pkijs'
import { arrayBuffer, extension, pointName, signatureAlgorithm, time, type Authority } from './certificates.ts'

export interface ListedCertificate {
  /** Hexadecimal, as `CertificateInfo.serial`. */
  readonly serial: string
  readonly date: Date
  /** A number of §5.3.1: 1 is keyCompromise. */
  readonly reason?: number
  /** Further extensions of the entry. */
  readonly extensions?: readonly Extension[]
}

export interface RevocationListOptions {
  readonly entries?: readonly ListedCertificate[]
  readonly thisUpdate: Date
  /** Null: it does not say. */
  readonly nextUpdate: Date | null
  /** issuingDistributionPoint (§5.2.5). */
  readonly point?: {
    readonly url?: string
    readonly only?: 'users' | 'authorities' | 'attributes'
    readonly someReasons?: boolean
    readonly indirect?: boolean
  }
  /** Further extensions of the list. */
  readonly extensions?: readonly Extension[]
}

/** DER. */
export function makeRevocationList({ subject, key }: Pick<Authority, 'subject' | 'key'>, options: RevocationListOptions): Buffer {
  const { entries = [], thisUpdate, nextUpdate, point, extensions = [] } = options
  const algorithm: AlgorithmIdentifier = signatureAlgorithm(key, 'sha256')
  const all = [extension('2.5.29.20', new asn1.Integer({ valueHex: arrayBuffer(Buffer.concat([Buffer.of(1), randomBytes(4)])) })),
    ...(point ? [issuingPoint(point)] : []), ...extensions]
  const said = new asn1.Sequence({
    value: [
      new asn1.Integer({ value: 1 }), algorithm.toSchema(), subject.toSchema(), time(thisUpdate).toSchema(),
      ...(nextUpdate ? [time(nextUpdate).toSchema()] : []),
      ...(entries.length > 0 ? [new asn1.Sequence({ value: entries.map(entry) })] : []), // §5.1.2.6: absent when there are none
      new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [new asn1.Sequence({ value: all.map(one => one.toSchema() as asn1.BaseBlock) })] }),
    ] as asn1.BaseBlock[],
  })
  const octets = Buffer.from(said.toBER(false))
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', octets, key)
  const whole = new asn1.Sequence({ value: [said, algorithm.toSchema(), new asn1.BitString({ valueHex: arrayBuffer(signature) })] })
  return Buffer.from(whole.toBER(false))
}

function entry({ serial, date, reason, extensions = [] }: ListedCertificate): asn1.Sequence {
  const all = [...(reason === undefined ? [] : [extension('2.5.29.21', new asn1.Enumerated({ value: reason }))]), ...extensions]
  return new asn1.Sequence({
    value: [
      new asn1.Integer({ valueHex: arrayBuffer(Buffer.from(serial, 'hex')) }), time(date).toSchema(),
      ...(all.length > 0 ? [new asn1.Sequence({ value: all.map(one => one.toSchema() as asn1.BaseBlock) })] : []),
    ],
  })
}

function issuingPoint({ url, only, someReasons = false, indirect = false }: NonNullable<RevocationListOptions['point']>): Extension {
  const yes = (tagNumber: number): asn1.BaseBlock => new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: arrayBuffer(Buffer.of(0xff)) })
  return extension('2.5.29.28', new asn1.Sequence({
    value: [
      ...(url === undefined ? [] : [pointName(url)]),
      ...(only === 'users' ? [yes(1)] : []), ...(only === 'authorities' ? [yes(2)] : []),
      ...(someReasons ? [new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber: 3 }, valueHex: arrayBuffer(Buffer.of(0x06, 0x40)) })] : []),
      ...(indirect ? [yes(4)] : []), ...(only === 'attributes' ? [yes(5)] : []),
    ],
  }), true)
}

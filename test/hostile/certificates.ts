/** What a hostile server shows: a certificate as worlds have them, made odd. */
import type { Issuers } from '../../src/lab/issuers.ts'
import { toPem } from '../../src/lab/certificates.ts'
import type { HostileServer } from './corpus.ts'

export interface Shown {
  readonly keyPem: string
  /** Leaf first, as served. */
  readonly chain: readonly Buffer[]
  readonly pem: string
}

export const host = 'mx1.example.com'

export async function showFor({ certificate, odd }: HostileServer, issuers: Issuers): Promise<Shown> {
  if (!certificate) throw new Error('no certificate')
  const many = Array.from({ length: odd.names ?? 0 }, (_, i) => `customer${i}.example.net`)
  const definition = many.length > 0 ? { ...certificate, names: [...certificate.names ?? [host], ...many] } : certificate
  const { issued, chain } = await issuers.issueFor(host, definition)
  const leaf = odd.garbage !== undefined ? Buffer.from(odd.garbage, 'hex')
    : odd.nested !== undefined ? nested(odd.nested)
    : replaced(odd.dates ? withoutDates(issued.der) : issued.der, odd.replace ?? {})
  const damaged = [leaf, ...chain.slice(1)]
  const repeated = odd.chain === undefined ? damaged : Array.from({ length: odd.chain }, (_, i) => damaged[i % damaged.length] ?? leaf)
  return { keyPem: issued.keyPem, chain: repeated, pem: repeated.map(der => toPem(der)).join('') }
}

/** Each UTCTime (RFC 5280 §4.1.2.5.1), thirteen characters long, becomes what is no time. */
function withoutDates(der: Buffer): Buffer {
  return Buffer.from(der.toString('latin1').replace(/\x17\x0d\d{12}Z/g, '\x17\x0d\x00\xffbefore noon'), 'latin1')
}

/** Definite lengths, from the inside out. */
function nested(depth: number): Buffer {
  let octets = Buffer.alloc(0)
  const heads: Buffer[] = []
  for (let length = 0, i = 0; i < depth; i++) {
    const head = length < 0x80 ? Buffer.of(0x30, length) : Buffer.of(0x30, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff)
    heads.push(head)
    length += head.length
  }
  octets = Buffer.concat(heads.reverse())
  return octets
}

/** Each must be there once, and be replaced by as much: lengths around it stay true. */
function replaced(der: Buffer, changes: Readonly<Record<string, string>>): Buffer {
  let text = der.toString('hex')
  for (const [from, to] of Object.entries(changes)) {
    if (text.split(from).length < 2) throw new Error(`the certificate does not hold ${from}`)
    text = text.replace(from, to)
  }
  return Buffer.from(text, 'hex')
}

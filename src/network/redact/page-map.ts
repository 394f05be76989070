/** HTTPS exchanges renamed: the address, the headers that are read, and the body by its kind. */
import { randomBytes, randomInt } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { unpackGzip } from '../../syntax/gzip.ts'
import { readX509 } from '../../syntax/x509.ts'
import type { CertificateMap } from './certificate-map.ts'
import type { TextMap } from './text-map.ts'

/** The others may hold anything, cookies included, and no check reads them. */
const readHeaders = new Set([
  'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'location', 'cache-control', 'expires', 'age', 'date', 'strict-transport-security', 'content-security-policy', 'accept',
])
const pem = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

export class PageMap {
  readonly #texts: TextMap
  readonly #certificates: CertificateMap

  constructor(texts: TextMap, certificates: CertificateMap) {
    this.#texts = texts
    this.#certificates = certificates
  }

  headers(headers: Readonly<Record<string, string>>, before = '', after = ''): Record<string, string> {
    return Object.fromEntries(Object.entries(headers).filter(([name]) => readHeaders.has(name)).map(([name, value]) =>
      [name, name === 'content-length' && value === String(before.length) ? String(after.length) : this.#texts.text(value)]))
  }

  body(body: string): string {
    if (body === '') return body
    const unpacked = body.startsWith('\x1f\x8b') ? unpackGzip(body, 1 << 20) : null
    if (unpacked !== null) return gzipSync(Buffer.from(this.body(unpacked), 'latin1')).toString('latin1')
    const octets = Buffer.from(body, 'latin1')
    if (body.startsWith('0') && readX509(octets)) return Buffer.from(this.#certificates.certificate(octets.toString('base64')), 'base64').toString('latin1')
    if (/[\0-\x08\x0e-\x1f]/.test(body)) return body.slice(0, 4) + randomBytes(Math.max(0, octets.length - 4)).toString('latin1')
    if (body.includes('-----BEGIN CERTIFICATE-----')) return body.replace(pem, block => this.#pem(block))
    const named = this.#texts.text(body)
    if (/<svg[\s>]/i.test(body)) return drawn(named)
    if (/<clientConfig[\s>]/.test(body)) return named.replace(/(<(displayName|displayShortName|descr)\b[^>]*>)([^<]*)/g, (_, tag: string, __, text: string) => tag + text.replace(/[A-Za-z]/g, 'x'))
    return /<html[\s>]|<!doctype html/i.test(body) ? blank(named) : named
  }

  #pem(block: string): string {
    const [base64 = ''] = certificatesIn(block)
    const lines = this.#certificates.certificate(base64).match(/.{1,64}/g) ?? []
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----`
  }
}

/** Base64 of the certificates in a body: PEM, or one in DER. */
export function certificatesIn(body: string): string[] {
  if (body.startsWith('0') && readX509(Buffer.from(body, 'latin1'))) return [Buffer.from(body, 'latin1').toString('base64')]
  return (body.match(pem) ?? []).map(block => Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64').toString('base64'))
}

/** The same elements, and another picture. */
function drawn(svg: string): string {
  return svg.replace(/(\s(?:d|points|transform)\s*=\s*)(["'])([^"']*)\2/gi, (_, name: string, quote: string, path: string) =>
    `${name}${quote}${path.replace(/[1-9]/g, () => String(randomInt(1, 10)))}${quote}`).replace(/>([^<>]*[A-Za-z][^<>]*)</g, (_, text: string) => `>${text.replace(/[A-Za-z]/g, 'x')}<`)
}

/** The same tags, and nothing said between them. */
function blank(html: string): string {
  return html.replace(/>([^<>]*)</g, (_, text: string) => `>${text.replace(/[A-Za-z]/g, 'x')}<`)
}

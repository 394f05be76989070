/** HTTPS exchanges renamed: the address, the headers that are read, and the body by its kind. */
import { randomBytes, randomInt } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { unpackGzip } from '../../syntax/gzip.ts'
import { isObject, listOf, parseJson } from '../../syntax/rdap.ts'
import { readX509 } from '../../syntax/x509.ts'
import type { CertificateMap } from './certificate-map.ts'
import type { TextMap } from './text-map.ts'

/** The others may hold anything, cookies included, and no check reads them. */
const readHeaders = new Set([
  'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'location', 'cache-control', 'expires', 'age', 'date', 'strict-transport-security', 'content-security-policy', 'accept',
])
const pem = /(-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----)/g
/** What is cut off can be read by nobody but by eye. */
const brokenPem = /(-----BEGIN CERTIFICATE-----)[^-]*/g

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

  /** What is packed twice is read by nobody, and may be packed without end: within a pack it is `packed` and becomes noise. */
  body(body: string, packed = false): string {
    if (body === '') return body
    const unpacked = !packed && body.startsWith('\x1f\x8b') ? unpackGzip(body, 1 << 20) : null
    if (unpacked !== null) return gzipSync(Buffer.from(this.body(unpacked, true), 'latin1')).toString('latin1')
    const octets = Buffer.from(body, 'latin1')
    if (body.startsWith('0') && readX509(octets)) return Buffer.from(this.#certificates.certificate(octets.toString('base64')), 'base64').toString('latin1')
    const revocations = body.startsWith('0') ? this.#certificates.revocations(octets) : null
    if (revocations) return revocations.toString('latin1')
    if (/[\0-\x08\x0e-\x1f]/.test(body)) return body.slice(0, 4) + randomBytes(Math.max(0, octets.length - 4)).toString('latin1')
    const named = (registered(body) ?? body).split(pem).map((piece, i) => i % 2 === 1 ? this.#pem(piece) : this.#texts.text(piece.replace(brokenPem, '$1'))).join('')
    if (/<svg[\s>]/i.test(body)) return drawn(named)
    if (/<clientConfig[\s>]/.test(body)) return named.replace(/(<(displayName|displayShortName|descr)\b[^<>]*>)([^<]*)/g, (_, tag: string, __, text: string) => tag + text.replace(/[A-Za-z]/g, 'x'))
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
  return blank(svg.replace(/(\s(?:d|points|transform)\s*=\s*)(["'])([^"']*)\2/gi, (_, name: string, quote: string, path: string) =>
    `${name}${quote}${path.replace(/[1-9]/g, () => String(randomInt(1, 10)))}${quote}`))
}

/** Of a registration (RDAP), what is read of it: registries tell of people as well. Null for anything else. */
function registered(body: string): string | null {
  const json = body.includes('"objectClassName"') ? parseJson(body) : null
  if (!isObject(json)) return null
  const objects = (list: unknown): Readonly<Record<string, unknown>>[] => listOf(list).filter(isObject)
  const only = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined
  const titles = objects(json['entities']).filter(({ roles }) => listOf(roles).includes('registrar'))
    .map(({ vcardArray }) => listOf(listOf(vcardArray)[1]).map(listOf).find(([property]) => property === 'fn')?.[3])
  return Buffer.from(JSON.stringify({
    objectClassName: only(json['objectClassName']), ldhName: only(json['ldhName']),
    events: objects(json['events']).map(({ eventAction, eventDate }) => ({ eventAction: only(eventAction), eventDate: only(eventDate) })),
    status: listOf(json['status']).flatMap(status => only(status) ?? []),
    entities: titles.map(title => ({ objectClassName: 'entity', roles: ['registrar'], vcardArray: ['vcard', [['fn', {}, 'text', only(title) ?? '']]] })),
  })).toString('latin1')
}

/** The same tags, and nothing said between them. */
function blank(html: string): string {
  return html.replace(/>([^<>]*)</g, (_, text: string) => `>${text.replace(/[A-Za-z]/g, 'x')}<`)
}

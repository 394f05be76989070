/**
 * TLSA records (RFC 6698 §2, RFC 7671; for SMTP RFC 7672 §3): which certificate or key a TLS server shows, at _25._tcp.HOST:
 * "3 1 1 0a1b...". Usage: 2 trust anchor, 3 the server's own (0 and 1, which rest on the public roots, mean nothing for SMTP);
 * selector: 0 the whole certificate, 1 its public key; matching: 0 the octets themselves, 1 SHA-256, 2 SHA-512 of them.
 * Only a record in a signed zone counts.
 */
import type { RecordData } from './record.ts'

export type TlsaData = RecordData['TLSA']

export const tlsaProblems = {
  'missing-field': 'a record is USAGE SELECTOR MATCHING DATA',
  'bad-number': 'this is a number from 0 to 255',
  'bad-hexadecimal': 'the data is written in hexadecimal digits',
  'odd-hexadecimal': 'two hexadecimal digits make an octet, and one is left over',
  'pkix-usage': 'usage 0 and 1 mean nothing for SMTP: use 3, or 2 for a trust anchor',
  'unknown-usage': 'the usages are 0 to 3',
  'unknown-selector': 'the selectors are 0 (certificate) and 1 (public key)',
  'unknown-matching': 'the matching types are 0 (as it is), 1 (SHA-256) and 2 (SHA-512)',
  'wrong-length': 'SHA-256 has 32 octets, SHA-512 has 64',
  'digest-of-nothing': 'this is the digest of an empty input: whoever made it had no certificate',
  'not-der': 'matching type 0 wants a certificate or key in DER, whole',
  'pins-certificate': 'this matches until the certificate is renewed; selector 1 matches while the key is kept',
  'whole-data': 'a digest does the same in fewer octets',
  'too-long': 'this is longer than any record can be',
} as const
export type TlsaProblemCode = keyof typeof tlsaProblems

const notes: readonly TlsaProblemCode[] = ['pins-certificate', 'whole-data']

/** Digests of the empty string. */
export const digestsOfNothing: readonly string[] = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e',
]

export interface TlsaProblem {
  readonly code: TlsaProblemCode
  /** What is wrong, as written. */
  readonly text: string
  /** 0-based offset in the text. */
  readonly at: number
}

export interface TlsaText {
  /** Null when the text is no record at all; a record that no client can use is one. */
  readonly data: TlsaData | null
  /** In order of place. */
  readonly problems: readonly TlsaProblem[]
  /** An SMTP client can use it (RFC 7672 §3.1). */
  readonly valid: boolean
}

/** Octets of RDATA (RFC 1035 §3.2.1), two digits each, and blanks between them. */
const maxText = 262_144

/** Reads the presentation form (RFC 6698 §2.2). Never throws. */
export function parseTlsa(text: string): TlsaText {
  if (text.length > maxText) return { data: null, problems: [{ code: 'too-long', text: '', at: 0 }], valid: false }
  const words = [...text.matchAll(/[^ \t\r\n]+/g)].map(({ 0: word, index }) => ({ word, at: index }))
  const problems: TlsaProblem[] = []
  const numbers = words.slice(0, 3)
  for (const { word, at } of numbers) {
    if (!/^\d{1,3}$/.test(word) || Number(word) > 255) problems.push({ code: 'bad-number', text: word, at })
  }
  if (numbers.length < 3) problems.push({ code: 'missing-field', text: '', at: text.length })
  const rest = words.slice(3)
  for (const { word, at } of rest) {
    const stranger = word.search(/[^0-9A-Fa-f]/)
    if (stranger < 0) continue
    problems.push({ code: 'bad-hexadecimal', text: word, at: at + stranger })
    break
  }
  const hex = rest.map(({ word }) => word).join('')
  const dataAt = rest[0]?.at ?? text.length
  if (hex === '' && numbers.length === 3) problems.push({ code: 'missing-field', text: '', at: text.length })
  else if (hex.length % 2 === 1) problems.push({ code: 'odd-hexadecimal', text: hex, at: dataAt })
  if (problems.length > 0) return { data: null, problems: problems.toSorted((a, b) => a.at - b.at), valid: false }
  const [usage = 0, selector = 0, matching = 0] = numbers.map(({ word }) => Number(word))
  const data: TlsaData = { usage, selector, matching, data: hex.toLowerCase() }
  const places = [...numbers.map(({ at }) => at), dataAt]
  const found = tlsaFaults(data).map(({ code, field }) => ({
    code, at: places[field] ?? 0, text: field === 3 ? data.data : numbers[field]?.word ?? '',
  }))
  return { data, problems: found, valid: found.every(({ code }) => isTlsaNote(code)) }
}

/** What is wrong with a record's data, by field: 0 usage, 1 selector, 2 matching, 3 data. For DNS answers as for text. */
export function tlsaFaults({ usage, selector, matching, data }: TlsaData): { code: TlsaProblemCode; field: 0 | 1 | 2 | 3 }[] {
  const faults: ReturnType<typeof tlsaFaults> = []
  if (usage === 0 || usage === 1) faults.push({ code: 'pkix-usage', field: 0 }) // RFC 7672 §3.1.3
  else if (usage > 3) faults.push({ code: 'unknown-usage', field: 0 })
  if (selector > 1) faults.push({ code: 'unknown-selector', field: 1 })
  else if (usage === 3 && selector === 0) faults.push({ code: 'pins-certificate', field: 1 }) // RFC 7671 §5.1
  const length = data.length / 2
  if (matching > 2) faults.push({ code: 'unknown-matching', field: 2 })
  else if (matching === 0) faults.push(isDer(data) ? { code: 'whole-data', field: 2 } : { code: 'not-der', field: 3 })
  else if (length !== 32 * matching) faults.push({ code: 'wrong-length', field: 3 })
  else if (digestsOfNothing.includes(data)) faults.push({ code: 'digest-of-nothing', field: 3 })
  return faults
}

/** An SMTP client can use the record: usage 2 or 3, and the rest well-formed (RFC 7672 §3.1). */
export function isUsableTlsa(data: TlsaData): boolean {
  return tlsaFaults(data).every(({ code }) => isTlsaNote(code))
}

/** The record can be used in spite of it. */
export function isTlsaNote(code: TlsaProblemCode): boolean {
  return notes.includes(code)
}

/** `3 1 1 0a1b...` */
export function formatTlsa({ usage, selector, matching, data }: TlsaData): string {
  return `${usage} ${selector} ${matching} ${data}`.trimEnd()
}

/** A SEQUENCE that ends where the data does (X.690 §8.1.3), as certificates and keys are. */
function isDer(hex: string): boolean {
  const octets = Buffer.from(hex.slice(0, 12), 'hex')
  if (octets[0] !== 0x30) return false
  const first = octets[1] ?? 0
  const size = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80 || size > 4 || octets.length < 2 + size) return false
  const length = size === 0 ? first : octets.readUIntBE(2, size)
  return hex.length / 2 === 2 + size + length
}

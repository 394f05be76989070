/**
 * DANE for SMTP (RFC 7672 §3, RFC 7671): do a host's TLSA records vouch for the certificates that it shows in a handshake?
 * One record that does is enough. Usage 3 looks at the server's own certificate and at nothing else; usage 2 makes an
 * authority the trust anchor, and then dates and names count as they do on the web.
 */
import { certificateCovers, parseCertificate, trustAnchors, verifyChain, type CertificateInfo } from '../syntax/certificate.ts'
import { tlsaFaults, isTlsaNote, type TlsaData } from '../syntax/tlsa.ts'
import { isAssociated, isSignedWith } from '../syntax/tlsa-association.ts'

export interface ServedCertificates {
  /** Base64 DER, exactly as sent, leaf first. */
  readonly chain: readonly string[]
  /** What a usage-2 certificate may name (RFC 7672 §3.2.2): the TLSA base domain, and the next hop of a secure MX lookup. */
  readonly names: readonly string[]
  readonly now: Date
}

/** What became of one record. */
export type TlsaResult =
  /** `at`: the position in the chain of the certificate that it means; null for an anchor that the record itself brings along. */
  | { readonly result: 'matches'; readonly at: number | null }
  /** No SMTP client can use it (RFC 7672 §3.1.3, RFC 6698 §4.1). */
  | { readonly result: 'unusable' }
  /** A stronger digest for the same usage and selector stands beside it: clients look at that one (RFC 7671 §9). */
  | { readonly result: 'outranked' }
  /** It means none of the certificates served. */
  | { readonly result: 'differs' }
  /** Usage 2 that means the server’s own certificate: TLS libraries look for an anchor above it. */
  | { readonly result: 'leaf-as-anchor' }
  /** The anchor is there, but no chain of signatures leads from it to the leaf. */
  | { readonly result: 'no-path'; readonly at: number | null }
  | { readonly result: 'expired' | 'not-yet-valid'; readonly certificate: CertificateInfo }
  | { readonly result: 'other-name'; readonly names: readonly string[] }

export type JudgedTlsa = TlsaResult & { readonly record: TlsaData }

export interface DaneMatch {
  /** `unusable`: TLS is required, but the certificate may be any (RFC 7672 §2.2). */
  readonly verdict: 'matches' | 'differs' | 'unusable'
  /** One for each record, in their order. */
  readonly records: readonly JudgedTlsa[]
}

/** More records and certificates than these are not looked at: each costs digests and signatures, and they may be hostile. */
const enough = 32
const longestChain = 8
/** Anchors that are whole in their record, each of which is tried on its own. */
const wholeAnchors = 4

/** Never throws. */
export function matchDane(records: readonly TlsaData[], { chain, ...rest }: ServedCertificates): DaneMatch {
  const served = { ...rest, chain: chain.slice(0, longestChain) }
  const looked = records.slice(0, enough)
  const passedOver = new Set(looked.filter(({ usage, matching }) => usage === 2 && matching === 0).slice(wholeAnchors))
  const judged = records.map((record): JudgedTlsa =>
    ({ record, ...looked.includes(record) && !passedOver.has(record) ? judge(record, looked, served) : { result: 'differs' } }))
  const verdict = judged.some(({ result }) => result === 'matches') ? 'matches' : judged.some(({ result }) => result !== 'unusable') ? 'differs' : 'unusable'
  return { verdict, records: judged }
}

/** Do SMTP clients try to match it? The digest of nothing is well-formed, so they do, and fail. */
function isTriedTlsa(record: TlsaData): boolean {
  return tlsaFaults(record).every(({ code }) => isTlsaNote(code) || code === 'digest-of-nothing')
}

function judge(record: TlsaData, all: readonly TlsaData[], served: ServedCertificates): TlsaResult {
  if (!isTriedTlsa(record)) return { result: 'unusable' }
  if (isOutranked(record, all)) return { result: 'outranked' }
  const [leaf] = served.chain
  if (leaf === undefined) return { result: 'differs' }
  if (record.usage === 3) return isAssociated(record, leaf) ? { result: 'matches', at: 0 } : { result: 'differs' }
  const at = served.chain.findIndex(certificate => isAssociated(record, certificate))
  const path = at > 0 ? pathUnder(served.chain[at] ?? '', served.chain) : pathUnderRecord(record, served.chain)
  if (path === null) return at > 0 ? { result: 'no-path', at } : { result: at === 0 ? 'leaf-as-anchor' : 'differs' }
  return judgePath(path, served) ?? { result: 'matches', at: at > 0 ? at : null }
}

/** RFC 7671 §9; whole certificates and keys (matching type 0) are no digests, and always count. */
function isOutranked({ usage, selector, matching }: TlsaData, all: readonly TlsaData[]): boolean {
  return matching !== 0 && all.some(other =>
    other.usage === usage && other.selector === selector && other.matching > matching && isTriedTlsa(other))
}

/** The certificates from the leaf up to this anchor, the anchor included; null when it did not issue them. */
function pathUnder(anchor: string, chain: readonly string[]): string[] | null {
  const trust = verifyChain(chain, trustAnchors([`-----BEGIN CERTIFICATE-----\n${anchor}\n-----END CERTIFICATE-----`]))
  if (!trust.trusted) return null
  const path = trust.path.map(position => chain[position] ?? '')
  return path.includes(anchor) ? path : [...path, anchor]
}

/** A whole anchor in the record need not be served (RFC 7671 §5.2.1, §5.2.3). A bare key has neither dates nor a name. */
function pathUnderRecord({ selector, matching, data }: TlsaData, chain: readonly string[]): string[] | null {
  if (matching !== 0) return null
  if (selector === 0) {
    const anchor = Buffer.from(data, 'hex').toString('base64')
    return anchor === chain[0] ? null : pathUnder(anchor, chain)
  }
  for (const certificate of chain) {
    const path = isSignedWith(certificate, data) ? pathUnder(certificate, chain) : null
    if (path) return path
  }
  return null
}

/** RFC 7672 §3.1.2, §3.2.2, §3.2.3: dates of all, names of the leaf. Null when both are in order. */
function judgePath(path: readonly string[], { names, now }: ServedCertificates): TlsaResult | null {
  const certificates = path.map(parseCertificate)
  for (const [i, certificate] of certificates.entries()) {
    if (!certificate) return { result: 'differs' }
    // An anchor is trusted for its key (RFC 5280 §6.1.1); OpenSSL all the same looks at the dates of one that signed itself.
    if (i === path.length - 1 && i > 0 && !certificate.selfSigned) continue
    if (certificate.notAfter < now) return { result: 'expired', certificate }
    if (certificate.notBefore > now) return { result: 'not-yet-valid', certificate }
  }
  const [leaf] = certificates
  if (!leaf) return { result: 'differs' }
  // The common name counts where there is no DNS name, other than on the web (RFC 7672 §3.2.3).
  const presented = leaf.names.length > 0 ? leaf.names : leaf.commonNames
  return names.some(name => certificateCovers(presented, name)) ? null : { result: 'other-name', names: presented }
}

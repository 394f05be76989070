/**
 * The Certificate message as a client without any certificates of its own sees it: the leaf first, and each of the others
 * certifies the one before it (RFC 5246 §7.4.2; RFC 8446 §4.4.2 has clients bear with other orders, and old ones do not).
 * Only the root may be left out, for whoever trusts it has it. Issuers are found by name and key identifier: whether the
 * signatures hold is for the path (certificate-path.ts) to say.
 */
import type { Trust } from './certificate-path.ts'
import { readX509, shownName, type X509 } from './x509.ts'

export type ServedOrder =
  /** Each certifies the one before it, up to a root, be it sent or not. */
  | { readonly state: 'complete' }
  /** The certificate of this issuer is sent, but not behind what it issued. */
  | { readonly state: 'disordered'; readonly issuer: string }
  /** This issuer's certificate is not sent; whether it is a root or an intermediate, a public root it is not. */
  | { readonly state: 'open'; readonly issuer: string; /** The last certificate that leads there, base64 DER. */ readonly last: string; /** It is the leaf. */ readonly leaf: boolean }
  /** There is no certificate that can be read. */
  | { readonly state: 'unreadable' }

/** Further ones are not looked at. */
const CERTIFICATES = 20

/** What is served twice counts once. `trust` is what was found of the same chain. */
export function servedOrder(chain: readonly string[], trust: Trust): ServedOrder {
  const read = chain.slice(0, CERTIFICATES).map(certificate => readX509(Buffer.from(certificate, 'base64')))
  const served = read.filter((one, i) => one === null || read.findIndex(other => other?.der.equals(one.der) === true) === i)
  const [leaf] = served
  if (!leaf) return { state: 'unreadable' }
  if (trust.trusted) {
    const path = trust.path.map(at => read[at])
    const astray = path.find((one, i) => one && !alike(one, served[i]))
    return astray ? { state: 'disordered', issuer: name(astray, 'subject') } : { state: 'complete' }
  }
  let tip = leaf
  let next = 1
  const passed = new Set([leaf])
  while (tip.subject !== tip.issuer) {
    const issuer = served[next]
    if (!issuer || !mayHaveIssued(issuer, tip)) break
    tip = issuer
    passed.add(tip)
    next++
  }
  if (tip.subject === tip.issuer) return { state: 'complete' }
  const elsewhere = served.find(one => one && !passed.has(one) && mayHaveIssued(one, tip))
  if (elsewhere) return { state: 'disordered', issuer: name(elsewhere, 'subject') }
  return { state: 'open', issuer: name(tip, 'issuer'), last: tip.der.toString('base64'), leaf: tip === leaf }
}

/** By name, and by key identifier where both say one. */
function mayHaveIssued(issuer: Pick<X509, 'subject' | 'subjectKeyId'>, subject: Pick<X509, 'issuer' | 'authorityKeyId'>): boolean {
  if (issuer.subject !== subject.issuer) return false
  return issuer.subjectKeyId === '' || subject.authorityKeyId === '' || issuer.subjectKeyId === subject.authorityKeyId
}

/** Might the first of these (base64 DER) be what issued the second, and is it itself issued by another? */
export function isIntermediateOf(candidate: string, subject: string): boolean {
  const [issuer, issued] = [candidate, subject].map(one => readX509(Buffer.from(one, 'base64')))
  return issuer !== null && issuer !== undefined && issued !== null && issued !== undefined
    && issuer.subject !== issuer.issuer && mayHaveIssued(issuer, issued)
}

/** The same authority with the same key: an authority may have several certificates, signed by different roots. */
function alike(one: X509, other: X509 | null | undefined): boolean {
  return other !== null && other !== undefined && one.subject === other.subject && one.spki.equals(other.spki)
}

function name(certificate: X509, which: 'subject' | 'issuer'): string {
  try {
    return shownName(certificate.node[which])
  } catch {
    return 'a name that cannot be read'
  }
}

/**
 * Does a served chain lead to a certificate authority that its clients trust (RFC 5280 §6.1)? Servers send chains out of
 * order, with certificates nobody needs, or with several ways up, of which some have expired; a client that builds its path
 * with care still finds the good one, and so does this. Dates and names do not count here: other checks judge them.
 */
import type { KeyObject } from 'node:crypto'
import { readX509, shownName, type X509 } from './x509.ts'

/** Does the served chain lead to a trust anchor (public roots and --ca)? Dates and names are not part of this. */
export type Trust =
  | {
    readonly trusted: true
    readonly anchor: string
    /** Positions in `chain` of the certificates on the path, leaf first. */
    readonly path: readonly number[]
    /** The key of the anchor (SubjectPublicKeyInfo, base64), where it issued the leaf itself: it need not be among what is served. */
    readonly anchorKey?: string
    /** The anchor is the user's own (--ca), no public root. */
    readonly private?: true
  }
  | { readonly trusted: false; readonly problem: TrustProblem }
export type TrustProblem = 'no-certificate' | 'malformed' | 'self-signed' | 'unknown-issuer' | 'bad-signature' | 'not-a-ca'

/** The certificates that end a path. They are parsed when the first chain is verified, for that costs more than a start-up. */
export class TrustAnchors {
  readonly #pems: () => readonly string[]
  readonly #own: readonly string[]
  readonly #privates = new Set<X509>()
  #bySubject: Map<string, X509[]> | undefined

  constructor(pems: () => readonly string[], own: readonly string[]) {
    this.#pems = pems
    this.#own = own
  }

  /** How many certificates there are; 0 tells that a file given for them holds none. */
  get size(): number {
    return [...this.#index().values()].reduce((sum, list) => sum + list.length, 0)
  }

  named(subject: string): readonly X509[] {
    return this.#index().get(subject) ?? []
  }

  /** Is it one of the user's own, and no public root besides? */
  isPrivate(anchor: X509): boolean {
    return this.#privates.has(anchor)
  }

  #index(): Map<string, X509[]> {
    if (this.#bySubject) return this.#bySubject
    this.#bySubject = new Map<string, X509[]>()
    for (const anchor of readAnchors(this.#pems())) this.#add(this.#bySubject, anchor)
    for (const anchor of readAnchors(this.#own)) {
      this.#add(this.#bySubject, anchor) // behind a public root of the same name, which is then found first
      this.#privates.add(anchor)
    }
    return this.#bySubject
  }

  #add(index: Map<string, X509[]>, anchor: X509): void {
    const list = index.get(anchor.subject)
    if (list) list.push(anchor)
    else index.set(anchor.subject, [anchor])
  }
}

function readAnchors(pems: readonly string[]): X509[] {
  return pems.flatMap(pem => [...pem.matchAll(/-----BEGIN (?:X509 )?CERTIFICATE-----([^-]*)-----END/g)])
    .flatMap(([, base64 = '']) => readX509(Buffer.from(base64, 'base64')) ?? [])
}

/**
 * Trust anchors from PEM texts, each of which may hold several certificates; what is none is passed over. `own` are those
 * that the user adds.
 */
export function trustAnchors(pems: readonly string[] | (() => readonly string[]), own: readonly string[] = []): TrustAnchors {
  return new TrustAnchors(typeof pems === 'function' ? pems : () => pems, own)
}

/** Further served certificates are not looked at, nor is a path followed further. */
const CERTIFICATES = 20
const DEPTH = 10
/** A hostile key can make one verification cost a millisecond. */
const VERIFICATIONS = 100
/** Beyond these it would be twenty: no authority's key has a longer modulus, nor a public exponent other than 3 or 65537. */
const MODULUS = 8192
const EXPONENT = 0xffff_ffffn

/**
 * Builds the path from the leaf, `chain[0]`, over the served certificates (base64 DER) to an anchor. Among several it is
 * the one whose earliest notAfter is latest, and of those the shortest: what a careful client would use.
 */
export function verifyChain(chain: readonly string[], anchors: TrustAnchors): Trust {
  if (chain.length === 0) return { trusted: false, problem: 'no-certificate' }
  const served = chain.slice(0, CERTIFICATES).map(certificate => readX509(Buffer.from(certificate, 'base64')))
  const leaf = served[0]
  if (!leaf || !isReadable(leaf)) return { trusted: false, problem: 'malformed' }
  const signatures = new Signatures()
  const ends = [...new Set(served.map(one => Math.min(Number(one?.notAfter ?? leaf.notAfter), Number(leaf.notAfter))))]
  for (const end of ends.toSorted((a, b) => b - a)) {
    const usable = served.map(one => one && Number(one.notAfter) >= end ? one : null)
    const trust = shortestPath(usable, anchors, signatures)
    if (trust) return trust
  }
  if (leaf.subject === leaf.issuer && signatures.verify(leaf, leaf)) return { trusted: false, problem: 'self-signed' }
  return { trusted: false, problem: signatures.wrong ? 'bad-signature' : signatures.byOthers ? 'not-a-ca' : 'unknown-issuer' }
}

function shortestPath(served: readonly (X509 | null)[], anchors: TrustAnchors, signatures: Signatures): Trust | null {
  const seen = new Set([0])
  const paths = [[0]]
  for (const path of paths) {
    const tip = served[path.at(-1) ?? 0]
    if (!tip) continue
    const anchor = anchors.named(tip.subject).find(one => one.spki.equals(tip.spki))
      ?? anchors.named(tip.issuer).find(one => signatures.mayIssue(one, tip, isAuthorityByTrust(one)))
    if (anchor) {
      const direct = path.length === 1 && !anchor.spki.equals(tip.spki)
      return {
        trusted: true, anchor: shownName(anchor.node.subject), path, ...(direct ? { anchorKey: anchor.spki.toString('base64') } : {}),
        ...(anchors.isPrivate(anchor) ? { private: true } : {}),
      }
    }
    if (path.length === DEPTH) continue
    // RFC 5280 §4.2.1.9: self-issued certificates below do not count against pathLenConstraint, nor does the leaf.
    const below = path.slice(1).filter(at => served[at]?.subject !== served[at]?.issuer).length
    for (const [at, candidate] of served.entries()) {
      if (!candidate || seen.has(at) || candidate.subject !== tip.issuer) continue
      const authority = candidate.ca === true && candidate.certSign !== false && candidate.pathLength >= below
      if (!signatures.mayIssue(candidate, tip, authority)) continue
      seen.add(at)
      paths.push([...path, at])
    }
  }
  return null
}

/** Can a signature be verified with it in a millisecond? */
export function isQuick({ asymmetricKeyDetails }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  return modulusLength <= MODULUS && publicExponent <= EXPONENT
}

function isReadable(certificate: X509): boolean {
  try {
    return certificate.node instanceof Object
  } catch {
    return false
  }
}

/** An anchor is an authority by our trust in it; only one that says otherwise is none (version 1 roots cannot say it). */
function isAuthorityByTrust(anchor: X509): boolean {
  return anchor.ca ?? (anchor.version < 3 || anchor.certSign === true)
}

/** Verifies each pair once, and remembers what stood in the way of a path. */
class Signatures {
  readonly #known = new Map<X509, Map<X509, boolean>>()
  #spent = 0
  /** An issuer by name and key identifier did not make the signature. */
  wrong = false
  /** A certificate that may not issue others did. */
  byOthers = false

  mayIssue(issuer: X509, subject: X509, authority: boolean): boolean {
    if (this.verify(subject, issuer)) {
      this.byOthers ||= !authority
      return authority
    }
    // Authorities change their key and keep their name: another key's signature is no wrong one.
    const otherKey = issuer.subjectKeyId !== subject.authorityKeyId && issuer.subjectKeyId !== '' && subject.authorityKeyId !== ''
    this.wrong ||= !otherKey
    return false
  }

  verify(subject: X509, issuer: X509): boolean {
    const known = this.#known.get(subject)?.get(issuer)
    if (known !== undefined) return known
    if (this.#spent++ >= VERIFICATIONS) return false
    let verified: boolean
    try {
      const { publicKey } = issuer.node
      verified = isQuick(publicKey) && subject.node.verify(publicKey)
    } catch {
      verified = false // a key of a kind that the library does not know
    }
    if (!this.#known.has(subject)) this.#known.set(subject, new Map())
    this.#known.get(subject)?.set(issuer, verified)
    return verified
  }
}

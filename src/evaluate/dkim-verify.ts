/**
 * Verification of DKIM signatures (RFC 6376 §6.1, RFC 8301, RFC 8463): who takes responsibility for this message, and is it still
 * what they signed? The body went by already; what is left are its digests, the header, and the keys, which are asked for.
 */
import type { Question } from '../network/network.ts'
import { canonicalField, withoutSignature, type CanonicalForm } from '../syntax/dkim-canonical.ts'
import { isDkimSignatureNote, parseDkimSignature, dkimSignatureProblems, type DkimSignature, type DkimSignatureProblemCode } from '../syntax/dkim-signature.ts'
import { fieldsNamed, type HeaderField } from '../syntax/message.ts'
import type { SigningAlgorithm } from '../syntax/signature-check.ts'
import type { Asking } from './asking.ts'
import type { BodyDigests, DigestWanted } from '../syntax/body-digests.ts'
import { keyQuestion, refused, verifyWith, type SignatureResult, type Verified } from './signing-key.ts'

export interface SignatureVerdict extends Verified {
  /** d and s, lower case; null when absent. */
  readonly domain: string | null
  readonly selector: string | null
  /** i, or what it stands for. */
  readonly identity: string | null
  readonly algorithm: string | null
  readonly signature: DkimSignature
  /** Octets at the end of the body that l= leaves unsigned. */
  readonly unsignedOctets: number
  /** 1-based line of the message. */
  readonly line: number
}

/** A message with more is not worth the work; receivers stop at fewer. */
const mostSignatures = 40

/** Every DKIM-Signature of the header, first one first. */
export function dkimSignatures(fields: readonly HeaderField[]): { field: HeaderField; signature: DkimSignature }[] {
  return fieldsNamed(fields, 'DKIM-Signature').slice(0, mostSignatures).map(field => ({ field, signature: parseDkimSignature(field.raw) }))
}

export function digestOf({ bodyForm, bodyLength }: DkimSignature): DigestWanted {
  return { form: formOf(bodyForm), length: bodyLength }
}

/** One verdict for each signature, in order. */
export function* verifyDkim(fields: readonly HeaderField[], digests: BodyDigests, now: Date): Asking<SignatureVerdict[]> {
  const signatures = dkimSignatures(fields)
  const early = signatures.map(({ signature }) => beforeTheKey(signature, now))
  const questions = signatures.map(({ signature }, i) => early[i] ? null : keyQuestion(signature.domain ?? '', signature.selector ?? ''))
  const asked = questions.filter(question => question !== null)
  const distinct = [...new Map(asked.map(question => [question.name, question])).values()]
  const answers = distinct.length === 0 ? [] : yield distinct
  const answerOf = (question: Question | null) => {
    const at = distinct.findIndex(({ name }) => name === question?.name)
    return at < 0 ? null : answers[at] ?? null
  }
  return signatures.map(({ field, signature }, i): SignatureVerdict => {
    const { domain, selector, algorithm } = signature
    const verified = early[i] ?? verifyOne(fields, field, signature, digests, answerOf(questions[i] ?? null))
    const digest = digests.of(digestOf(signature))
    const unsignedOctets = signature.bodyLength === null || !digest ? 0 : Math.max(0, digest.octets - signature.bodyLength)
    return { ...verified, domain, selector, identity: signature.identity ?? (domain === null ? null : `@${domain}`), algorithm, signature, unsignedOctets, line: field.line }
  })
}

/** What §6.1.1 says of a signature before its key is looked up. */
function beforeTheKey(signature: DkimSignature, now: Date): Verified | null {
  const problem = signature.problems.find(({ code }) => !isDkimSignatureNote(code))
  if (problem) {
    return refused(resultOf(problem.code), problem.code, `${problem.tag === '' ? '' : `${problem.tag}: `}${dkimSignatureProblems[problem.code]}`)
  }
  const { expiresAt } = signature
  if (expiresAt !== null && expiresAt * 1000 < now.getTime()) {
    return refused('fail', 'expired', `the signature expired (x=${expiresAt}: ${timeOf(expiresAt)})`)
  }
  return null
}

/** RFC 8601 §2.7.1: what cannot be read is neutral; what verifiers refuse by rule is policy; what lacks something is permanent. */
function resultOf(code: DkimSignatureProblemCode): SignatureResult {
  if (code === 'obsolete-algorithm' || code === 'short-signature') return 'policy'
  return code === 'missing-tag' || code === 'from-not-signed' || code === 'identity-outside' ? 'permerror' : 'neutral'
}

function verifyOne(fields: readonly HeaderField[], field: HeaderField, signature: DkimSignature, digests: BodyDigests, answer: Parameters<typeof verifyWith>[0]): Verified {
  const body = digests.of(digestOf(signature))
  if (!body) return refused('policy', 'too-many-digests', 'it signs another part of the body than the many signatures before it')
  const verified = verifyWith(answer, {
    octets: signedOctets(fields, signature.headers, formOf(signature.headerForm), field),
    signature: signature.signature ?? '',
    algorithm: signature.algorithm as SigningAlgorithm,
    objection: ({ flags }) => flags.includes('s') && identityDomain(signature) !== signature.domain
      ? { code: 'identity-below', why: 'its key is not for subdomains (t=s), and i= names one' } : null,
  })
  // Of a message that was changed in both, the body is what people recognise; but without a key nothing is known.
  if ((verified.result !== 'pass' && verified.code !== 'bad-signature') || body.digest === signature.bodyHash) return verified
  const short = signature.bodyLength !== null && signature.bodyLength > body.octets
  return {
    ...verified, result: 'fail', code: 'body-changed',
    why: short ? `it signs ${signature.bodyLength} octets of body, and there are ${body.octets}` : 'the body was changed after it was signed: its digest is not bh=',
  }
}

/**
 * The octets under a signature (§3.7): the fields that it names, from the last of each name upwards (§5.4.2), then itself
 * without its b, and without a line end.
 */
export function signedOctets(fields: readonly HeaderField[], names: readonly string[], form: CanonicalForm, own: HeaderField): string {
  const left = new Map<string, HeaderField[]>()
  for (const field of fields) {
    const name = field.name.toLowerCase()
    const same = left.get(name)
    if (same) same.push(field)
    else left.set(name, [field])
  }
  const signed = names.flatMap(name => left.get(name)?.pop() ?? []).map(field => `${canonicalField(field.raw, form)}\r\n`)
  return `${signed.join('')}${canonicalField(withoutSignature(own.raw), form)}`
}

function identityDomain({ identity, domain }: DkimSignature): string | null {
  return identity === null ? domain : identity.slice(identity.lastIndexOf('@') + 1).toLowerCase()
}

export function formOf(text: string): CanonicalForm {
  return text === 'relaxed' ? 'relaxed' : 'simple'
}

function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? 'a time beyond all calendars' : date.toISOString()
}

/**
 * Validation of an ARC chain (RFC 8617 §5.2): did every forwarder that says so really see what it says it saw? A chain that
 * passes proves only that; whether one believes the forwarders is another matter.
 */
import type { Question } from '../network/network.ts'
import { arcSets, type ArcField, type ArcSet } from '../syntax/arc.ts'
import { canonicalField, withoutSignature } from '../syntax/dkim-canonical.ts'
import type { HeaderField } from '../syntax/message.ts'
import type { Asking } from './asking.ts'
import type { BodyDigests, DigestWanted } from '../syntax/body-digests.ts'
import { formOf, signedOctets } from './dkim-verify.ts'
import { keyQuestion, verifyWith, type Verified } from './signing-key.ts'

/** RFC 8617 §4.4. A lookup that failed leaves it open. */
export type ArcResult = 'none' | 'pass' | 'fail' | 'temperror'

export interface ArcVerdict {
  readonly result: ArcResult
  /** In words. */
  readonly why: string
  /** Who sealed, first one first. */
  readonly sealers: readonly string[]
}

/** The body digests that the newest message signature needs. */
export function arcDigests(fields: readonly HeaderField[]): DigestWanted[] {
  const chain = arcSets(fields)
  const last = 'sets' in chain ? chain.sets.at(-1) : undefined
  return last ? [digestOf(last.message)] : []
}

export function* verifyArc(fields: readonly HeaderField[], digests: BodyDigests): Asking<ArcVerdict> {
  const chain = arcSets(fields)
  if ('error' in chain) return { result: 'fail', why: chain.error, sealers: [] }
  const { sets } = chain
  const sealers = sets.map(({ seal }) => seal.tags.get('d') ?? '')
  const fail = (why: string): ArcVerdict => ({ result: 'fail', why, sealers })
  const last = sets.at(-1)
  if (!last) return { result: 'none', why: 'there is no ARC set', sealers }
  const structure = faultOf(sets, last)
  if (structure !== null) return fail(structure)

  const signers = [last.message, ...sets.map(({ seal }) => seal).toReversed()]
  const questions = signers.map(({ tags }) => keyQuestion(tags.get('d') ?? '', tags.get('s') ?? ''))
  const distinct = [...new Map(questions.flatMap((question): [string, Question][] => question ? [[question.name, question]] : [])).values()]
  const answers = distinct.length === 0 ? [] : yield distinct
  const answerOf = (question: Question | null) => answers[distinct.findIndex(({ name }) => name === question?.name)] ?? null

  for (const [i, signer] of signers.entries()) {
    const message = i === 0
    const instance = message ? last.instance : last.instance - i + 1
    const what = `${message ? 'ARC-Message-Signature' : 'ARC-Seal'} ${instance} of ${signer.tags.get('d') ?? ''}`
    const octets = message
      ? signedOctets(fields, namesOf(signer), formOf((signer.tags.get('c') ?? '').split('/')[0] ?? ''), signer.field)
      : sealedOctets(sets.slice(0, instance))
    const verified: Verified = verifyWith(answerOf(questions[i] ?? null), {
      octets, signature: (signer.tags.get('b') ?? '').replace(/\s+/g, ''),
      algorithm: signer.tags.get('a') === 'ed25519-sha256' ? 'ed25519-sha256' : 'rsa-sha256',
    })
    if (verified.result === 'temperror') return { result: 'temperror', why: `${what}: ${verified.why}`, sealers }
    if (verified.result !== 'pass') return fail(`${what}: ${verified.why}`)
    if (message && digests.of(digestOf(signer))?.digest !== (signer.tags.get('bh') ?? '').replace(/\s+/g, '')) {
      return fail(`${what}: the body was changed after it was signed`)
    }
  }
  return { result: 'pass', why: `${sets.length === 1 ? 'one set holds' : `${sets.length} sets hold`}: ${sealers.join(', ')}`, sealers }
}

/** §5.2, before any key is asked for. */
function faultOf(sets: readonly ArcSet[], last: ArcSet): string | null {
  if (statusOf(last.seal) === 'fail') return `${last.seal.tags.get('d') ?? 'the last sealer'} found the chain broken (cv=fail)`
  for (const { instance, seal, message } of sets) {
    const status = statusOf(seal)
    if (status !== (instance === 1 ? 'none' : 'pass')) return `ARC-Seal ${instance} says cv=${status.slice(0, 20)}`
    if (seal.tags.has('h')) return `ARC-Seal ${instance} has an h tag` // §4.1.3
    for (const [name, { tags }, required] of [['ARC-Seal', seal, ['a', 'b', 'd', 's']], ['ARC-Message-Signature', message, ['a', 'b', 'bh', 'd', 'h', 's']]] as const) {
      const missing = required.find(tag => (tags.get(tag) ?? '') === '')
      if (missing !== undefined) return `${name} ${instance} has no ${missing} tag`
      const algorithm = tags.get('a') ?? ''
      if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256') return `${name} ${instance} uses ${algorithm.slice(0, 40)}`
    }
    if (namesOf(message).includes('arc-seal')) return `ARC-Message-Signature ${instance} signs ARC-Seal` // §4.1.2
  }
  return null
}

/** §5.1.1: the sets in order, each its results, message signature and seal, and of the last seal all but its b. */
function sealedOctets(sets: readonly ArcSet[]): string {
  const last = sets.at(-1)
  return sets.flatMap(({ results, message, seal }) => [results, message, seal]).map(({ field }) =>
    field === last?.seal.field ? canonicalField(withoutSignature(field.raw), 'relaxed') : `${canonicalField(field.raw, 'relaxed')}\r\n`).join('')
}

/** Case does not matter (RFC 8617 §3.9). */
function statusOf({ tags }: ArcField): string {
  return (tags.get('cv') ?? '').toLowerCase()
}

function namesOf({ tags }: ArcField): string[] {
  return (tags.get('h') ?? '').split(':').map(name => name.trim().toLowerCase())
}

function digestOf({ tags }: ArcField): DigestWanted {
  const length = tags.get('l') ?? ''
  return { form: formOf((tags.get('c') ?? '').split('/')[1] ?? ''), length: /^\d{1,12}$/.test(length) ? Number(length) : null }
}

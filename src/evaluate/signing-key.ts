/**
 * The key of a DKIM or ARC signature: where it is asked for (RFC 6376 §3.6.2), and what of the answer a verifier can use
 * (§6.1.2, RFC 8301, RFC 8463).
 */
import type { Answer, Outcome, Question } from '../network/network.ts'
import { parseDkim, type DkimPublicKey, type DkimRecord } from '../syntax/dkim.ts'
import { toALabels } from '../syntax/domain.ts'
import { maxLabel } from '../syntax/name.ts'
import { joinedText } from '../syntax/record.ts'
import { confirms, type SigningAlgorithm } from '../syntax/signature-check.ts'

/** RFC 8601 §2.7.1. */
export type SignatureResult = 'pass' | 'fail' | 'policy' | 'neutral' | 'temperror' | 'permerror'

export interface Verified {
  readonly result: SignatureResult
  /** For programs; null for a pass. */
  readonly code: string | null
  /** In words. */
  readonly why: string
  /** The key record says that its domain is testing DKIM (t=y). */
  readonly testing: boolean
  /** Of an RSA modulus. */
  readonly bits: number | null
}

/** Records of one selector that are tried: §3.6.2.2 leaves several undefined, and nobody needs more. */
const mostRecords = 4
/** RFC 8301 §3.2. */
const fewestBits = 1024

/** Null when there can be no such name. `domain` and `selector` may be in UTF-8 (RFC 8616). */
export function keyQuestion(domain: string, selector: string): Question<'TXT'> | null {
  const name = `${asALabels(selector)}._domainkey.${asALabels(domain)}`
  const labels = name.split('.')
  const possible = name.length <= 253 && labels.every(label => label.length > 0 && label.length <= maxLabel && /^[a-z0-9_-]+$/.test(label))
  return possible ? { name, type: 'TXT' } : null
}

/** Octets of UTF-8, one a character, as header fields have them. */
function asALabels(octets: string): string {
  return /^[\x21-\x7e]*$/.test(octets) ? octets.toLowerCase() : toALabels(Buffer.from(octets, 'latin1').toString())
}

export interface SignedOctets {
  readonly octets: string
  readonly signature: string
  readonly algorithm: SigningAlgorithm
  /** Says what else the record must allow; null when it does. */
  readonly objection?: (record: DkimRecord) => { code: string; why: string } | null
}

/** Tries the keys that the answer holds: one that confirms is enough. */
export function verifyWith(answer: Outcome<Answer> | null, signed: SignedOctets): Verified {
  if (answer === null) return refused('permerror', 'bad-key-name', 'there can be no DNS name for its selector and domain')
  if ('problem' in answer) return refused('temperror', 'key-lookup', `its key could not be looked up: ${answer.problem.detail}`)
  const texts = (answer.value as Answer<'TXT'>).records.map(joinedText)
  if (texts.length === 0) {
    return refused('permerror', 'no-key', answer.value.rcode === 'NXDOMAIN' ? 'the name of its key does not exist' : 'there is no key at its name')
  }
  const attempts = texts.slice(0, mostRecords).map(text => verifyRecord(parseDkim(text), signed))
  const rank: readonly SignatureResult[] = ['pass', 'fail', 'policy', 'permerror']
  const [best] = attempts.toSorted((a, b) => rank.indexOf(a.result) - rank.indexOf(b.result))
  return best ?? refused('permerror', 'no-key', 'there is no key at its name')
}

function verifyRecord(record: DkimRecord, { octets, signature, algorithm, objection }: SignedOctets): Verified {
  const { key, keyProblem, problems, revoked } = record
  const testing = record.flags.includes('y')
  const told = (result: SignatureResult, code: string, why: string): Verified => ({ ...refused(result, code, why), testing, bits: bitsOf(key) })
  const [problem] = problems
  if (problem) return told('permerror', 'key-syntax', `its key record is no key record (${problem.code}${problem.tag === '' ? '' : `: ${problem.tag}`})`)
  if (revoked) return told('permerror', 'key-revoked', 'its key is revoked: p= is empty')
  if (keyProblem) return told('permerror', 'key-unreadable', `p= of its key record holds no usable key (${keyProblem.code})`)
  const type = algorithm === 'ed25519-sha256' ? 'ed25519' : 'rsa'
  if (!key || record.keyType !== type) return told('permerror', 'key-type', `its key is of type ${record.keyType.slice(0, 40)}, and the signature needs ${type}`)
  const hash = algorithm === 'rsa-sha1' ? 'sha1' : 'sha256'
  if (record.hashes && !record.hashes.includes(hash)) return told('permerror', 'key-hash', `its key is not for ${hash} (h= of the key record)`)
  if (!record.services.includes('*') && !record.services.includes('email')) return told('permerror', 'key-service', 'its key is not for mail (s= of the key record)')
  const other = objection?.(record)
  if (other) return told('permerror', other.code, other.why)
  if (key.type === 'rsa' && key.bits < fewestBits) return told('policy', 'key-short', `its RSA key has ${key.bits} bits, and verifiers want ${fewestBits} (RFC 8301 §3.2)`)
  if (!confirms(octets, signature, algorithm, key)) return told('fail', 'bad-signature', 'the signature does not fit the fields and the key: a signed field was changed, or another key signed')
  return { result: 'pass', code: null, why: 'the signature holds', testing, bits: bitsOf(key) }
}

function bitsOf(key: DkimPublicKey | null): number | null {
  return key?.type === 'rsa' ? key.bits : null
}

export function refused(result: SignatureResult, code: string, why: string): Verified {
  return { result, code, why, testing: false, bits: null }
}

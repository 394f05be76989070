/** A DKIM key record by itself: whether verifiers take it, and the key in it. */
import { parseDkim, type DkimKeyProblemCode, type DkimRecordProblemCode } from './dkim.ts'
import { worded, type LintProblem, type LintResult } from './lint-problem.ts'

const words: Readonly<Record<DkimRecordProblemCode | DkimKeyProblemCode | OwnCode, string>> = {
  'bad-version': 'the version is DKIM1, exactly so',
  'version-not-first': 'the version must come first, or not at all',
  'missing-key': 'there is no p tag',
  'duplicate-tag': 'the tag stands twice',
  'malformed-tag': 'this is no NAME=VALUE',
  'bad-character': 'a tag holds printable ASCII characters only',
  escaped: 'the backslash is part of the record: publish it without',
  quoted: 'the quotation mark is part of the record: publish it without',
  'too-long': 'this is longer than any key',
  'not-base64': 'this is no base64',
  truncated: 'the key is cut off here, or before',
  'not-a-key': 'this is no public key of the type that k names',
  'other-algorithm': 'this is a key of another type than k names',
  'wrong-length': 'an ed25519 key has 32 octets',
  wrapped: 'an ed25519 key is published as its 32 octets, without a wrapping',
  'unknown-key-type': 'the key types are rsa and ed25519',
  'short-key': 'verifiers accept RSA keys of 1024 bits and more (RFC 8301)',
  'weak-key': 'an RSA key should have 2048 bits (RFC 8301)',
  'long-key': 'not every verifier can handle more than 4096 bits (RFC 8301)',
  'no-usable-hash': 'every signature is made with SHA-256, which this does not allow',
  'not-for-email': 'the key is not for mail',
  testing: 'y asks verifiers to treat signed mail as if it were not signed',
  revoked: 'an empty p revokes the key: no signature with it counts',
}
type OwnCode =
  | 'unknown-key-type' | 'short-key' | 'weak-key' | 'long-key' | 'no-usable-hash' | 'not-for-email' | 'testing' | 'revoked'

export function lintDkim(text: string): LintResult {
  const { tags, keyType, key, keyProblem, hashes, services, flags, revoked, problems } = parseDkim(text)
  const found: LintProblem[] = problems.map(({ code, tag, at }) => worded(words, code, at, tag, false))
  const add = (code: OwnCode, name: string, note = false): unknown => {
    const tag = tags.find(candidate => candidate.name === name)
    return found.push(worded(words, code, tag?.valueAt ?? 0, tag ? `${name}=${tag.value}` : name, note))
  }
  // What was done to the whole text has broken the key too, and is told already.
  if (keyProblem && !found.some(({ code }) => code === keyProblem.code)) found.push(worded(words, keyProblem.code, keyProblem.at, keyProblem.tag, false))
  if (keyType !== 'rsa' && keyType !== 'ed25519') add('unknown-key-type', 'k')
  if (key?.type === 'rsa') {
    if (key.bits < 1024) add('short-key', 'p')
    else if (key.bits < 2048) add('weak-key', 'p', true)
    else if (key.bits > 4096) add('long-key', 'p', true)
  }
  if (hashes && !hashes.includes('sha256')) add('no-usable-hash', 'h')
  if (!services.includes('*') && !services.includes('email')) add('not-for-email', 's')
  if (flags.includes('y')) add('testing', 't', true)
  if (revoked) add('revoked', 'p', true)
  return { valid: found.every(({ note }) => note), problems: found }
}

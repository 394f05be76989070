import type { DkimKeyProblemCode } from '../../syntax/dkim.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { keyOf, keySelectors, noKey } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-decodes',
  title: 'The p= of the key record is a public key',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 6376 §3.6.1', 'RFC 8463 §4'],
  needs: ['dkim'],
  defersTo: ['dkim/record-valid'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const { name } = selector
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key: { key, keyProblem, keyType, revoked, tags }, seen } = published
    if (revoked) return skip('the key is revoked')
    if (!keyProblem) return key ? pass : skip(tags.some(tag => tag.name === 'p') ? `nobody knows keys of type ${keyType}` : 'there is no p= tag')
    return fail(codes[keyProblem.code], { name }, seen(keyProblem.at))
  },
  messages: {
    failed: '{name}: p= is base64, but not of a public key',
    'not-base64': '{name}: p= is not base64',
    quoted: '{name}: p= has a quotation mark in it',
    escaped: '{name}: p= has a backslash in it',
    truncated: '{name}: p= is cut off',
    'other-algorithm': '{name}: p= is the key of another algorithm than k= says',
    'wrong-length': '{name}: p= is not the 32 octets of an ed25519 key',
    wrapped: '{name}: p= holds an ed25519 key within a SubjectPublicKeyInfo, where its bare 32 octets belong',
    'too-long': '{name}: p= is longer than any key',
  },
  explain: `Nobody can check a signature without the key, so all that this selector signs counts as unsigned. The usual causes
    are a record that was cut at 255 characters, and quotation marks that went with it.`,
  remedy: ({ name }) => ({
    text: `Publish the whole key at ${name}, in strings of at most 255 octets; where one string ends, the next goes on without a space.`,
  }),
})

const codes: { readonly [C in DkimKeyProblemCode]: 'failed' | Exclude<C, 'not-a-key'> } = {
  'not-a-key': 'failed', 'not-base64': 'not-base64', quoted: 'quoted', escaped: 'escaped', truncated: 'truncated',
  'other-algorithm': 'other-algorithm', 'wrong-length': 'wrong-length', wrapped: 'wrapped', 'too-long': 'too-long',
}

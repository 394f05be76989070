import type { DkimFacts } from '../../probes/dkim.ts'
import { defineCheck, fail, passed, skip, unknown } from '../define.ts'
import { isLive, keyOf, keySelectors, noKey } from '../selectors.ts'

/** RFC 8301 §3.2: verifiers must be able to use keys from 1024 to this many bits. */
const most = 4096

export default defineCheck({
  id: 'dkim/key-verifiable-everywhere',
  title: 'Every verifier can use the key, or another one beside it',
  severity: 'notice',
  question: 'send',
  rfc: ['RFC 8301 §3.2', 'RFC 8463 §3'],
  needs: ['dkim'],
  over: keySelectors,
  nothing: noKey,
  judge(selector, { dkim }) {
    const { name, source } = selector
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key: { key }, seen } = published
    if (!key) return skip('there is no key')
    if (key.type === 'rsa') return key.bits <= most ? passed(seen()) : fail('failed', { name, bits: key.bits }, seen())
    if (hasRsaKey(dkim)) return passed(seen())
    // Who declares selectors declares those in use; a guess may have missed the RSA key.
    const open = dkim.selectors.find(other => 'problem' in other.answer)
    if (source === 'declared' && !open) return fail('ed25519-alone', { name }, seen())
    return unknown('selector-unknown', `${name} is an ed25519 key, and it is not known whether there is an RSA key at another selector`)
  },
  messages: {
    failed: '{name}: {bits}-bit RSA, and no verifier need take more than 4096',
    'ed25519-alone': '{name}: ed25519, which many verifiers do not know, and no RSA key beside it',
  },
  explain: `Verifiers are bound to RSA keys of up to 4096 bits, and many have never learnt ed25519. To those that cannot use the key
    the mail is unsigned; a second signature with a common key reaches them, too.`,
  remedy: (_selector, _facts, _args, _scope, code) => ({
    text: code === 'failed' ? 'Sign with a 2048-bit RSA key at a new selector, which every verifier takes.'
      : 'Sign twice: with this key, and with a 2048-bit RSA key at a selector of its own.',
  }),
})

function hasRsaKey({ selectors }: DkimFacts): boolean {
  return selectors.some(selector => {
    const published = isLive(selector) ? keyOf(selector) : null
    return published !== null && !('verdict' in published) && published.key.key?.type === 'rsa'
  })
}

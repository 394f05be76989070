import { defineCheck, fail, passed } from '../define.ts'
import { newKey } from '../new-key.ts'
import { keySelectors, noKey, rsaKeyOf } from '../selectors.ts'

/** RFC 8301 §3.2: verifiers must not take less. */
const least = 1024

export default defineCheck({
  id: 'dkim/rsa-key-accepted',
  title: 'The RSA key has the 1024 bits below which no verifier accepts it',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 8301 §3.2'],
  needs: ['dkim'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const key = rsaKeyOf(selector)
    if ('verdict' in key) return key
    return key.bits >= least ? passed(key.seen) : fail('failed', { name: selector.name, bits: key.bits }, key.seen)
  },
  messages: {
    failed: '{name}: {bits}-bit RSA, refused everywhere',
  },
  explain: `Keys as short as this are broken in hours by anybody who cares to, so verifiers are told to ignore them: the mail
    counts as unsigned, and a forger who computes the private key signs as you wherever it is still taken.`,
  remedy: newKey,
})

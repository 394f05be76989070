import { defineCheck, fail, passed } from '../define.ts'
import { newKey } from '../new-key.ts'
import { keySelectors, noKey, rsaKeyOf } from '../selectors.ts'

/** RFC 8301 §3.2: signers should use no less. */
const enough = 2048

export default defineCheck({
  id: 'dkim/rsa-key-strong',
  title: 'The RSA key has 2048 bits or more',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 8301 §3.2'],
  needs: ['dkim'],
  defersTo: ['dkim/rsa-key-accepted'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const key = rsaKeyOf(selector)
    if ('verdict' in key) return key
    return key.bits >= enough ? passed(key.seen) : fail('failed', { name: selector.name, bits: key.bits }, key.seen)
  },
  messages: {
    failed: '{name}: {bits}-bit RSA',
  },
  explain: `A key of 1024 bits still verifies, but it is within the reach of those who can spend money on breaking it, and some
    receivers trust it less. Signers are asked to use 2048 bits.`,
  remedy: newKey,
})

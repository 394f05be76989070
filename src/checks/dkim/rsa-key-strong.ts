import { defineCheck, fail, passed, skip } from '../define.ts'
import { newKey } from '../new-key.ts'
import { keyOf, keySelectors, noKey } from '../selectors.ts'

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
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key: { key }, seen } = published
    if (key?.type !== 'rsa') return skip('there is no RSA key')
    return key.bits >= enough ? passed(seen()) : fail('failed', { name: selector.name, bits: key.bits }, seen())
  },
  messages: {
    failed: '{name}: {bits}-bit RSA',
  },
  explain: `A key of 1024 bits still verifies, but it is within the reach of those who can spend money on breaking it, and some
    receivers trust it less. Signers are asked to use 2048 bits.`,
  remedy: newKey,
})

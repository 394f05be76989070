import { publishedKeys } from '../../data/published-keys.ts'
import { weaknessOf } from '../../evaluate/rsa-weakness.ts'
import { keyFingerprint } from '../../syntax/dkim.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { keyOf, keySelectors, noKey } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-not-compromised',
  title: 'The private half of the key is not known, and cannot be had for little',
  severity: 'critical',
  question: 'protect',
  rfc: ['CVE-2017-15361', 'RFC 8017 §3.1', 'best practice'],
  needs: ['dkim'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const { name } = selector
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key: { key }, seen } = published
    if (!key) return skip('there is no key')
    const source = publishedKeys.get(keyFingerprint(key))
    if (source !== undefined) return fail('published', { name, source }, seen())
    const weakness = key.type === 'rsa' ? weaknessOf(key) : null
    switch (weakness?.kind) {
      case 'roca':
        return fail('failed', { name }, seen())
      case 'exponent':
        return fail('exponent', { name, exponent: key.type === 'rsa' ? key.exponent : '' }, seen())
      case 'factor':
        return fail('factor', { name, factor: weakness.factor }, seen())
      case undefined:
        return passed(seen())
    }
  },
  messages: {
    failed: '{name}: the modulus bears the mark of a faulty key generator (ROCA, CVE-2017-15361)',
    published: '{name}: this is the example key of {source}, whose private half is printed beside it',
    exponent: '{name}: the RSA exponent is {exponent}, which protects nothing',
    factor: '{name}: the RSA modulus can be divided by {factor}',
  },
  explain: `Whoever has the private key signs mail as you, and every receiver believes it, DMARC included. From this public key the
    private one can be worked out, or it need only be looked up.`,
  remedy: ({ name }) => ({
    text: `Make a new 2048-bit key with a current OpenSSL, publish it at a new selector, sign with that, and then empty the p= of ${name} at once.`,
  }),
})

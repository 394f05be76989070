import type { DkimRecord } from '../../syntax/dkim.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { keyOf, keySelectors, noKey, tagSeen, withTags } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-usable',
  title: 'The key record permits signatures that verifiers accept: rsa or ed25519, SHA-256, for e-mail',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 6376 §3.6.1', 'RFC 8301 §3.1', 'RFC 8463 §4'],
  needs: ['dkim'],
  defersTo: ['dkim/record-valid'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key, seen } = published
    if (key.revoked) return skip('the key is revoked')
    const wrong = hindrances(key)
    const [first] = wrong
    if (first === undefined) return passed(seen())
    const value = key.tags.find(({ name }) => name === first)?.value ?? ''
    return fail('failed', { name: selector.name, tag: first, value, count: wrong.length }, ...wrong.map(tag => tagSeen(published, tag)))
  },
  messages: {
    failed: '{name}: {tag}={value} makes every signature invalid',
  },
  explain: `The record says of itself that the key is for something else: another algorithm, hashes that nobody may use any more,
    or a service that is not mail. Verifiers obey, and treat what it signs as unsigned.`,
  remedy(selector, _facts, { tag }) {
    const published = keyOf(selector)
    const wrong = 'verdict' in published ? [] : hindrances(published.key)
    return {
      text: tag === 'k' ? 'Set k= to the type of the key, rsa or ed25519; without k= it is rsa.'
        : `Remove ${wrong.map(name => `${name}=`).join(' and ')}: without it the key is good for ${tag === 'h' ? 'every hash' : 'every service'}.`,
      ...wrong.includes('k') ? {} : withTags(selector, tags => tags.filter(({ name }) => !wrong.some(other => other === name))),
    }
  },
})

/** The tags that rule out every signature there could be. */
function hindrances({ keyType, hashes, services }: DkimRecord): ('k' | 'h' | 's')[] {
  return [
    ...keyType === 'rsa' || keyType === 'ed25519' ? [] : ['k' as const],
    ...hashes && !hashes.includes('sha256') ? ['h' as const] : [],
    ...services.includes('*') || services.includes('email') ? [] : ['s' as const],
  ]
}

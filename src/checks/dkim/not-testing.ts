import { defineCheck, fail, passed, skip } from '../define.ts'
import { keyOf, keySelectors, noKey, tagSeen, withTags } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/not-testing',
  title: 'The key is in earnest: no t=y',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 6376 §3.6.1'],
  needs: ['dkim'],
  defersTo: ['dkim/record-valid'],
  over: keySelectors,
  nothing: noKey,
  judge(selector) {
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key, seen } = published
    if (key.revoked) return skip('the key is revoked')
    return key.flags.includes('y') ? fail('failed', { name: selector.name }, tagSeen(published, 't')) : passed(seen())
  },
  messages: {
    failed: '{name}: t=y',
  },
  explain: `t=y says that DKIM is only being tried out, and verifiers must not treat such mail otherwise than unsigned mail. It was
    meant for the first days, and is often forgotten.`,
  remedy: selector => ({
    text: 'Remove t=y from the key record.',
    // t=y:s keeps its s (RFC 6376 §3.6.1)
    ...withTags(selector, tags => tags.flatMap(({ name, value }) => {
      const flags = value.split(':').map(flag => flag.trim()).filter(flag => flag.toLowerCase() !== 'y')
      return name !== 't' ? [{ name, value }] : flags.length > 0 ? [{ name, value: flags.join(':') }] : []
    })),
  }),
})

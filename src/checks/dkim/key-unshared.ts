import { keyFingerprint } from '../../syntax/dkim.ts'
import type { Selector } from '../../probes/dkim.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { keyOf, keySelectors, noKey } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-unshared',
  title: 'The key stands at one selector alone',
  severity: 'notice',
  question: 'send',
  rfc: ['best practice'],
  needs: ['dkim'],
  over: keySelectors,
  nothing: noKey,
  judge(selector, { dkim }) {
    if (isAlias(selector)) return skip('somebody else publishes the key: the name is an alias')
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const own = fingerprintOf(selector)
    if (own === null) return skip('there is no key')
    const before = keySelectors({ dkim }).filter(other => !isAlias(other))
    const other = before.slice(0, before.findIndex(({ name }) => name === selector.name)).find(one => fingerprintOf(one) === own)
    if (!other) return passed(published.seen())
    const theirs = keyOf(other)
    return fail('failed', { name: selector.name, other: other.name }, published.seen(), ...'seen' in theirs ? [theirs.seen()] : [])
  },
  messages: { failed: '{name} has the key of {other}' },
  explain: `Selectors are there so that each server and each provider has a key of its own, which can be replaced or revoked alone.
    One that stands at two names has to be replaced at both at the same time.`,
  remedy: ({ name }) => ({ text: `Make a key of its own for ${name}, let the server sign with it, and replace the record after that.` }),
})

function isAlias({ answer }: Selector): boolean {
  return 'value' in answer && answer.value.aliases.length > 0
}

function fingerprintOf(selector: Selector): string | null {
  const published = keyOf(selector)
  return 'key' in published && published.key.key ? keyFingerprint(published.key.key) : null
}

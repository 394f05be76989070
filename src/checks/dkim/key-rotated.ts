import { keyFingerprint, parseDkim } from '../../syntax/dkim.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { dateOf, day, observationsOf, observedTexts } from '../remembered.ts'
import { keyOf, keySelectors, noKey } from '../selectors.ts'

/** Days. Whoever sends in bulk is worth the work of breaking a key. */
const longest = { usual: 365, bulk: 183 }

export default defineCheck({
  id: 'dkim/key-rotated',
  title: 'The key is replaced from time to time',
  severity: 'notice',
  question: 'send',
  rfc: ['best practice'],
  needs: ['dkim', 'history', 'clock'],
  requires: 'state',
  over: keySelectors,
  nothing: noKey,
  judge(selector, { history, clock: { now } }, { bulk }) {
    const published = keyOf(selector)
    if ('verdict' in published) return published
    const { key: { key }, seen } = published
    if (!key) return skip('there is no key')
    const observations = observationsOf(history, `dkim ${selector.selector}`)
    if ('verdict' in observations) return observations
    const fingerprint = keyFingerprint(key)
    // that it was gone for a while makes it no younger: the same key was shown before
    const known = observations.slice(observations.findLastIndex(({ value }) => value !== null && !shows(value, fingerprint)) + 1)
    const first = known.find(({ value }) => value !== null)
    if (!first || Date.parse(now) - Date.parse(first.firstSeen) <= (bulk ? longest.bulk : longest.usual) * day) return passed(seen())
    return fail('failed', { name: selector.name, date: dateOf(first.firstSeen) }, seen())
  },
  messages: { failed: '{name}: the key is the same since {date}' },
  explain: `The longer a key is in use, the more has had the time to leak: a backup, a server that was let go, a colleague who
    left. Whoever has it signs mail in your name, and nobody can tell.`,
  remedy: ({ name, answer }, _facts, _args, { domain }) => ({
    text: 'value' in answer && answer.value.aliases.length > 0
      ? `Have whoever publishes the key behind ${name} replace it.`
      : `Publish a new key at another selector of ${domain}, let the server sign with it, and remove ${name} seven days after that: mail that is still under way needs the old key.`,
  }),
})

function shows(value: string, fingerprint: string): boolean {
  return observedTexts(value).some(text => {
    const { key } = parseDkim(text)
    return key !== null && keyFingerprint(key) === fingerprint
  })
}

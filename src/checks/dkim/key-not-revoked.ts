import { defineCheck, fail, passed, skip } from '../define.ts'
import { keyOf, keySelectors, noKey, tagSeen } from '../selectors.ts'

export default defineCheck({
  id: 'dkim/key-not-revoked',
  title: 'No selector that is in use has a revoked key',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 6376 §3.6.1'],
  needs: ['dkim', 'contexts'],
  defersTo: ['dkim/record-valid'],
  over: keySelectors,
  nothing: noKey,
  judge(selector, { contexts: { sending } }) {
    const { name, source } = selector
    if (source !== 'declared') return skip('nobody says that this selector is in use')
    if (sending.value === 'no') return skip(`the domain sends no mail (${sending.because})`)
    const published = keyOf(selector)
    if ('verdict' in published) return published
    return published.key.revoked ? fail('failed', { name }, tagSeen(published, 'p')) : passed(published.seen())
  },
  messages: {
    failed: '{name} is revoked (empty p=) but in use',
  },
  explain: `An empty p= says that this key must not be believed any more. Receivers treat all that is signed with it as unsigned,
    so that DMARC has only SPF to go by, which breaks whenever the mail is forwarded.`,
  remedy: ({ name }) => ({
    text: `Publish at ${name} the key that your server signs with, or have it sign with another selector.`,
  }),
})

import { fieldsNamed } from '../../syntax/message.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { fieldSeen, lineSeen } from '../message-seen.ts'

export default defineCheck({
  id: 'message/one-click-unsubscribe',
  title: 'Recipients can unsubscribe with one click, and the fields that offer it are signed',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 8058 §3.1', 'RFC 8058 §4'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }, { bulk }) {
    if (!facts) return skip('no message was given')
    if (!bulk) return skip('this is asked of bulk senders (--bulk)')
    const { message: { fields }, verdict: { dkim, dmarc, from } } = facts
    const author = dmarc.authorDomain ?? from
    const offers = fieldsNamed(fields, 'List-Unsubscribe')
    const posts = fieldsNamed(fields, 'List-Unsubscribe-Post')
    const seen = [...offers, ...posts].slice(0, 6).map(fieldSeen)
    const [offer] = offers
    const [post] = posts
    if (!offer) return fail('absent', { from: author }, ...nothing(fields))
    if (offers.length > 1 || posts.length > 1) return fail('failed', { why: `${offers.length > 1 ? 'List-Unsubscribe' : 'List-Unsubscribe-Post'} stands more than once` }, ...seen)
    // §3.1: one HTTPS URI; others, such as mailto, may stand beside it.
    if (!/<\s*https:\/\/[^<>\s]+\s*>/i.test(offer.value)) return fail('failed', { why: 'List-Unsubscribe names no https URI' }, ...seen)
    if (!post) return fail('failed', { why: 'there is no List-Unsubscribe-Post field' }, ...seen)
    if (post.value.trim().toLowerCase() !== 'list-unsubscribe=one-click') {
      return fail('failed', { why: 'List-Unsubscribe-Post is not "List-Unsubscribe=One-Click"' }, ...seen)
    }
    const covered = dkim.some(({ result, signature: { headers } }) =>
      result === 'pass' && headers.includes('list-unsubscribe') && headers.includes('list-unsubscribe-post'))
    return covered ? passed(...seen) : fail('failed', { why: 'no valid DKIM signature covers both fields' }, ...seen)
  },
  messages: {
    failed: 'One-click unsubscription does not work: {why}',
    absent: 'The message of {from} offers no way to unsubscribe (no List-Unsubscribe field)',
  },
  explain: `People who cannot get rid of a newsletter report it as spam, and large receivers ask bulk senders for an unsubscription
    that their own button can carry out. They do not use it when nobody signed the fields.`,
  remedy: () => ({
    text: 'Add "List-Unsubscribe: <https://…>" and "List-Unsubscribe-Post: List-Unsubscribe=One-Click", and name both fields in h= of the DKIM signature.',
  }),
})

function nothing(fields: readonly Parameters<typeof fieldSeen>[0][]): ReturnType<typeof lineSeen>[] {
  const [subject] = [...fieldsNamed(fields, 'Subject'), ...fields]
  return subject ? [fieldSeen(subject)] : [lineSeen(1, '(no header)')]
}

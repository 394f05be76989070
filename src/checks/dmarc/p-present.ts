import { defineCheck, fail, passed } from '../define.ts'
import { byWalk, recordOf, republish } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { joinedText } from '../../syntax/record.ts'

export default defineCheck({
  id: 'dmarc/p-present',
  title: 'The DMARC record states its policy',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7'],
  needs: ['dmarc'],
  defersTo: ['dmarc/policy-values-valid'],
  judge(_domain, { dmarc }) {
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const { record, published } = found
    return record.tags.some(({ name }) => name === 'p') ? passed(recordSeen(published))
      : fail('failed', { record: joinedText(published) }, recordSeen(published))
  },
  messages: {
    failed: '"{record}" has no p tag: treated as p=none',
  },
  explain: `A record that asks for reports and states no policy counts as p=none. Some receivers of the older standard, where p
    must come directly after v, pass over it altogether, and then send no reports either.`,
  remedy(_domain, { dmarc }) {
    const found = byWalk(dmarc)
    return { text: 'State the policy directly after v=DMARC1: p=none to begin with.', ...found.found === 'one' ? { records: republish(found, { p: 'none' }) } : {} }
  },
})

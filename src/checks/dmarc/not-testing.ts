import { lowered } from '../../evaluate/dmarc-policy.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { byWalk, legacyWords, policyOf, republish, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/not-testing',
  title: 'The DMARC policy is in force, not under test',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 Appendix A.6'],
  needs: ['dmarc'],
  uses: ['mx'],
  judge(_domain, { dmarc, mx }) {
    const found = policyOf(dmarc, mx)
    if ('verdict' in found) return found
    const { record, published, applied: { policy } } = found
    if (policy === 'none') return skip('the policy is none, which a test does not change')
    if (!record.t) return passed(recordSeen(published))
    return fail('failed', { policy, effective: lowered(policy), legacy: legacyWords(dmarc) }, tagSeen(found, 't'))
  },
  messages: {
    failed: 't=y: {policy} is applied as {effective} (RFC 7489 receivers apply {legacy})',
  },
  explain: `t=y asks receivers to treat forgeries one step more gently than the policy says, for as long as you try it out. Those of
    the older standard do not know the tag and apply the policy in full, so it does not even spare your own mail everywhere.`,
  remedy(_domain, { dmarc }) {
    const found = byWalk(dmarc)
    return { text: 'Remove t=y once the reports show that your own mail passes.', ...found.found === 'one' ? { records: republish(found, { t: null }) } : {} }
  },
})

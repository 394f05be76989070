import { legacyPolicy, lowered } from '../../evaluate/dmarc-policy.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byList, republish, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/pct-full',
  title: 'Receivers of the older standard apply the DMARC policy to all forgeries',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 Appendix A.6', 'RFC 7489 §6.6.4'],
  needs: ['dmarc'],
  judge(_domain, { dmarc }) {
    const found = byList(dmarc)
    if (found.found === 'unknown') return unknownBecause(found.problem)
    if (found.found !== 'one') return skip('no DMARC policy is published')
    const { record, published, inherited } = found
    const policy = legacyPolicy(record, inherited)?.policy ?? 'none'
    if (record.pct === null) return skip('the record has no pct')
    if (policy === 'none') return skip('the policy is none, of which pct takes nothing')
    if (record.pct === 100) return passed(recordSeen(published))
    return fail('failed', { pct: record.pct, policy, rest: lowered(policy) }, tagSeen(found, 'pct'))
  },
  messages: {
    failed: 'pct={pct}: old receivers apply {policy} to {pct} % and {rest} to the rest; RFC 9989 ignores pct and applies {policy} to all',
  },
  explain: `pct was meant for a careful start, never worked evenly, and is gone from the standard. What is left of it is that a share of
    forgeries gets through at some receivers, while at others all of your own mail is already judged in full.`,
  remedy(_domain, { dmarc }) {
    const found = byList(dmarc)
    return { text: 'Remove pct; to try a policy out, use t=y.', ...found.found === 'one' ? { records: republish(found, { pct: null }) } : {} }
  },
})

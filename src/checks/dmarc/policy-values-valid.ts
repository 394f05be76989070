import { legacyPolicy } from '../../evaluate/dmarc-policy.ts'
import { policies, type DmarcProblem, type RecordEffect } from '../../syntax/dmarc.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { byWalk, recordOf } from '../dmarc-record.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/policy-values-valid',
  title: 'The policies that the DMARC record states are such as receivers know',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §4.10.1', 'RFC 6376 §3.2'],
  needs: ['dmarc'],
  judge(_domain, { dmarc }) {
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const { published, record, inherited } = found
    const problems = record.problems.filter(problem => isGrave(problem, record.counts))
    const [first] = problems
    if (!first) return passed(recordSeen(published))
    const evidence = problems.map(({ at }) => octetSeen(published, at))
    const outcome = record.counts === 'none' ? 'p=none' : 'no DMARC record'
    const { tag, value } = first
    const legacy = legacyPolicy(record, inherited)?.policy ?? 'no policy'
    if (record.legacyCounts === 'stated') return fail('unknown-before', { tag, value, outcome, legacy, count: problems.length }, ...evidence)
    if (first.code === 'bad-policy') return fail('failed', { tag, value, outcome, count: problems.length }, ...evidence)
    if (first.code === 'duplicate-tag') return fail('duplicate', { tag, outcome, count: problems.length }, ...evidence)
    return fail('missing', { outcome }, ...evidence)
  },
  messages: {
    failed: '{tag}={value}: the record counts as {outcome}',
    'unknown-before': '{tag}={value}: the record counts as {outcome} (RFC 7489, which does not know {tag}, still gives {legacy})',
    duplicate: 'the tag {tag} stands twice: the record counts as {outcome}',
    missing: 'the record has neither p nor a rua that can be used: it counts as {outcome}',
  },
  explain: `Receivers do not guess what was meant: a policy that they do not know is no policy, so forgeries in your name are
    delivered although the record seems to forbid them.`,
  remedy(_domain, { dmarc }, { tag, value }, _scope, code) {
    if (code === 'missing') return { text: 'State the policy: p=none, p=quarantine or p=reject, directly after v=DMARC1.' }
    if (code === 'duplicate') return { text: `Keep one ${String(tag)} tag, the one that you mean.` }
    const discovery = byWalk(dmarc)
    const meant = policies.find(policy => String(value).toLowerCase().startsWith(policy.slice(0, 3)))
    const written = discovery.found === 'one' ? discovery.record.tags.find(({ name }) => name === tag) : undefined
    if (discovery.found !== 'one' || !written || meant === undefined) return { text: `Set ${String(tag)} to none, quarantine or reject.` }
    const text = joinedText(discovery.published)
    const mended = text.slice(0, written.valueAt) + meant + text.slice(written.valueAt + written.value.length)
    return { text: `Set ${String(tag)} to none, quarantine or reject; "${meant}" seems to be meant.`, records: { set: [txtLine(discovery.lookup.name, mended)], remove: [txtLine(discovery.lookup.name, text)] } }
  },
})

/** What decides how the whole record counts; a missing p is harmless where reports are asked for (RFC 9989 §4.10.1). */
function isGrave({ code }: DmarcProblem, counts: RecordEffect): boolean {
  return code === 'bad-policy' || code === 'duplicate-tag' || (code === 'missing-policy' && counts === 'ignored')
}

import { longestWalk, recordAt, walkTargets } from '../../evaluate/dmarc-walk.ts'
import { formatLabels, labelsOf } from '../../syntax/name.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/deep-names-covered',
  title: 'A name of more than eight labels has a DMARC record of its own',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9989 §4.10', 'RFC 9989 §5.1.8'],
  needs: ['dmarc'],
  judge({ name: domain }, { dmarc: { asked } }) {
    const labels = labelsOf(domain)
    if (labels.length <= longestWalk) return skip(`the domain has ${labels.length} labels, and the walk leaves none of them out`)
    const own = asked.find(lookup => lookup.domain === domain)
    if (!own) return skip('there can be no record at a name that long')
    if ('problem' in own.answer) return unknownBecause(own.answer.problem)
    const record = recordAt(own)
    if (record) return passed(recordSeen(record.published))
    const visited = new Set(walkTargets(domain))
    const skipped = labels.map((_, i) => formatLabels(labels.slice(i))).filter(name => !visited.has(name))
    return fail('failed', { domain, skipped }, absenceSeen(own.answer.value))
  },
  messages: { failed: 'The walk from {domain} skips {skipped}' },
  explain: `Receivers ask at most eight names for a policy: the domain itself, and from the seventh label upwards. A record at a name
    in between is not found.`,
  remedy: ({ name: domain }) => ({ text: `Publish a policy at _dmarc.${domain} if mail names this domain in From.` }),
})

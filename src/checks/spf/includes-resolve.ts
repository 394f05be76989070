import { placesOf, type SpfPlace } from '../../evaluate/spf-limits.ts'
import { parseSpf, type SpfProblem } from '../../syntax/spf.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Evidence } from '../define.ts'
import { txtLine } from '../publish.ts'
import { noRecord, nothingSeen, placeSeen, spfSeen, termIn } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/includes-resolve',
  title: 'Every include and redirect leads to exactly one SPF record that can be read',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §5.2', 'RFC 7208 §6.1'],
  needs: ['spf'],
  defersTo: ['dns/targets-not-claimable', 'spf/strings-joined-cleanly'],
  judge({ name: domain }, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const places = [...placesOf(spf)].filter(({ branch: { kind } }) => kind === 'include' || kind === 'redirect')
    if (places.length === 0) return skip('the record leads to no other')
    const broken = places.flatMap(place => defectOf(place) ?? [])
    const [first] = broken
    if (!first) {
      const problem = places.map(({ branch }) => branch.node?.answer).flatMap(answer => answer && 'problem' in answer ? [answer.problem] : [])[0]
      return problem ? unknownBecause(problem) : pass
    }
    const term = termIn(first.place, domain)
    const target = first.place.branch.target ?? ''
    const evidence = unique(broken.flatMap(defect => [...placeSeen(defect.place), ...defect.evidence]))
    const count = broken.length
    if (first.why === 'several') return fail('several', { term, target, records: first.records, count }, ...evidence)
    if (first.why === 'invalid') return fail('invalid', { term, target, at: first.problem.term, count }, ...evidence)
    return fail('failed', { term, target, count }, ...evidence)
  },
  messages: {
    failed: '{term}: {target} has no SPF record',
    several: '{term}: {target} has {records} SPF records',
    invalid: '{term}: the SPF record of {target} has a syntax error at "{at}"',
  },
  explain: `A receiver that comes to this term stops with a permanent error, so the servers named behind it count for nothing,
    and for many receivers the whole record does. It is what remains when a service is left or renames its records.`,
  remedy({ name: domain }, { spf }, { target }) {
    const [record = ''] = spf.records
    const own = spf.branches.find(branch => branch.target === target)
    const rest = own && own.kind === 'include' ? record.slice(0, own.at).trimEnd() + record.slice(own.at + own.term.length) : null
    return {
      text: own ? `Remove ${own.term} if you no longer use that service; otherwise ask the owner of ${String(target)} to mend it.`
        : `Ask the owner of the record that names ${String(target)} to mend it, or stop including that record.`,
      ...rest === null ? {} : { records: { set: [txtLine(domain, rest)], remove: [txtLine(domain, record)] } },
    }
  },
})

type Defect = { readonly place: SpfPlace; readonly evidence: readonly Evidence[] } & (
  | { readonly why: 'none' } | { readonly why: 'several'; readonly records: number } | { readonly why: 'invalid'; readonly problem: SpfProblem })

function defectOf(place: SpfPlace): Defect | null {
  const { branch } = place
  if (branch.state === 'malformed') return { place, why: 'none', evidence: [] } // §4.3: no such domain can have a record
  const { node } = branch
  if (!node || 'problem' in node.answer) return null
  const [record, second] = node.records
  if (record === undefined) return { place, why: 'none', evidence: nothingSeen(branch) }
  if (second !== undefined) return { place, why: 'several', records: node.records.length, evidence: spfSeen(node) }
  const [problem] = parseSpf(record).problems
  return problem ? { place, why: 'invalid', problem, evidence: spfSeen(node, problem.at) } : null
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map(item => [JSON.stringify(item), item])).values()]
}

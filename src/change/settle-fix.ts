/**
 * From proposals to a fix that holds: what the remedies propose is laid over the live DNS, all is judged again, and what cures
 * nothing or makes something worse is left out, until the rest does what it says.
 */
import type { Report, ReportedFinding } from '../report/report.ts'
import { topicOf } from '../report/topics.ts'
import { identityOf } from '../report/verdicts.ts'
import { fixedSets, proposalsOf, setKey, setsConcerned, type FixedSet, type LiveSet, type Proposal, type Refusal } from './fix.ts'
import { judgeFix, type FixVerdict } from './fix-verdict.ts'

export interface Fix {
  readonly report: Report
  readonly sets: readonly FixedSet[]
  readonly cured: readonly ReportedFinding[]
  readonly laidBare: readonly ReportedFinding[]
  readonly refused: readonly Refusal[]
  /** Failures that no record cures. */
  readonly others: readonly ReportedFinding[]
}

export interface FixTools {
  /** The RRset as it is published now. */
  readonly ask: (name: string, type: FixedSet['type']) => Promise<LiveSet>
  /** The report with these RRsets over the live ones. */
  readonly judge: (sets: readonly FixedSet[]) => Promise<Report>
}

export async function settleFix(report: Report, { ask, judge }: FixTools): Promise<Fix> {
  const { proposals, refused } = proposalsOf(report.findings, report.domain)
  const live = new Map(await Promise.all(setsConcerned(proposals).map(async ({ name, type }) => [setKey(name, type), await ask(name, type)] as const)))
  const refusals = [...refused]
  const attempt = async (chosen: readonly Proposal[]): Promise<Attempt> => {
    const fixed = fixedSets(chosen, live)
    const out = new Set(fixed.refused.map(({ finding }) => finding))
    const kept = chosen.filter(({ finding }) => !out.has(finding))
    const verdict = fixed.sets.length === 0 ? nothing : judgeFix(report.findings, (await judge(fixed.sets)).findings)
    return { kept, sets: fixed.sets, refused: fixed.refused, verdict }
  }
  let now = await attempt(proposals)
  refusals.push(...now.refused)
  // A check tells of one fault of a subject at a time: where the cure of one lays bare the next, both are cured together.
  for (let round = 0; round < mostFaults; round++) {
    const combined = combine(now, report.domain)
    if (!combined) break
    const next = await attempt(combined)
    if (next.refused.length > 0 || next.verdict.cured.length <= now.verdict.cured.length) break
    now = next
  }
  // What does harm is looked for among the remedies of the same topic first, one at a time; what does good stays.
  for (let [harm] = now.verdict.worse; harm; [harm] = now.verdict.worse) {
    const topic = topicOf(harm.check)
    const near = now.kept.filter(({ finding }) => topicOf(finding.check) === topic)
    const suspects = near.length > 0 ? near : now.kept
    const refuse = (proposal: Proposal, { check, message }: ReportedFinding): void => {
      refusals.push({ finding: proposal.finding, kind: 'unsettled', because: `then ${check} fails: ${message}`, proposal })
    }
    let good = await attempt(now.kept.filter(proposal => !suspects.includes(proposal)))
    const [only] = suspects
    if (only && suspects.length === 1) refuse(only, harm)
    else {
      for (const proposal of suspects) {
        const next = await attempt([...good.kept, proposal])
        const known = new Set(good.verdict.worse.map(identityOf))
        const fresh = next.verdict.worse.find(finding => !known.has(identityOf(finding)))
        if (fresh) refuse(proposal, fresh)
        else good = next
      }
    }
    if (good.kept.length === now.kept.length) break // no telling which: none of them is offered
    now = good
  }
  if (now.verdict.worse.length > 0) {
    refusals.push(...now.kept.map((proposal): Refusal => ({ finding: proposal.finding, kind: 'unsettled', because: 'together with the others it makes something worse', proposal })))
    now = await attempt([])
  }
  // What is not cured by it is not changed for it. Every round leaves something out, so this ends.
  for (;;) {
    const cured = new Set(now.verdict.cured.map(identityOf))
    const idle = now.kept.filter(({ finding }) => !cured.has(identityOf(finding)))
    if (idle.length === 0) break
    refusals.push(...idle.map((proposal): Refusal => ({ finding: proposal.finding, kind: 'unsettled', because: 'the records alone do not cure it', proposal })))
    const next = await attempt(now.kept.filter(proposal => !idle.includes(proposal)))
    if (next.verdict.worse.length > 0) return { report, sets: [], cured: [], laidBare: [], refused: refusals, others: othersOf(report) }
    now = next
  }
  return { report, sets: now.sets, cured: now.verdict.cured, laidBare: now.verdict.laidBare, refused: refusals, others: othersOf(report) }
}

/** Faults that one check may find in one subject, one behind the other. */
const mostFaults = 6

/** The proposals with that of each fault laid bare in place of the one that lays it bare: it is made of what that leaves. */
function combine({ kept, verdict: { worse } }: Attempt, domain: string): Proposal[] | null {
  const { proposals: further } = proposalsOf(worse, domain)
  const combined = kept.map(proposal => {
    const next = further.find(({ finding }) => finding.check === proposal.finding.check && finding.subject === proposal.finding.subject)
    if (!next) return proposal
    const interim = new Set(proposal.set.map(lineOf))
    const again = new Set(setsConcerned([next]).map(({ name, type }) => setKey(name, type)))
    return {
      finding: proposal.finding,
      set: [...proposal.set.filter(({ name, type }) => !again.has(setKey(name, type))), ...next.set],
      remove: [...proposal.remove, ...next.remove.filter(record => !interim.has(lineOf(record)))],
    }
  })
  return combined.some((proposal, i) => proposal !== kept[i]) ? combined : null
}

function lineOf({ name, type, text }: Proposal['set'][number]): string {
  return `${name} ${type} ${text}`
}

interface Attempt {
  readonly kept: readonly Proposal[]
  readonly sets: readonly FixedSet[]
  readonly refused: readonly Refusal[]
  readonly verdict: FixVerdict
}

const nothing: FixVerdict = { cured: [], laidBare: [], worse: [] }

function othersOf({ findings }: Report): ReportedFinding[] {
  return findings.filter(({ verdict, remedy }) => verdict === 'fail' && !remedy?.records)
}

import { lookupLimit, placesOf, type SpfPlace } from '../../evaluate/spf-limits.ts'
import type { HistoryFacts } from '../../probes/history.ts'
import type { SpfFacts } from '../../probes/spf.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause, type Unknown } from '../define.ts'
import { observationsOf, observedTexts, sinceWhen } from '../remembered.ts'
import { isOwn, noRecord, placeSeen, spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/provider-lookups-steady',
  title: 'What the SPF records of others cost has not grown',
  severity: 'notice',
  question: 'send',
  rfc: ['RFC 7208 §4.6.4'],
  needs: ['spf', 'history'],
  requires: 'state',
  judge(_domain, { spf, history }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const others = othersIn(spf)
    if (others.length === 0) return skip('the record leads to no record of others')
    const observations = observationsOf(history, 'spf')
    if ('verdict' in observations) return observations
    const unchanged = sinceWhen(observations, value => value !== null && says(value, spf.records[0] ?? ''))
    if (!unchanged) return skip('the record itself is new')
    const grown: { readonly place: SpfPlace; readonly target: string; readonly before: number; readonly after: number }[] = []
    let undecided: Unknown | null = null
    for (const { place, target } of others) {
      const after = lookupsOf(place)
      if (after === null) continue
      const before = typeof after === 'number' ? lookupsSince(history, target, unchanged.firstSeen) : null
      if (typeof after !== 'number') undecided ??= after
      else if (typeof before !== 'number') undecided ??= before
      else if (before < after) grown.push({ place, target, before, after })
    }
    const [first] = grown.toSorted((a, b) => (b.after - b.before) - (a.after - a.before))
    if (!first) return undecided ?? pass
    const { target, before, after } = first
    const seen = grown.flatMap(({ place: { branch, node } }) => [...placeSeen({ branch, node }), ...branch.node ? spfSeen(branch.node) : []])
    return fail('failed', { target, before, after, count: grown.length }, ...seen)
  },
  messages: {
    failed: '{target} grew from {before} to {after} lookups, and you changed nothing',
  },
  explain: `Receivers follow at most ten lookups, those in the records of your providers among them. When a provider adds some,
    your record can come to be invalid overnight, without your doing.`,
  remedy: () => ({
    text: `Keep an eye on the limit of ${lookupLimit}: drop the includes of services that you no longer use, and move the costliest to a subdomain with a record of its own before it is reached.`,
  }),
})

/** The records of others that the own record leads to. */
function othersIn(spf: SpfFacts): { readonly place: SpfPlace; readonly target: string }[] {
  return spf.branches.flatMap(branch => {
    const { kind, target } = branch
    return (kind === 'include' || kind === 'redirect') && target !== null && !isOwn(target, spf) ? [{ place: { branch, node: spf }, target }] : []
  })
}

/** The term itself and all behind it; unknown while part of it is not answered, null for what is not followed. */
function lookupsOf({ branch: { node } }: SpfPlace): number | Unknown | null {
  if (!node) return null
  const places = [...placesOf(node)]
  for (const { answer } of [node, ...places.flatMap(({ branch }) => branch.node ?? [])]) {
    if ('problem' in answer) return unknownBecause(answer.problem)
  }
  return 1 + places.length
}

/** The first count that was seen beside the record as it is now. */
function lookupsSince(history: HistoryFacts, target: string, since: string): number | Unknown {
  const counts = observationsOf(history, `spf-lookups ${target}`)
  if ('verdict' in counts) return counts
  const first = counts.find(({ value, lastSeen }) => value !== null && Date.parse(lastSeen) >= Date.parse(since))
  return first && /^\d{1,6}$/.test(first.value ?? '') ? Number(first.value) : unknown('history-too-short', `what ${target} cost was not seen since the record is as it is now`)
}

/** What is remembered is cut off at 4,000 characters, and may be the text or its strings in quotes. */
function says(value: string, record: string): boolean {
  return value === record.slice(0, 4000) || observedTexts(value)[0] === record
}

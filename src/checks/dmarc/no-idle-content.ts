import { legacyPolicy, type DmarcDiscovered } from '../../evaluate/dmarc-policy.ts'
import type { DmarcFacts } from '../../probes/dmarc.ts'
import { dmarcTags, type DmarcProblem } from '../../syntax/dmarc.ts'
import { nearest } from '../../syntax/nearest.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { defineCheck, fail, passed, type Evidence } from '../define.ts'
import { byWalk, organizationByWalk, recordOf, republish } from '../dmarc-record.ts'
import { octetSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/no-idle-content',
  title: 'Nothing in the DMARC record is without effect',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §4.8', 'RFC 9989 Appendix A.6'],
  needs: ['dmarc'],
  judge(_domain, { dmarc }) {
    const found = recordOf(dmarc)
    if ('verdict' in found) return found
    const idle = idleContent(found, dmarc)
    const [first] = idle
    if (!first) return passed(recordSeen(found.published))
    const { item, code, meant } = first
    const args = { item, name: found.lookup.name, count: idle.length }
    const evidence = idle.map(one => one.evidence)
    return meant === undefined ? fail(code, args, ...evidence) : fail('unknown-near', { ...args, meant }, ...evidence)
  },
  messages: {
    failed: '{item} at {name} has no effect: the tag was removed in RFC 9989',
    size: '{item} at {name} has no effect: size limits of reports were removed in RFC 9989',
    unknown: '{item} at {name} has no effect: there is no such tag',
    'unknown-near': '{item} at {name} has no effect: there is no such tag (was {meant} meant?)',
    malformed: '{item} at {name} has no effect: this is no NAME=VALUE',
    value: '{item} at {name} has no effect: the tag has no such value, and receivers take its default',
    'failure-options': '{item} at {name} has no effect: failure reports are asked for with ruf, and there is none',
    'failure-options-both': '{item} at {name} is half without effect: 0 and 1 exclude each other',
    'below-organization': '{item} at {name} has no effect: it counts at the organizational domain alone',
    'other-record': '"{item}" at {name} has no effect: it is no DMARC record',
  },
  explain: `Receivers pass over what they do not know, without a word. A tag without effect is mostly a typing error, or a leaving of
    an older standard that makes the record promise more than it does.`,
  remedy(_domain, { dmarc }, { item }) {
    const found = byWalk(dmarc)
    if (found.found !== 'one') return { text: 'Correct or remove it.' }
    const removed = idleContent(found, dmarc).flatMap(({ code, tag }) => code === 'failed' && tag !== undefined ? [tag] : [])
    return { text: `Correct or remove ${String(item)}.`, ...removed.length > 0 ? { records: republish(found, Object.fromEntries(removed.map(tag => [tag, null]))) } : {} }
  },
})

type Code = 'failed' | 'size' | 'unknown' | 'malformed' | 'value' | 'failure-options' | 'failure-options-both' | 'below-organization' | 'other-record'

interface Idle {
  readonly code: Code
  readonly item: string
  readonly evidence: Evidence
  readonly tag?: string
  readonly meant?: string
}

function idleContent(found: DmarcDiscovered, dmarc: DmarcFacts): Idle[] {
  const { record, published, lookup } = found
  const problems = record.problems.flatMap((problem): Idle[] => {
    const code = codeOf(problem)
    if (code === null || (problem.tag === 'pct' && isHonoured(found))) return []
    const item = problem.value === '' || problem.tag === problem.value ? problem.tag : `${problem.tag}=${problem.value}`
    const meant = code === 'unknown' ? nearest(problem.tag, dmarcTags) : undefined
    return [{ code, item: code === 'size' ? problem.value : cut(item), tag: problem.tag, evidence: octetSeen(published, problem.at), ...meant === undefined ? {} : { meant } }]
  })
  const organization = organizationByWalk({ ...dmarc, domain: lookup.domain })
  const below = 'value' in organization && organization.value !== lookup.domain && record.psd !== 'y'
  const forNamesBelow = below ? record.tags.filter(({ name }) => name === 'sp' || name === 'np') : []
  return [
    ...problems,
    ...forNamesBelow.map(({ name, value, at }): Idle => ({ code: 'below-organization', item: `${name}=${value}`, evidence: octetSeen(published, at) })),
    ...others(found).map((record): Idle => ({ code: 'other-record', item: cut(joinedText(record)), evidence: recordSeen(record) })),
  ]
}

function codeOf({ code }: DmarcProblem): Code | null {
  switch (code) {
    case 'obsolete-tag': return 'failed'
    case 'obsolete-size': return 'size'
    case 'unknown-tag': return 'unknown'
    case 'malformed-tag': return 'malformed'
    case 'bad-value':
    case 'empty-value': return 'value'
    case 'failure-options-unused': return 'failure-options'
    case 'failure-options-contradict': return 'failure-options-both'
    default: return null
  }
}

/** Receivers of RFC 7489 do as it says, and `dmarc/pct-full` says what that is. */
function isHonoured({ record, inherited }: DmarcDiscovered): boolean {
  const policy = legacyPolicy(record, inherited)?.policy ?? 'none'
  return record.pct !== null && record.pct < 100 && policy !== 'none'
}

/** TXT beside the policy. */
function others({ lookup: { answer }, published }: DmarcDiscovered): DnsRecord<'TXT'>[] {
  return 'value' in answer ? answer.value.records.filter(record => record !== published) : []
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

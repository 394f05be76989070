import type { WildcardProbe } from '../../probes/mail-names.ts'
import { parseDkim, resemblesDkim } from '../../syntax/dkim.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dns/wildcard-off-mail-names',
  title: 'No wildcard answers below the names that mail is set up with',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 4592', 'RFC 8552'],
  needs: ['zone', 'wildcards'],
  judge(_domain, { zone, wildcards }) {
    if (!zone.exists) return skip('the domain does not exist')
    const wrong = wildcards.flatMap(probe => polluted(probe) ?? [])
    const [first] = wrong
    if (first) {
      const { probe, record } = first
      const args = { name: probe.name, value: record.text, count: wrong.length }
      const seen = wrong.map(one => recordSeen(one.record))
      return probe.wildcard === null ? fail('unseen', args, ...seen) : fail('failed', { ...args, wildcard: probe.wildcard }, ...seen)
    }
    const [problem] = wildcards.flatMap(({ answer }) => 'problem' in answer ? [answer.problem] : [])
    return problem ? unknownBecause(problem) : pass
  },
  messages: {
    failed: '{name} is answered by the wildcard {wildcard}: {value}',
    unseen: '{name}, which nobody wrote down, is answered: {value}',
  },
  explain: `Every DKIM selector seems to exist then, and every report address to have agreed, whatever is asked for. A mistyped selector
    is found all the same, with a record that makes the signature invalid, and the fault is hard to see.`,
  remedy: (_domain, _facts, { wildcard }) => ({
    text: wildcard === undefined ? 'Find what answers for names that do not exist, and have it leave those with an underscore alone.'
      : `Narrow the wildcard ${String(wildcard)}, or replace it by the names that are meant.`,
  }),
})

/** What the wildcard says; null for nothing, and for what denies: a revoked key for every selector, no sender for every name. */
function polluted(probe: WildcardProbe): { readonly probe: WildcardProbe; readonly record: DnsRecord<'TXT'> } | null {
  const { answer } = probe
  const record = 'value' in answer ? answer.value.records.find(one => !denies(joinedText(one))) : undefined
  return record ? { probe, record } : null
}

function denies(text: string): boolean {
  return /^v=spf1 +-all *$/i.test(text) || (resemblesDkim(text) && parseDkim(text).revoked)
}

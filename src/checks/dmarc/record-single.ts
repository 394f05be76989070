import { dmarcRecords, walkFrom, type DmarcLookup } from '../../evaluate/dmarc-walk.ts'
import type { DmarcFacts } from '../../probes/dmarc.ts'
import { appliedPolicy } from '../../evaluate/dmarc-policy.ts'
import { parseDmarc } from '../../syntax/dmarc.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byList, byWalk, legacyWords } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/record-single',
  title: 'There is not more than one DMARC record at a name',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.10', 'RFC 7489 §6.6.3'],
  needs: ['dmarc'],
  judge(_domain, { dmarc }) {
    const crowded = crowdedName(dmarc)
    if (crowded) {
      const records = dmarcRecords(crowded)
      const [count, name, policy, legacy] = [records.length, crowded.name, walkWords(dmarc), legacyWords(dmarc)]
      const evidence = records.map(recordSeen)
      return policy === nothing && legacy === nothing ? fail('none', { count, name }, ...evidence) : fail('failed', { count, name, policy, legacy }, ...evidence)
    }
    const discovery = byWalk(dmarc)
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    return discovery.found === 'one' ? passed(recordSeen(discovery.published)) : skip('no DMARC policy is published')
  },
  messages: {
    failed: '{count} records at {name}: RFC 9989 gives {policy}, RFC 7489 gives {legacy}',
    none: '{count} records at {name}: receivers apply none of them',
  },
  explain: `Receivers do not choose between two records. By the older standard they apply neither, by the newer one whatever
    stands further up in the DNS, so forgeries in your name pass as if you had never published a policy.`,
  remedy(_domain, { dmarc }) {
    const crowded = crowdedName(dmarc)
    const name = crowded?.name ?? ''
    const texts = (crowded ? dmarcRecords(crowded) : []).map(joinedText)
    const [kept = '', ...others] = texts.toSorted((a, b) => parseDmarc(b).tags.length - parseDmarc(a).tags.length)
    // which policy is meant is for the owner to say
    const agree = new Set(texts.map(statedPolicies)).size === 1
    return {
      text: `Keep one record at ${name}, the one with the policy that you mean, and remove the others.`,
      ...agree ? { records: { set: [txtLine(name, kept)], remove: others.map(text => txtLine(name, text)) } } : {},
    }
  },
})

/** A name with several records, where one would have been the domain's policy. */
function crowdedName(dmarc: DmarcFacts): DmarcLookup | undefined {
  const list = byList(dmarc)
  if (list.found === 'several') return list.lookup
  return byWalk(dmarc).found === 'none'
    ? walkFrom(dmarc.domain, dmarc.asked).lookups.find(lookup => dmarcRecords(lookup).length > 1) : undefined
}

function statedPolicies(text: string): string {
  const { tags } = parseDmarc(text)
  return ['p', 'sp', 'np'].map(name => tags.find(tag => tag.name === name)?.value.toLowerCase() ?? '').join(' ')
}

const nothing = 'no policy'

/** What RFC 9989 makes of the other names. */
function walkWords(dmarc: DmarcFacts): string {
  const walk = byWalk(dmarc)
  if (walk.found === 'unknown') return 'what could not be found out'
  return (walk.found === 'one' ? appliedPolicy(walk.record, walk)?.policy : undefined) ?? nothing
}

import { appliedPolicy, discoverByWalk, dmarcRecords, type DmarcLookup } from '../../evaluate/dmarc-policy.ts'
import { joinedText } from '../../syntax/record.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dmarc/record-single',
  title: 'There is not more than one DMARC record at a name',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.10', 'RFC 7489 §6.6.3'],
  needs: ['dmarc'],
  judge({ name: domain }, { dmarc: { asked } }) {
    const crowded = asked.find(lookup => dmarcRecords(lookup).length > 1)
    if (crowded) {
      const records = dmarcRecords(crowded)
      return fail('failed', { count: records.length, name: crowded.name, policy: byWalk(domain, asked) }, ...records.map(recordSeen))
    }
    const failed = asked.map(({ answer }) => answer).find(answer => 'problem' in answer)
    if (failed && 'problem' in failed) return unknownBecause(failed.problem)
    return asked.some(lookup => dmarcRecords(lookup).length === 1) ? pass : skip('no DMARC policy is published')
  },
  messages: {
    failed: '{count} records at {name}: RFC 9989 gives {policy}, RFC 7489 gives none',
  },
  explain: `Receivers do not choose between two records. By the older standard they apply neither, by the newer one whatever
    stands further up in the DNS, so forgeries in your name pass as if you had never published a policy.`,
  remedy(_domain, { dmarc: { asked } }) {
    const crowded = asked.find(lookup => dmarcRecords(lookup).length > 1)
    const name = crowded?.name ?? ''
    const [kept = '', ...others] = (crowded ? dmarcRecords(crowded) : []).map(joinedText)
    return {
      text: `Keep one record at ${name}, the one with the policy that you mean, and remove the others.`,
      records: { set: [txtLine(name, kept)], remove: others.filter(text => text !== kept).map(text => txtLine(name, text)) },
    }
  },
})

/** What RFC 9989 makes of the other names. */
function byWalk(domain: string, asked: readonly DmarcLookup[]): string {
  const walk = discoverByWalk(domain, asked)
  if (walk.found === 'unknown') return 'what could not be found out now'
  const applied = walk.found === 'one' ? appliedPolicy(walk.record, walk.inherited) : null
  return applied ? `p=${applied.policy}` : 'none'
}

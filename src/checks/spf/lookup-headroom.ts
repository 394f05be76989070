import { countLookups, lookupLimit, placesOf } from '../../evaluate/spf-limits.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { isOwn, noRecord, spfSeen } from '../spf-record.ts'

/** Providers add a term now and then without asking; two in reserve outlast that. */
const most = 8

export default defineCheck({
  id: 'spf/lookup-headroom',
  title: 'The SPF record leaves two of the ten lookups in reserve',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 7208 §4.6.4'],
  needs: ['spf'],
  defersTo: ['spf/within-lookup-limit'],
  judge(_domain, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const { count, problem } = countLookups(spf)
    if (count > lookupLimit) return skip('the limit is exceeded')
    const foreign = [...placesOf(spf)].filter(({ node }) => !isOwn(node.domain, spf)).length
    if (count > most) return fail('failed', { count, foreign }, ...spfSeen(spf))
    return problem ? unknownBecause(problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{count} of 10 lookups used, {foreign} by others',
  },
  explain: `Receivers stop with an error at the eleventh lookup. Those in the records of others grow without your doing: one more
    term there, and your mail fails from one day to the next.`,
  remedy(_domain, { spf }) {
    const dearest = countLookups(spf).terms.filter(({ branch: { kind } }) => kind === 'include').toSorted((a, b) => b.count - a.count)[0]
    const hosts = spf.branches.filter(({ kind }) => kind === 'a' || kind === 'mx').map(({ term }) => term)
    return {
      text: [
        'Drop the includes of services that you no longer use',
        ...hosts.length > 0 ? [`write the addresses behind ${hosts.join(', ')} with ip4: and ip6:`] : [],
        ...dearest && dearest.count > 1 ? [`or send what ${dearest.branch.term} is for, which takes ${dearest.count} lookups, from a subdomain with a record of its own`] : [],
      ].join(', ') + '.',
    }
  },
})

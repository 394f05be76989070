import { letsFamilySend } from '../../evaluate/spf-family.ts'
import { countVoids, voidLimit, type VoidCount } from '../../evaluate/spf-limits.ts'
import { defineCheck, fail, passed, unknownBecause } from '../define.ts'
import { atMost, noRecord, nothingSeen, spfSeen, termIn } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/within-void-limit',
  title: 'At most 2 terms of the SPF record lead to nothing',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4.6.4'],
  needs: ['spf'],
  uses: ['spfMxHosts'],
  defersTo: ['spf/includes-resolve'],
  judge({ name: domain }, { spf, spfMxHosts }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const mxHosts = 'value' in spfMxHosts ? spfMxHosts.value : []
    const [v4, v6] = [countVoids(spf, 4), countVoids(spf, 6)]
    const [sends4, sends6] = [letsFamilySend(spf, 4, mxHosts), letsFamilySend(spf, 6, mxHosts)]
    // where only one family is meant to send, the limit stops none but strangers of the other
    const meant = sends4 === sends6 ? [v4, v6] : [sends4 ? v4 : v6]
    const isOver = ({ voids }: VoidCount): boolean => voids.length > voidLimit
    const worst = meant.filter(isOver).toSorted((a, b) => b.voids.length - a.voids.length)[0]
    if (worst) {
      const family = isOver(v4) && isOver(v6) ? 'any client' : worst === v4 ? 'IPv4 clients' : 'IPv6 clients'
      const terms = atMost(worst.voids.map(place => termIn(place, domain)))
      return fail('failed', { count: worst.voids.length, family, terms }, ...spfSeen(spf), ...worst.voids.flatMap(({ branch }) => nothingSeen(branch)))
    }
    const open = meant.find(mayExceed)
    return open?.problem ? unknownBecause(open.problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{count} void lookups for {family}: {terms}',
  },
  explain: `Receivers put up with two terms that DNS answers with nothing, and call the record an error at the third, so that
    nobody is authorised. Such terms are mostly hosts and services that are long gone; for an IPv6 client, hosts with no AAAA.`,
  remedy: (_domain, _facts, { terms, family }) => ({
    text: `Remove ${Array.isArray(terms) ? terms.join(', ') : String(terms)}` +
      (family === 'IPv6 clients' ? ', or write the IPv4 addresses of those hosts with ip4:.' : '.'),
  }),
})

function mayExceed({ voids, undecided }: VoidCount): boolean {
  return voids.length + undecided > voidLimit
}

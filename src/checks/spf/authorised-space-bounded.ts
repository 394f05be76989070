import { placesOf } from '../../evaluate/spf-limits.ts'
import type { SpfNode } from '../../evaluate/spf-tree.ts'
import type { SpfSpaceFacts, SpfSpan } from '../../probes/spf-space.ts'
import { defineCheck, fail, passed, unknownBecause, type Evidence } from '../define.ts'
import { atMost, noRecord, spfSeen } from '../spf-record.ts'

/** A 256th of all IPv4 addresses; the largest providers have a fiftieth of that. */
const most = 2 ** 24
/** Addresses of an IPv6 /16, longer than any prefix that a single network is given. */
const wide = 2 ** 112

export default defineCheck({
  id: 'spf/authorised-space-bounded',
  title: 'SPF does not let a large part of the Internet send as the domain',
  severity: 'critical',
  question: 'protect',
  rfc: ['best practice'],
  needs: ['spf', 'spfSpace'],
  defersTo: ['spf/no-pass-all'],
  judge({ name: domain }, { spf, spfSpace }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const evidence = (family: 'v4' | 'v6'): Evidence[] => largest(spfSpace, family).flatMap(({ at }) => spfSeen(spf, at))
    if (spfSpace.v4.addresses >= most) return fail('failed', { count: spfSpace.v4.addresses, domain }, ...evidence('v4'))
    const [first] = spfSpace.v6.ranges.filter(({ addresses }) => addresses >= wide)
    if (first) return fail('wide-prefix', { range: first.range, domain }, ...evidence('v6'))
    return spfSpace.problem && (spfSpace.problem.event === 'unavailable' || mayBeWide(spf)) ? unknownBecause(spfSpace.problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{count} addresses may send as {domain}',
    'wide-prefix': 'all of {range} may send as {domain}',
  },
  explain: `Among so many addresses are the machines of forgers, or such as anybody can rent. What they send in your name passes SPF,
    and through it DMARC, like your own mail.`,
  remedy: (_domain, { spfSpace }, _args, _scope, code) => {
    const terms = largest(spfSpace, code === 'failed' ? 'v4' : 'v6').map(({ term }) => term)
    return { text: `Narrow ${atMost(terms, 5).join(', ')} to the servers that send for you.` }
  },
})

/** Can something that was not answered stand for many addresses? The addresses of a few hosts can not. */
function mayBeWide(spf: SpfNode): boolean {
  return [...placesOf(spf)].some(({ branch: { kind, term, node } }) => (node && 'problem' in node.answer) || kind === 'exists' || term.includes('/'))
}

/** The terms that let the most addresses send, as many as it takes to get below the limit. */
function largest({ terms }: SpfSpaceFacts, family: 'v4' | 'v6'): SpfSpaceFacts['terms'] {
  const size = (span: SpfSpan): number => span.addresses
  const ordered = terms.filter(term => size(term[family]) > 0).toSorted((a, b) => size(b[family]) - size(a[family]))
  const limit = family === 'v4' ? most : wide
  let left = ordered.reduce((sum, term) => sum + size(term[family]), 0)
  return ordered.filter(term => {
    const needed = left >= limit
    left -= size(term[family])
    return needed
  })
}

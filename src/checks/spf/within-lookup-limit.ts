import { countLookups, crowdedMx, lookupLimit, loopOf, mxNameLimit, placesOf, type LookupCount } from '../../evaluate/spf-limits.ts'
import type { SpfBranch, SpfNode } from '../../evaluate/spf-tree.ts'
import { defineCheck, fail, passed, unknownBecause } from '../define.ts'
import { atMost, noRecord, placeSeen, spfSeen, termIn } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/within-lookup-limit',
  title: 'The SPF record needs at most 10 terms that ask DNS, through all its includes',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4.6.4'],
  needs: ['spf'],
  judge({ name: domain }, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const { count, atLeast, terms, problem } = countLookups(spf)
    const path = loopOf(spf)
    if (path) return fail('loop', { path }, ...[...placesOf(spf)].filter(({ branch }) => branch.state === 'loop').flatMap(placeSeen))
    if (count > lookupLimit) {
      return fail(atLeast ? 'at-least' : 'failed', { count, terms: atMost(terms.map(costOf)) }, ...spfSeen(spf))
    }
    const crowded = crowdedMx(spf)
    const [first] = crowded
    if (first) return fail('mx-names', { term: termIn(first.place, domain), names: first.count, count: crowded.length }, ...crowded.flatMap(({ place }) => placeSeen(place)))
    return problem ? unknownBecause(problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{count} DNS-querying terms (limit 10): {terms}',
    'at-least': 'at least {count} DNS-querying terms (limit 10): {terms}',
    loop: 'the SPF records include one another in a loop: {path}',
    'mx-names': '{term} has {names} MX names (limit 10)',
  },
  explain: `A receiver counts the terms it has to look up, those of included records with them, and stops with a permanent
    error at the eleventh: mail from servers that are named behind it fails SPF, on and off as it seems to the people who send.`,
  remedy(_domain, { spf }, _args, _scope, code) {
    if (code === 'loop') return { text: 'Take the term out that leads back to a record already read; a record need never include itself.' }
    if (code === 'mx-names') return { text: `Name the addresses of the senders with ip4: and ip6: in place of this mx; receivers look up no more than ${mxNameLimit} names.` }
    return { text: `Remove or replace: ${suggestions(countLookups(spf), spf).join('; ')}.` }
  },
})

/** `include:_spf.example.net (4)`: a term, and what it costs where that is more than itself. */
function costOf({ branch, count }: LookupCount['terms'][number]): string {
  return count === 1 ? branch.term : `${branch.term} (${count})`
}

/** What takes the fewest changes: what does nothing, then what could be written as addresses, then the dearest include. */
function suggestions({ terms }: LookupCount, spf: SpfNode): string[] {
  const idle = terms.filter(({ branch }, i) => isVoid(branch) || terms.findIndex(other => other.branch.term.toLowerCase() === branch.term.toLowerCase()) < i)
  const ptr = terms.filter(({ branch }) => branch.kind === 'ptr')
  const hosts = terms.filter(({ branch }) => (branch.kind === 'a' || branch.kind === 'mx') && !isVoid(branch))
  const [dearest] = terms.filter(({ branch: { kind } }) => kind === 'include').toSorted((a, b) => b.count - a.count)
  const named = (list: typeof terms): string => atMost(list.map(({ branch }) => branch.term), 8).join(', ')
  return [
    ...idle.length > 0 ? [`${named(idle)} (of no effect)`] : [],
    ...ptr.length > 0 ? [`${named(ptr)} (slow, and ignored by some receivers)`] : [],
    ...hosts.length > 0 ? [`${named(hosts)} by ip4: and ip6: with the addresses`] : [],
    ...dearest && dearest.count > 1 ? [`${dearest.branch.term}, which alone takes ${dearest.count}, by sending that mail from a subdomain with a record of its own`] : [],
  ].slice(0, 3).concat(spf.branches.some(({ kind }) => kind === 'include') ? ['the includes of services that you no longer use'] : [])
}

function isVoid({ node, mx, v4, v6 }: SpfBranch): boolean {
  const answers = [node?.answer, mx, v4, v6].filter(answer => answer !== undefined)
  return answers.length > 0 && answers.every(answer => 'value' in answer && answer.value.records.length === 0)
}

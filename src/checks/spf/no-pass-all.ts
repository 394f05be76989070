import { judgeStranger } from '../../evaluate/spf-stranger.ts'
import type { SpfNode } from '../../evaluate/spf-tree.ts'
import type { SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, unknownBecause, type Evidence } from '../define.ts'
import { txtLine } from '../publish.ts'
import { noRecord, spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/no-pass-all',
  title: 'SPF does not let every host of the Internet send as the domain',
  severity: 'critical',
  question: 'protect',
  rfc: ['RFC 7208 §5.1', 'RFC 7208 §8.3'],
  needs: ['spf'],
  judge({ name: domain }, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const [v4, v6] = [judgeStranger(spf, 4), judgeStranger(spf, 6)]
    const open = [v4, v6].filter(({ results }) => results.size === 1 && results.has('pass'))
    const [first] = open
    const [term] = first?.passedBy ?? []
    if (first && term) {
      const evidence = trail(spf, first.passedBy)
      if (open.length === 2) return fail('failed', { term: term.text, domain }, ...evidence)
      return fail('one-family', { term: term.text, family: first === v4 ? 'IPv4' : 'IPv6', domain }, ...evidence)
    }
    const doubtful = [v4, v6].find(({ results, problem }) => problem !== null && (results.has('pass') || results.has('unknown')))
    return doubtful?.problem ? unknownBecause(doubtful.problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{term} lets every host send as {domain}',
    'one-family': '{term} lets every {family} host send as {domain}',
  },
  explain: `Mail that anybody forges in your name passes SPF, and through it DMARC: it is as genuine to a receiver as your own.
    Forgers look for such records, and the reputation that they ruin is yours.`,
  remedy({ name: domain }, { spf }) {
    const [record = ''] = spf.records
    const closed = record.replace(/(^| )\+?all(?= |$)/gi, '$1-all')
    return {
      text: 'Name the servers that send for you, and end the record with -all.',
      ...closed === record ? {} : { records: { set: [txtLine(domain, closed)], remove: [txtLine(domain, record)] } },
    }
  },
})

/** The record of each step, from the domain's own to the one that passes everybody. */
function trail(node: SpfNode, terms: readonly SpfTerm[]): Evidence[] {
  const [term, ...more] = terms
  if (!term) return []
  const next = node.branches.find(({ at }) => at === term.at)?.node
  return [...spfSeen(node, term.at), ...next ? trail(next, more) : []]
}

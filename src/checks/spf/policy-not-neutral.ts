import { judgeStranger } from '../../evaluate/spf-stranger.ts'
import { reachableTerms, type SpfNode } from '../../evaluate/spf-tree.ts'
import { parseSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { txtLine } from '../publish.ts'
import { noRecord, spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/policy-not-neutral',
  title: 'The SPF record ends in a verdict on everybody else: -all or ~all',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4.7', 'RFC 7208 §5.1'],
  needs: ['spf', 'contexts'],
  defersTo: ['spf/no-pass-all'],
  judge({ name: domain }, { spf, contexts: { parked } }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    const both = [judgeStranger(spf, 4), judgeStranger(spf, 6)]
    const unlisted = both.map(({ results }) => results)
    const problem = both.find(stranger => stranger.problem)?.problem
    if (unlisted.some(results => results.has('permerror'))) return skip('the record that redirect names cannot be used')
    if (unlisted.some(results => results.has('unknown'))) return problem ? unknownBecause(problem) : skip('where the record ends depends on the message')
    if (unlisted.some(results => results.has('neutral') && !results.has('fail') && !results.has('softfail'))) {
      const { none, record, words, seen } = ending(spf)
      if (none && parseSpf(record).problems.length > 0) return skip('the record has a syntax error, which may hide its end')
      return fail('failed', { domain, ending: words }, ...seen)
    }
    if (problem && unlisted.some(results => results.has('neutral'))) return unknownBecause(problem)
    return passed(...spfSeen(spf))
  },
  messages: {
    failed: '{domain} ends {ending}: unlisted hosts are neutral',
  },
  explain: `A record that says nothing about the rest of the world protects nobody: receivers treat a forger's server as they
    would without SPF. Large receivers count that as having none.`,
  remedy({ name: domain }, { spf }) {
    const [record = ''] = spf.records
    const closed = ending(spf).none ? `${record.trimEnd()} ~all` : record.replace(/(^| )\?all(?= |$)/gi, '$1~all')
    const own = ending(spf).record === record && closed !== record
    return {
      text: own ? 'End the record with ~all, and with -all once all your senders are in it.' : 'Have the record that redirect names end with -all or ~all, or end your own with it.',
      ...own ? { records: { set: [txtLine(domain, closed)], remove: [txtLine(domain, record)] } } : {},
    }
  },
})

interface Ending {
  /** `with "?all"` */
  readonly words: string
  readonly record: string
  /** Neither "all" nor "redirect". */
  readonly none: boolean
  readonly seen: ReturnType<typeof spfSeen>
}

/** How the record ends, or the one that redirect hands over to. */
function ending(node: SpfNode, through = ''): Ending {
  const [record = ''] = node.records
  const last = reachableTerms(parseSpf(record).terms).at(-1)
  const beyond = node.branches.find(({ kind }) => kind === 'redirect')
  if (last?.kind === 'redirect' && beyond?.node) {
    const end = ending(beyond.node, `${through}with ${last.text}, which ends `)
    return { ...end, seen: [...spfSeen(node, last.at), ...end.seen] }
  }
  if (last?.kind === 'all') return { words: `${through}with "${last.text}"`, record, none: false, seen: spfSeen(node, last.at) }
  return { words: `${through}without "all"`, record, none: true, seen: spfSeen(node) }
}

import { formatNumber, formatRange, networkOf as networkRange } from '../../evaluate/address-set.ts'
import { reachableTerms, type SpfBranch, type SpfNode } from '../../evaluate/spf-tree.ts'
import type { Failure } from '../../network/network.ts'
import { addressOctets, formatAddress } from '../../syntax/address.ts'
import { joinedText } from '../../syntax/record.ts'
import { formatTerm, isMechanism, parseSpf, type NetworkMechanism, type SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, unknownBecause, type Evidence } from '../define.ts'
import { recordSeen, someSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { atMost, noRecord, nothingSeen, ownRecords, spfSeen, termOf } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/no-surplus',
  title: 'The SPF record has nothing in it, and nothing beside it, that is for nothing',
  severity: 'notice',
  question: 'send',
  rfc: ['RFC 7208 §3.1', 'RFC 7208 §4.6.4', 'RFC 7208 §5.6', 'RFC 6686'],
  needs: ['spf'],
  uses: ['spfType'],
  defersTo: ['spf/within-void-limit', 'spf/includes-resolve'],
  judge({ name: domain }, { spf, spfType }) {
    const beside = [
      ...('value' in spfType ? spfType.value.records : []).map(record => ({ why: 'type-99', text: joinedText(record), seen: recordSeen(record) }) as const),
      ...spf.answer.value.records.filter(record => /^spf2\.0\//i.test(joinedText(record)))
        .map(record => ({ why: 'sender-id', text: joinedText(record), seen: recordSeen(record) }) as const),
    ]
    const nothing = noRecord(spf)
    const surplus = nothing ? [] : ownRecords(spf).flatMap(node => surplusIn(node).map(found => ({ ...found, node })))
    const count = surplus.length + beside.length
    const evidence = [...someSeen(surplus, ({ seen }) => seen()), ...beside.map(({ seen }) => seen)]
    const [first] = surplus
    if (first) {
      const term = termOf(first.term.text, first.node, domain)
      return first.why === 'host-bits' ? fail('host-bits', { term, network: first.network, count }, ...evidence)
        : fail(first.why === 'void' ? 'failed' : 'twice', { term, count }, ...evidence)
    }
    const [record] = beside
    if (record) return fail(record.why, { record: record.text, count }, ...evidence)
    if (nothing) return nothing
    const unheard = ownRecords(spf).flatMap(({ branches }) => branches).map(unheardOf).find(problem => problem !== null)
    return unheard ? unknownBecause(unheard) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '"{term}": nothing answers it, over IPv4 or IPv6',
    twice: '"{term}": the same stands before it already',
    'host-bits': '"{term}": the address goes on behind the prefix; the network is {network}',
    'type-99': '"{record}": SPF records of type 99 are read by nobody any more',
    'sender-id': '"{record}": Sender ID records are read by nobody any more',
  },
  explain: `It does no harm today. But a receiver puts up with no more than ten lookups and two that find nothing, so what is for
    nothing takes the place of what will be needed; and what nobody reads is not kept up to date, and misleads.`,
  remedy(_domain, { spf }, { record }, { domain }, code) {
    if (code === 'type-99') return { text: 'Remove the record of type SPF; the TXT record is the one that counts.', records: { remove: [`${domain}. TYPE99 ${JSON.stringify(record)}`] } }
    if (code === 'sender-id') return { text: 'Remove the record.', records: { remove: [txtLine(domain, String(record))] } }
    const node = ownRecords(spf).find(one => surplusIn(one).length > 0)
    const [text = ''] = node?.records ?? []
    const surplus = node ? surplusIn(node) : []
    return {
      text: [
        ...surplus.some(({ why }) => why !== 'host-bits') ? [`Remove ${atMost(surplus.filter(({ why }) => why !== 'host-bits').map(({ term }) => term.text)).join(', ')}.`] : [],
        ...surplus.some(({ why }) => why === 'host-bits') ? ['Write the network with its first address.'] : [],
      ].join(' '),
      ...node && surplus.length <= most ? { records: { set: [txtLine(node.domain, without(text, surplus))], remove: [txtLine(node.domain, text)] } } : {},
    }
  },
})

/** A record with more than so many is best written anew. */
const most = 40

interface Surplus {
  readonly why: 'void' | 'twice' | 'host-bits'
  readonly term: SpfTerm
  /** `192.0.2.0/24` */
  readonly network: string
  readonly seen: () => readonly Evidence[]
}

function surplusIn(node: SpfNode): Surplus[] {
  const terms = reachableTerms(parseSpf(node.records[0] ?? '').terms)
  const written = new Set<string>()
  const branches = new Map(node.branches.map(branch => [branch.at, branch]))
  return terms.flatMap((term): Surplus[] => {
    const branch = branches.get(term.at)
    const seen = (): readonly Evidence[] => spfSeen(node, term.at)
    const normal = formatTerm(term).toLowerCase()
    if (written.has(normal)) return [{ why: 'twice', term, network: '', seen }]
    written.add(normal)
    if (branch && isVoid(branch)) return [{ why: 'void', term, network: '', seen: () => [...seen(), ...nothingSeen(branch)] }]
    if (term.kind !== 'ip4' && term.kind !== 'ip6') return []
    const network = networkOf(term)
    return network === null ? [] : [{ why: 'host-bits', term, network, seen }]
  })
}

/** Why it cannot be told whether a term is void; null where a family has something, or nobody asks for it. */
function unheardOf({ kind, mx, v4, v6 }: SpfBranch): Failure | null {
  const answers = kind === 'a' ? [v4, v6] : kind === 'mx' ? [mx] : kind === 'exists' ? [v4] : []
  if (answers.some(answer => answer && 'value' in answer && answer.value.records.length > 0)) return null
  return answers.flatMap(answer => (answer && 'problem' in answer ? [answer.problem] : []))[0] ?? null
}

/** Of a, mx, exists: both families were asked, and neither has anything. An include without a record is an error of its own. */
function isVoid({ kind, mx, v4, v6 }: SpfBranch): boolean {
  const answers = kind === 'a' ? [v4, v6] : kind === 'mx' ? [mx] : kind === 'exists' ? [v4] : []
  return answers.length > 0 && answers.every(answer => answer && 'value' in answer && answer.value.records.length === 0)
}

/** The network that is meant, when the address is not its first. */
function networkOf({ kind, address, prefix }: NetworkMechanism): string | null {
  const octets = addressOctets(address)
  if (!octets) return null
  const range = networkRange(octets, prefix)
  const family = kind === 'ip4' ? 4 : 6
  return formatNumber(range.first, family) === formatAddress(octets) ? null : formatRange(range, family)
}

function without(record: string, surplus: readonly Surplus[]): string {
  return surplus.toSorted((a, b) => b.term.at - a.term.at).reduce((text, { why, term, network }) => {
    const after = text.slice(term.at + term.text.length)
    if (why !== 'host-bits' || !isMechanism(term)) return text.slice(0, term.at).trimEnd() + after
    return text.slice(0, term.at) + term.text.replace(/:.*$/, `:${network}`) + after
  }, record)
}

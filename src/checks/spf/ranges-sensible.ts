import { formatNumber, formatRange, networkOf } from '../../evaluate/address-set.ts'
import { reachableTerms, type SpfBranch, type SpfNode } from '../../evaluate/spf-tree.ts'
import type { AddressFacts } from '../../probes/addresses.ts'
import type { SpfFacts } from '../../probes/spf.ts'
import { addressOctets } from '../../syntax/address.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { specialPurposeBlock } from '../../syntax/special-purpose.ts'
import { parseSpf, type NetworkMechanism, type SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, unknownBecause, type Evidence } from '../define.ts'
import { recordSeen, someSeen } from '../evidence.ts'
import { noRecord, ownRecords, spfSeen, termOf } from '../spf-record.ts'

/** An own ip4 this short or shorter names a whole network, and not its mail servers. */
const shortest = 16

export default defineCheck({
  id: 'spf/ranges-sensible',
  title: 'The domain’s own SPF terms name mail servers, and such as can send over the Internet',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 7208 §5.6', 'RFC 6890 §2.2'],
  needs: ['spf'],
  uses: ['spfMxHosts'],
  defersTo: ['spf/authorised-space-bounded'],
  judge({ name: domain }, { spf, spfMxHosts }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const hosts = 'value' in spfMxHosts ? spfMxHosts.value : []
    const found = oddRanges(spf, hosts)
    const [first] = found
    if (first) {
      const args = { term: termOf(first.term, first.node, domain), range: first.range, count: found.length }
      const evidence = someSeen(found, ({ seen }) => seen())
      return 'block' in first ? fail('special', { ...args, block: first.block }, ...evidence) : fail('failed', { ...args, addresses: first.addresses }, ...evidence)
    }
    const problem = ownRecords(spf).flatMap(({ branches }) => branches.flatMap(branch => lookupsOf(branch, hosts))).find(answer => 'problem' in answer)
    return problem && 'problem' in problem ? unknownBecause(problem.problem) : passed(...spfSeen(spf))
  },
  messages: {
    failed: '{term} authorises {range}: {addresses} addresses, of which few can be mail servers',
    special: '{term} authorises {range}: nobody can send from there over the Internet ({block})',
  },
  explain: `Every address that the record names can send as you. A whole network has other machines in it than mail servers, and what
    runs on them is not all yours. An address from a private block stands for a server that is not named by the address it shows
    to others.`,
  remedy: (_domain, _facts, { term }, _scope, code) => ({
    text: code === 'special' ? `Name the address from which that server is seen to send, instead of ${String(term)}.` : `Name the servers that send instead of ${String(term)}.`,
  }),
})

type OddRange = { readonly term: string; readonly node: SpfNode; readonly range: string; readonly seen: () => readonly Evidence[] } &
  ({ readonly addresses: number } | { readonly block: string })

function oddRanges(spf: SpfFacts, hosts: readonly AddressFacts[]): OddRange[] {
  return ownRecords(spf).flatMap(node => {
    const branches = new Map(node.branches.map(branch => [branch.at, branch]))
    return reachableTerms(parseSpf(node.records[0] ?? '').terms).filter(passes).flatMap((term): OddRange[] => {
      if (term.kind === 'ip4' || term.kind === 'ip6') return oddNetwork(term).map(odd => ({ ...odd, term: term.text, node, seen: () => spfSeen(node, term.at) }))
      const branch = branches.get(term.at)
      const records = branch ? lookupsOf(branch, hosts).flatMap((answer): readonly DnsRecord<'A' | 'AAAA'>[] => 'value' in answer ? answer.value.records : []) : []
      return records.flatMap(record => {
        const block = specialPurposeBlock(record.data.address)
        return block === null ? [] : [{ term: term.text, node, range: record.text, block, seen: () => [...spfSeen(node, term.at), recordSeen(record)] }]
      })
    })
  })
}

function passes(term: SpfTerm): boolean {
  return 'qualifier' in term && term.qualifier === '+'
}

function oddNetwork({ kind, address, prefix }: NetworkMechanism): ({ range: string; addresses: number } | { range: string; block: string })[] {
  const octets = addressOctets(address)
  if (!octets) return []
  const family = kind === 'ip4' ? 4 : 6
  const network = networkOf(octets, prefix)
  const range = formatRange(network, family)
  const [first, last] = [network.first, network.last].map(number => specialPurposeBlock(formatNumber(number, family)))
  if (typeof first === 'string' && typeof last === 'string') return [{ range, block: first }]
  return kind === 'ip4' && prefix <= shortest ? [{ range, addresses: 2 ** (32 - prefix) }] : []
}

/** The address lookups behind an a or mx term. */
function lookupsOf({ kind, mx, v4, v6 }: SpfBranch, hosts: readonly AddressFacts[]): (AddressFacts['v4'] | AddressFacts['v6'])[] {
  if (kind === 'a') return [v4, v6].filter(answer => answer !== undefined)
  const exchanges = new Set(mx && 'value' in mx ? mx.value.records.map(({ data }) => data.exchange) : [])
  return hosts.filter(({ name }) => exchanges.has(name)).flatMap(host => [host.v4, host.v6])
}

import type { SpfNode } from '../../evaluate/spf-tree.ts'
import { reachableTerms } from '../../evaluate/spf-tree.ts'
import type { Failure } from '../../network/network.ts'
import { parseSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'
import { spfSeen } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/parked-denies-all',
  title: 'A parked domain lets nobody send: v=spf1 -all',
  severity: 'warning',
  question: 'protect',
  rfc: ['M3AAWG Protecting Parked Domains', 'RFC 7208 §5.1'],
  needs: ['spf', 'contexts'],
  defersTo: [
    'spf/record-single', 'spf/prefix-exact', 'spf/strings-joined-cleanly', 'spf/syntax-valid', 'spf/no-ignored-terms', 'spf/includes-resolve',
    'spf/within-lookup-limit', 'spf/within-void-limit', 'spf/no-pass-all', 'spf/ptr-unused', 'spf/authorised-space-bounded', 'spf/ranges-sensible',
  ],
  judge({ name: domain }, { spf, contexts: { parked } }) {
    const { value: answer } = spf.answer
    if (answer.rcode === 'NXDOMAIN') return skip('the domain does not exist')
    if (parked.value === 'no') return skip(`the domain is not parked (${parked.because})`)
    const denied = deniesAll(spf)
    if (denied === true) return passed(...spfSeen(spf))
    if (denied !== false) return unknownBecause(denied)
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    const { records } = spf
    const found = records.length === 0 ? 'no SPF record' : records.length === 1 ? `"${records.join()}"` : `${records.length} SPF records`
    return fail('failed', { domain, found }, ...records.length > 0 ? spfSeen(spf) : [absenceSeen(answer)])
  },
  messages: {
    failed: 'Parked {domain} has {found}',
  },
  explain: `Forgers like domains that nobody uses, because nobody watches them. A record that denies every sender costs you nothing
    and lets every receiver refuse such mail at once.`,
  remedy: ({ name: domain }, { spf: { records } }) => ({
    text: 'Publish the record that denies everybody.',
    records: { set: [txtLine(domain, 'v=spf1 -all')], ...records.length > 0 ? { remove: records.map(record => txtLine(domain, record)) } : {} },
  }),
})

/** Is "-all" all that the record says, or all that the one says to which it hands over? A failure when that cannot be told. */
function deniesAll({ answer, records: [record, ...more], branches }: SpfNode): boolean | Failure {
  if ('problem' in answer) return answer.problem
  if (record === undefined || more.length > 0) return false
  const { terms, problems } = parseSpf(record)
  const [only, ...others] = reachableTerms(terms)
  if (problems.length > 0 || others.length > 0) return false
  if (only?.kind === 'all') return only.qualifier === '-'
  const beyond = only?.kind === 'redirect' ? branches.find(({ at }) => at === only.at)?.node : undefined
  return beyond ? deniesAll(beyond) : false
}

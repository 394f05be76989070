import { reachableTerms, type SpfNode } from '../../evaluate/spf-tree.ts'
import { parseSpf, type SpfTerm } from '../../syntax/spf.ts'
import type { MacroString } from '../../syntax/spf-macro.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { someSeen } from '../evidence.ts'
import { atMost, noRecord, ownRecords, spfSeen, termOf } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/ptr-unused',
  title: 'The SPF record does without the reverse DNS of its senders',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 7208 §5.5', 'RFC 7208 §7.2'],
  needs: ['spf'],
  judge({ name: domain }, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const found = ownRecords(spf).flatMap(node => reversed(node).map(term => ({ node, term })))
    const [first] = found
    if (!first) return passed(...spfSeen(spf))
    return fail('failed', { term: termOf(first.term.text, first.node, domain), count: found.length }, ...someSeen(found, ({ node, term }) => spfSeen(node, term.at)))
  },
  messages: {
    failed: '{term} is slow, and some receivers ignore it',
  },
  explain: `To answer it a receiver must look up the name of every client, and then every address of that name, in zones of which
    neither of you is master. RFC 7208 asks not to use it; some receivers skip it, and the sender it names is not authorised there.`,
  remedy: (_domain, { spf }) => ({
    text: `Replace ${atMost(ownRecords(spf).flatMap(node => reversed(node).map(({ text }) => text))).join(', ')} by the addresses of the senders, with a:, ip4: or ip6:.`,
  }),
})

/** ptr, and whatever has the macro p in it: the client's validated name. */
function reversed({ records: [record = ''] }: SpfNode): SpfTerm[] {
  const { terms } = parseSpf(record)
  const read = [...reachableTerms(terms), ...terms.filter(({ kind }) => kind === 'exp')]
  return read.filter(term => term.kind === 'ptr' || ('domain' in term && hasName(term.domain)))
}

function hasName(domain: MacroString | null): boolean {
  return domain?.some(part => 'letter' in part && part.letter === 'p') ?? false
}

import type { DeclaredSender } from '../../probes/senders.ts'
import type { Asked } from '../../evaluate/asking.ts'
import type { SpfTrace } from '../../evaluate/spf-trace.ts'
import { formatData } from '../../syntax/record.ts'
import { isSpf, parseSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'spf/declared-senders-pass',
  title: 'SPF passes every sender that you declare',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4'],
  needs: ['declaredSenders'],
  defersTo: [
    'spf/record-exists', 'spf/record-single', 'spf/prefix-exact', 'spf/strings-joined-cleanly', 'spf/syntax-valid', 'spf/includes-resolve',
    'spf/within-lookup-limit', 'spf/within-void-limit',
  ],
  judge(_domain, { declaredSenders }) {
    if (declaredSenders.length === 0) return skip('no senders are declared')
    const failing = declaredSenders.filter(({ verdict: { result } }) => result !== 'pass' && result !== 'temperror')
    const [first] = failing
    if (first) {
      const { name: address, mailFrom, verdict: { result, matched, trace } } = first
      const count = failing.length
      const evidence = failing.flatMap(recordSeen)
      if (matched !== null) return fail('failed', { address, result, term: matched, count }, ...evidence)
      return fail('unmatched', { address, result, domain: mailFrom, because: because(trace), count }, ...evidence)
    }
    const open = declaredSenders.find(({ verdict: { result } }) => result === 'temperror')
    if (open?.problem) return unknownBecause(open.problem)
    return passed(...declaredSenders.slice(0, 1).flatMap(recordSeen))
  },
  messages: {
    failed: '{address} gets {result} at "{term}"',
    unmatched: '{address} gets {result} from {domain}: {because}',
  },
  explain: `You say that this host sends for you, and your own record tells receivers that it does not. They refuse what it sends, or
    file it as spam, unless DKIM speaks for it.`,
  remedy(_domain, { declaredSenders }) {
    const failing = declaredSenders.filter(({ verdict: { result } }) => result !== 'pass' && result !== 'temperror')
    const [domain = '', ...more] = new Set(failing.map(({ mailFrom }) => mailFrom))
    const added = failing.map(({ name }) => `${name.includes(':') ? 'ip6' : 'ip4'}:${name}`)
    const record = more.length === 0 ? failing[0]?.verdict.trace.record ?? '' : ''
    const { terms, problems } = parseSpf(record)
    const end = terms.find(({ kind }) => kind === 'all' || kind === 'redirect')
    const mended = end ? `${record.slice(0, end.at)}${added.join(' ')} ${record.slice(end.at)}` : `${record.trimEnd()} ${added.join(' ')}`
    return {
      text: `Add ${added.join(' ')} to the SPF record of ${[domain, ...more].join(' and of ')}, or the include that its provider gives.`,
      ...record === '' || problems.length > 0 ? {} : { records: { set: [txtLine(domain, mended)], remove: [txtLine(domain, record)] } },
    }
  },
})

/** Why nothing matched, where that was decided. */
function because({ because, terms, result }: SpfTrace): string {
  const beyond = terms.at(-1)?.inner
  return beyond && beyond.result === result ? `${because} (${beyond.because})` : because
}

/** The record that was judged, pointing at the term that decided; or that there is none. */
function recordSeen({ mailFrom, verdict: { trace, matched } }: DeclaredSender): Evidence[] {
  const [asked] = trace.asked
  const text = trace.record
  if (text === null) return asked ? [{ from: 'dns', name: asked.name, type: asked.type, text: nothingOf(asked), ttl: null }] : []
  const at = trace.terms.find(({ term }) => term === matched)?.at
  return [{ from: 'dns', name: mailFrom, type: 'TXT', text: formatData('TXT', { strings: text.match(/[^]{1,255}/g) ?? [''] }), ttl: null, ...at === undefined ? {} : { at } }]
}

function nothingOf({ rcode, records }: Asked): string {
  if (records.length === 0) return rcode === 'NXDOMAIN' ? '(nxdomain)' : '(nodata)'
  return `(${records.length} TXT records, ${records.filter(isSpf).length} of them SPF)`
}

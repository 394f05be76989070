import type { SpfNode } from '../../evaluate/spf-tree.ts'
import { isMechanism, parseSpf, type SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, type Remedy } from '../define.ts'
import { someSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { noRecord, ownRecords, spfSeen, termOf } from '../spf-record.ts'

export default defineCheck({
  id: 'spf/no-ignored-terms',
  title: 'Receivers read every term of the SPF record',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 7208 §5.1', 'RFC 7208 §6', 'RFC 7208 §6.1', 'RFC 6652 §3'],
  needs: ['spf'],
  judge({ name: domain }, { spf }) {
    const nothing = noRecord(spf)
    if (nothing) return nothing
    const ignored = ownRecords(spf).flatMap(node => ignoredIn(node).map(found => ({ ...found, node })))
    const [first] = ignored
    if (!first) return passed(...spfSeen(spf))
    const evidence = someSeen(ignored, ({ node, term: { at } }) => spfSeen(node, at))
    const term = termOf(first.term.text, first.node, domain)
    const count = ignored.length
    switch (first.why) {
      case 'after-all':
        return fail('failed', { term, all: first.by, count }, ...evidence)
      case 'redirect':
        return fail('redirect', { term, all: first.by, count }, ...evidence)
      case 'meant':
        return fail('meant', { term, meant: first.by, count }, ...evidence)
      case 'unknown':
        return fail('unknown', { term, count }, ...evidence)
    }
  },
  messages: {
    failed: '"{term}" is ignored: it stands behind {all}, where nobody reads on',
    redirect: '"{term}" is ignored: a redirect counts only in a record without "all", and this one has {all}',
    meant: '"{term}" is ignored: with "=" it is a modifier that means nothing; {meant} is a mechanism',
    unknown: '"{term}" is ignored: SPF has no such modifier',
  },
  explain: `The record looks as if it said more than it does. A server that stands only in a term that nobody reads is not
    authorised, and its mail fails.`,
  remedy(_domain, { spf }, _args, _scope, code): Remedy {
    const found = ownRecords(spf).flatMap(node => ignoredIn(node).map(ignored => ({ ...ignored, node })))[0]
    const [record = ''] = found?.node.records ?? []
    const text: Readonly<Record<string, string>> = {
      failed: 'Move the term before "all" if it names a sender of yours; otherwise remove it.',
      redirect: 'Remove the redirect, or remove "all" and let the other record have the last word.',
      meant: `Write ${found?.by ?? ''} if it names a sender of yours; otherwise remove it.`,
      unknown: 'Remove the term, or correct what is misspelt in it.',
    }
    if (!found || code !== 'meant') return { text: text[code] ?? '' }
    const mended = record.slice(0, found.term.at) + found.by + record.slice(found.term.at + found.term.text.length)
    return { text: text['meant'] ?? '', records: { set: [txtLine(found.node.domain, mended)], remove: [txtLine(found.node.domain, record)] } }
  },
})

interface Ignored {
  readonly term: SpfTerm
  readonly why: 'after-all' | 'redirect' | 'meant' | 'unknown'
  /** The "all" that rules it out, or the term that is meant. */
  readonly by: string
}

/** RFC 6652 §3: where to send reports of failures. */
const reporting = new Set(['ra', 'rp', 'rr'])

function ignoredIn({ records: [record = ''] }: SpfNode): Ignored[] {
  const { terms } = parseSpf(record)
  const all = terms.find(({ kind }) => kind === 'all')
  return terms.flatMap((term): Ignored[] => {
    if (term.kind === 'unknown') {
      if (reporting.has(term.name.toLowerCase())) return []
      const meant = term.text.replace('=', ':')
      const [read] = parseSpf(`v=spf1 ${meant}`).terms
      return [read && isMechanism(read) ? { term, why: 'meant', by: meant } : { term, why: 'unknown', by: '' }]
    }
    if (!all || term.at === all.at) return []
    if (term.kind === 'redirect') return [{ term, why: 'redirect', by: all.text }]
    return isMechanism(term) && term.at > all.at ? [{ term, why: 'after-all', by: all.text }] : []
  })
}

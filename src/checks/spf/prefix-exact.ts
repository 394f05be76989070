import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { isSpf, parseSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'

export default defineCheck({
  id: 'spf/prefix-exact',
  title: 'What is meant as the SPF record begins as one, and stands at the domain',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4.5'],
  needs: ['spf', 'spfElsewhere', 'contexts'],
  defersTo: ['spf/strings-joined-cleanly'],
  judge({ name: domain }, { spf, spfElsewhere, contexts: { sending } }) {
    if (spf.records.length > 0) return skip('the domain has an SPF record')
    const near = spf.answer.value.records.flatMap(record => nearMiss(record) ?? [])
    const [first] = near
    if (first) {
      const args = { record: joinedText(first.record), name: domain, count: near.length }
      return fail(first.why, args, ...near.map(({ record, at }) => octetSeen(record, at)))
    }
    // A name below the domain may have a record for others to include: without mail there is none missing here.
    if (sending.value === 'no') return pass
    const failed = spfElsewhere.find(({ answer }) => 'problem' in answer)
    if (failed && 'problem' in failed.answer) return unknownBecause(failed.answer.problem)
    const astray = spfElsewhere.map(({ name, answer }) => ({ name, records: 'value' in answer ? answer.value.records.filter(record => isSpf(joinedText(record))) : [] }))
    const [found] = astray.filter(({ records }) => records.length > 0)
    const [record] = found?.records ?? []
    if (!found || !record || isWildcard(astray)) return pass
    if (sending.value === 'unknown') return undecidedContext('sends', sending)
    return fail('elsewhere', { record: joinedText(record), name: found.name, domain }, recordSeen(record))
  },
  messages: {
    failed: '"{record}" at {name} is not an SPF record: it does not begin with "v=spf1" and a space',
    quoted: '"{record}" at {name} is not an SPF record: a quotation mark is part of it',
    indented: '"{record}" at {name} is not an SPF record: white space stands before "v=spf1"',
    'no-space': '"{record}" at {name} is not an SPF record: no space follows "v=spf1"',
    elsewhere: '"{record}" at {name} is not an SPF record of {domain}, which is the only name that receivers ask for',
  },
  explain: `Receivers look for a TXT record at the domain that begins with exactly "v=spf1" and a space. What nearly does is a text
    like any other to them: the domain has no SPF record at all, although it seems to.`,
  remedy({ name: domain }, { spf, spfElsewhere }, _args, _scope, code) {
    const near = spf.answer.value.records.flatMap(record => nearMiss(record) ?? [])[0]?.record
    const astray = spfElsewhere.flatMap(({ answer }) => 'value' in answer ? answer.value.records.map(joinedText).filter(isSpf) : [])[0]
    const text = code === 'elsewhere' ? astray ?? null : near ? mend(joinedText(near)) : null
    return {
      text: code === 'elsewhere' ? `Publish the record at ${domain} itself.` : `Publish the record again at ${domain}, beginning with "v=spf1 ", without anything before it.`,
      ...text === null ? {} : { records: { set: [txtLine(domain, text)], ...code === 'elsewhere' || !near ? {} : { remove: [`${domain}. TXT ${near.text}`] } } },
    }
  },
})

interface NearMiss {
  readonly record: DnsRecord<'TXT'>
  readonly why: 'failed' | 'quoted' | 'indented' | 'no-space'
  /** 0-based offset of what is wrong. */
  readonly at: number
}

/** `v=spf1` with something before it, or in another spelling; `spf1` alone. Not `spf2.0`, which is Sender ID. */
const near = /^([^A-Za-z0-9]{0,8})(v[ \t]{0,3}[=:][ \t]{0,3}spf[ \t]{0,3}[0-9]*|spf1(?=[ \t:;,=]))/i

function nearMiss(record: DnsRecord<'TXT'>): NearMiss | null {
  const text = joinedText(record)
  const [, before = '', version] = near.exec(text) ?? []
  if (version === undefined || isSpf(text)) return null
  const quote = text.search(/["'\\]/)
  if (quote >= 0 && quote < before.length) return { record, why: 'quoted', at: quote }
  if (before !== '') return { record, why: before.trim() === '' ? 'indented' : 'failed', at: 0 }
  return { record, why: version.toLowerCase() === 'v=spf1' ? 'no-space' : 'failed', at: version.length }
}

/** Everything under the domain answers alike: then nobody meant this name. */
function isWildcard(astray: readonly { readonly records: readonly DnsRecord<'TXT'>[] }[]): boolean {
  const texts = astray.map(({ records }) => records.map(({ text }) => text).toSorted().join('\n'))
  return new Set(texts).size === 1
}

/** The record as it was meant, when that reads as one. */
function mend(text: string): string | null {
  const bare = text.replace(/\\(["'])/g, '$1').replace(/^[^A-Za-z0-9]+/, '').replace(/["'\s]+$/, '')
  const mended = bare.replace(near, 'v=spf1').replace(/^(v=spf1)[;:,\s]*/, '$1 ').trimEnd()
  const { terms, problems } = parseSpf(mended)
  return problems.length === 0 && terms.length > 0 ? mended : null
}

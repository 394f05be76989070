import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { isSpf, parseSpf, type SpfTerm } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, skip } from '../define.ts'
import { octetSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'spf/strings-joined-cleanly',
  title: 'The strings of the SPF record join without running two terms together',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §3.3'],
  needs: ['spf'],
  judge(_domain, { spf: { answer } }) {
    const published = answer.value.records.filter(isMeant)
    if (published.length === 0) return skip('the domain publishes no SPF record')
    const seams = published.flatMap(record => seamsOf(record).map(seam => ({ ...seam, record })))
    const [first] = seams
    if (first) {
      const { n, joined } = first
      return fail('failed', { n, m: n + 1, joined, count: seams.length }, ...seams.map(({ record, at }) => octetSeen(record, at)))
    }
    return published.every(({ data }) => data.strings.length === 1) ? skip('the record is one string') : passed(...published.map(recordSeen))
  },
  messages: {
    failed: 'Strings {n} and {m} join to "{joined}"',
  },
  explain: `A long TXT record is published in several strings, and receivers put them together with nothing in between. Where the
    space is missing, two terms become one that means nothing, and the whole record is an error.`,
  remedy({ name: domain }, { spf: { answer } }) {
    const broken = answer.value.records.filter(record => isMeant(record) && seamsOf(record).length > 0)
    return {
      text: 'Put a space at the end of the first string, or at the beginning of the second, within the quotation marks.',
      records: { set: broken.map(record => txtLine(domain, parted(record))), remove: broken.map(({ text }) => `${domain}. TXT ${text}`) },
    }
  },
})

/** An SPF record, or what would be one if its strings were parted. */
function isMeant(record: DnsRecord<'TXT'>): boolean {
  const [first = ''] = record.data.strings
  return isSpf(joinedText(record)) || isSpf(first)
}

interface Seam {
  /** Which string ends there, from 1. */
  readonly n: number
  /** 0-based offset of the seam in the joined text. */
  readonly at: number
  /** What the last word of one and the first word of the next become. */
  readonly joined: string
}

/** The places where two whole terms have become one word. That a string ends within a term is as it should be. */
function seamsOf({ data: { strings } }: DnsRecord<'TXT'>): Seam[] {
  let at = 0
  return strings.slice(0, -1).flatMap((left, i) => {
    at += left.length
    const before = /[^ ]*$/.exec(left.slice(-300))?.[0] ?? ''
    const after = /^[^ ]*/.exec((strings[i + 1] ?? '').slice(0, 300))?.[0] ?? ''
    const isVersion = i === 0 && before === left && isSpf(left)
    if (!termOf(after) || !(isVersion || termOf(before))) return []
    // "…:exampl" and "a" may be one name; "…:example.com" and "include:…" can not.
    const mayBeOne = !isVersion && termOf(before + after) && !/[:=]|^[-~+?]/.test(after)
    return mayBeOne ? [] : [{ n: i + 1, at, joined: before + after }]
  })
}

function termOf(word: string): SpfTerm | undefined {
  const { terms, problems } = parseSpf(`v=spf1 ${word}`)
  return problems.length === 0 ? terms[0] : undefined
}

function parted(record: DnsRecord<'TXT'>): string {
  const text = joinedText(record)
  return seamsOf(record).toReversed().reduce((result, { at }) => `${result.slice(0, at)} ${result.slice(at)}`, text)
}

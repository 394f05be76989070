import { joinedText } from '../../syntax/record.ts'
import { isSpf, parseSpf, spfProblems, type SpfProblem, type SpfProblemCode } from '../../syntax/spf.ts'
import { defineCheck, fail, pass, skip } from '../define.ts'
import { octetSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

type Cause = Exclude<SpfProblemCode, 'unknown-mechanism'>
type Message<C extends SpfProblemCode> = `Syntax error at "{term}" (column {column}): ${(typeof spfProblems)[C]}`
const { 'unknown-mechanism': usual, ...others } = spfProblems
const said = (why: string): string => `Syntax error at "{term}" (column {column}): ${why}`

export default defineCheck({
  id: 'spf/syntax-valid',
  title: 'The SPF record parses, from its first term to its last',
  severity: 'error',
  question: 'send',
  rfc: ['RFC 7208 §4.6', 'RFC 7208 §6', 'RFC 7208 §7', 'RFC 7208 §12'],
  needs: ['spf'],
  defersTo: ['spf/strings-joined-cleanly'],
  judge(_domain, { spf: { answer } }) {
    const published = answer.value.records.filter(record => isSpf(joinedText(record)))
    const problems = published.flatMap(record => parseSpf(joinedText(record)).problems.map(problem => ({ ...problem, record })))
    const [first] = problems
    if (published.length === 0) return skip('the domain publishes no SPF record')
    if (!first) return pass
    const code = first.code === 'unknown-mechanism' ? 'failed' : first.code
    return fail(code, { term: first.term, column: first.at + 1, count: problems.length }, ...problems.map(({ record, at }) => octetSeen(record, at)))
  },
  messages: {
    failed: said(usual) as Message<'unknown-mechanism'>,
    ...Object.fromEntries(Object.entries(others).map(([code, why]) => [code, said(why)])) as { readonly [C in Cause]: Message<C> },
  },
  explain: `One wrong term, even behind the last one that would ever be used, turns the whole record into a permanent error:
    receivers then treat your mail as if nobody were authorised, and many refuse it.`,
  remedy({ name: domain }, { spf: { records } }) {
    const [record] = records
    const { problems } = parseSpf(record ?? '')
    const corrected = record === undefined || records.length > 1 ? null : correct(record, problems)
    return {
      text: corrected === null ? 'Correct the term, or remove it.' : 'Correct the record; check that the new term says what you mean.',
      ...corrected === null ? {} : { records: { set: [txtLine(domain, corrected)] } },
    }
  },
})

/** The record with every problem mended; null when one of them leaves more than one thing that could be meant. */
function correct(record: string, problems: readonly SpfProblem[]): string | null {
  let text = record
  for (const problem of problems.toReversed()) {
    const term = mended(problem)
    if (term === null) return null
    text = text.slice(0, problem.at) + term + text.slice(problem.at + problem.term.length)
  }
  return parseSpf(text).problems.length === 0 ? text : null
}

function mended({ code, term }: SpfProblem): string | null {
  switch (code) {
    case 'colon-modifier':
      return term.replace(':', '=')
    case 'wrong-family':
      return term.replace(/ip[46]:/i, /ip4:/i.test(term) ? 'ip6:' : 'ip4:')
    case 'address-as-domain':
      return term.replace(/^([+?~-]?)[a-z]+[:=]/i, (_, sign: string) => `${sign}${/:.*:/.test(term) ? 'ip6' : 'ip4'}:`)
    case 'surplus-argument':
      return /^[+?~-]?all[.,;]$/i.test(term) ? term.slice(0, -1) : null
    case 'unknown-mechanism':
      return /^[+?~-]?ip:\d+\.\d+\.\d+\.\d+/i.test(term) ? term.replace(/ip:/i, 'ip4:') : null
    default:
      return null
  }
}

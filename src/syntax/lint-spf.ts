/** An SPF record by itself: its grammar, and what can be told without asking what it includes. */
import { worded, type LintProblem, type LintResult } from './lint-problem.ts'
import { isMechanism, isSpf, parseSpf, spfProblems } from './spf.ts'
import { maxText } from './tags.ts'

const words = {
  ...spfProblems,
  'bad-version': 'a record begins with "v=spf1" and a space, or is "v=spf1"',
  'too-many-lookups': 'receivers make ten DNS lookups, and the eleventh is an error: what no term before it matches gets permerror',
  'pass-all': 'this lets anybody send as the domain',
  'after-all': 'nothing after "all" is looked at',
  'redirect-unused': 'a redirect means nothing beside "all"',
  'open-end': 'there is neither "all" nor "redirect" at the end: whoever matches nothing is neutral',
  'slow-ptr': 'the ptr mechanism should not be used (RFC 7208 §5.5)',
} as const

const lookups: readonly string[] = ['include', 'a', 'mx', 'ptr', 'exists', 'redirect']

export function lintSpf(text: string): LintResult {
  if (text.length <= maxText && !isSpf(text)) return { valid: false, problems: [worded(words, 'bad-version', 0, '', false)] }
  const { terms, problems } = parseSpf(text)
  const faults = problems.map(({ code, term, at }) =>
    worded(words, code, code === 'bad-character' ? at + Math.max(0, term.search(/[^\x21-\x7e]/)) : at, term, false))
  const notes: LintProblem[] = []
  const all = terms.find(({ kind }) => kind === 'all')
  const redirect = terms.find(({ kind }) => kind === 'redirect')
  const reached = terms.filter(term => !all || !isMechanism(term) || term.at <= all.at)
  const asking = reached.filter(({ kind }) => lookups.includes(kind) && !(all && kind === 'redirect'))
  const eleventh = asking.toSorted((a, b) => Number(a.kind === 'redirect') - Number(b.kind === 'redirect'))[10]
  const note = (code: keyof typeof words, term: { readonly text: string; readonly at: number }): unknown =>
    notes.push(worded(words, code, term.at, term.text, true))
  if (eleventh) note('too-many-lookups', eleventh)
  if (all?.kind === 'all' && all.qualifier === '+') note('pass-all', all)
  if (all && redirect) note('redirect-unused', redirect)
  const beyond = terms.find(term => all && isMechanism(term) && term.at > all.at)
  if (beyond) note('after-all', beyond)
  for (const term of terms) if (term.kind === 'ptr') note('slow-ptr', term)
  if (!all && !redirect && problems.length === 0) notes.push({ code: 'open-end', what: '', why: words['open-end'], at: null, note: true })
  return { valid: faults.length === 0, problems: [...faults, ...notes] }
}

/** A DMARC policy record by itself: RFC 9989 tells receivers to pass over much of what is wrong, so that a record may count in spite of it. */
import { dmarcProblems, isDmarc, parseDmarc, type DmarcProblemCode } from './dmarc.ts'
import { worded, type LintProblem, type LintResult } from './lint-problem.ts'
import { maxText } from './tags.ts'

const words = {
  ...dmarcProblems,
  'bad-version': 'a record begins with "v=DMARC1;", in capital letters',
  'taken-as-none': 'receivers send reports, and otherwise act as if p were none',
} as const

const notes: readonly DmarcProblemCode[] = ['obsolete-tag', 'obsolete-size', 'unknown-tag', 'policy-not-second', 'failure-options-unused', 'failure-options-contradict']

export function lintDmarc(text: string): LintResult {
  if (text.length <= maxText && !isDmarc(text)) return { valid: false, problems: [worded(words, 'bad-version', 0, '', false)] }
  const { counts, problems } = parseDmarc(text)
  const found: LintProblem[] = problems.map(({ code, tag, value, at }) =>
    worded(words, code, at, value === '' || tag === value ? tag : `${tag}=${value}`, notes.includes(code)))
  if (counts === 'none') found.push({ code: 'taken-as-none', what: '', why: words['taken-as-none'], at: null, note: true })
  return { valid: counts !== 'ignored', problems: found }
}

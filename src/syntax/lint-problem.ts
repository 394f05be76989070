/** What is wrong with a record that is yet to be published, in one form for every kind of record. */

export interface LintProblem {
  readonly code: string
  /** What is wrong, as octets of the record: hostile. '' for the record as a whole. */
  readonly what: string
  /** Why, in words of ours. */
  readonly why: string
  /** 0-based offset in octets; null for what is missing, or wrong as a whole. */
  readonly at: number | null
  /** Receivers use the record in spite of it. */
  readonly note: boolean
}

export interface LintResult {
  /** A receiver uses the record. */
  readonly valid: boolean
  /** In order of place, those without a place last. */
  readonly problems: readonly LintProblem[]
}

/** Names what is wrong and says why; what is missing has no place. */
export function worded<C extends string>(words: Readonly<Record<C, string>>, code: C, at: number, what: string, note: boolean): LintProblem {
  const place = missing(code) || code === 'too-long' ? null : at
  return { code, what: short(what), why: words[code], at: place, note }
}

/** Of a part of the record, that is; a term that lacks its argument is there. */
export function missing(code: string): boolean {
  return code.startsWith('missing-') && code !== 'missing-argument'
}

/** Enough to recognise it by. */
function short(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`
}

/** Which checks a run judges: `--only` and `--skip`. */
import { globMatches } from '../syntax/glob.ts'
import { nearest } from '../syntax/nearest.ts'
import type { Check } from './define.ts'

export interface Selection {
  readonly checks: readonly Check[]
  /** Patterns that name no check, each with what was probably meant. */
  readonly unmatched: readonly { readonly pattern: string; readonly nearest: string | undefined }[]
}

/**
 * A pattern is an id, a topic, or either with `*` for any characters: `spf/record-exists`, `spf`, `spf/*`, `*-tls/*`. What
 * several patterns select is selected by any of them; `skip` has the last word.
 */
export function selectChecks(checks: readonly Check[], only: readonly string[], skip: readonly string[]): Selection {
  const names = [...checks.map(({ id }) => id), ...new Set(checks.map(({ topic }) => topic))]
  return {
    checks: checks.filter(check => (only.length === 0 || only.some(pattern => matches(pattern, check))) && !skip.some(pattern => matches(pattern, check))),
    unmatched: [...only, ...skip].filter(pattern => !checks.some(check => matches(pattern, check)))
      .map(pattern => ({ pattern, nearest: nearest(pattern.replace(/\/?\*$/, ''), names) })),
  }
}

function matches(pattern: string, { id, topic }: Check): boolean {
  return globMatches(pattern, id) || globMatches(pattern, topic)
}

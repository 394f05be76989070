/** A document that is written while the domains are still being checked: what opens it, a piece for each domain, what closes it. */
import type { DomainVerdicts } from './verdicts.ts'

export interface Pieces {
  readonly open: string
  /** `index` counts from 0, in the order in which the domains were given. */
  readonly item: (verdicts: DomainVerdicts, index: number) => string
  readonly close: (count: number) => string
}

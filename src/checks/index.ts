/** The registry: every check, in report order. Everything else (docs, schema, metrics, alerts, tests) derives from this list. */
import type { Check } from './define.ts'

export const checks: readonly Check[] = [
]

/** An alert rule as Prometheus reads it, and the few words of its language that all rules share. */
import type { FamilyName } from './families.ts'

export interface AlertRule {
  readonly alert: string
  readonly expr: string
  /** How long it must hold before anybody is told. */
  readonly for: string
  /** How long it is told of after it has ended: a restart of the service is no recovery. */
  readonly keep_firing_for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface AlertGroup {
  readonly name: string
  readonly rules: readonly AlertRule[]
}

/** `mailcheck_unknown{reason=~"tarpit|greylisted"}`: a value that begins with `~` is a regular expression, one with `!` is excluded. */
export function series(name: FamilyName, labels: Readonly<Record<string, string>> = {}): string {
  const matchers = Object.entries(labels).map(([label, value]) => {
    const operator = value.startsWith('~') ? '=~' : value.startsWith('!') ? '!=' : '='
    return `${label}${operator}${quoted(operator === '=' ? value : value.slice(1))}`
  })
  return matchers.length === 0 ? name : `${name}{${matchers.join(',')}}`
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** `1h30m`, as Prometheus writes durations; whole seconds. */
export function duration(seconds: number): string {
  let rest = Math.max(1, Math.round(seconds))
  let text = ''
  for (const [unit, size] of [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    if (rest >= size) text += `${Math.floor(rest / size)}${unit}`
    rest %= size
  }
  return text
}

/** Text without a meaning for the template language of annotations. */
export function literal(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}')
}

/** How much later than its interval a verdict may show: the run takes a while, and so do the scrape and the evaluation. */
export function lateness(interval: number): number {
  return Math.min(150, interval / 2)
}

/** As much of PromQL as it takes to hold our expressions against what the service gives out: names, matchers and labels. */
import { families } from '../../src/monitor/families.ts'

/** Series of others: of Prometheus, and of every process. */
const others = new Map([
  ['up', []], ['process_resident_memory_bytes', []], ['process_cpu_seconds_total', []], ['ALERTS', ['alertname', 'alertstate', 'severity']],
])
/** That Prometheus puts on every series. */
const scraped = ['job', 'instance']
const words = new Set((
  'by without round on ignoring group_left group_right and or unless bool offset sum count min max avg topk bottomk sort_desc rate increase clamp_max clamp_min '
  + 'histogram_quantile time vector absent last_over_time label_values le'
).split(' '))

export const labelsOf = new Map<string, readonly string[]>([
  ...others, ...families.flatMap(({ name, labels, type }): [string, readonly string[]][] =>
    (type === 'histogram' ? [[`${name}_bucket`, [...labels, 'le']], [`${name}_count`, labels], [`${name}_sum`, labels]] : [[name, labels]])),
])

/** What an expression names that is not there. */
export function complaints(expr: string): string[] {
  const found: string[] = []
  const known = new Set(scraped)
  for (const [, name = '', inside] of withoutDurations(expr).matchAll(/\b((?:mailcheck|process)_\w+|up|ALERTS)\b(?:\{([^}]*)\})?/g)) {
    const labels = labelsOf.get(name)
    if (!labels) found.push(`${name} is no series`)
    for (const label of labels ?? []) known.add(label)
    for (const [, label = ''] of (inside ?? '').matchAll(/(\w+)(?:=~|!~|!=|=)"/g)) {
      if (labels && ![...labels, ...scraped].includes(label)) found.push(`${name} has no label ${label}`)
    }
  }
  const bare = withoutDurations(expr).replace(/\{[^}]*\}/g, '').replace(/"[^"]*"/g, '')
  for (const [name] of bare.matchAll(/[a-zA-Z_]\w*/g)) {
    if (!words.has(name) && !labelsOf.has(name) && !known.has(name)) found.push(`${name} is neither a label nor a word of the language`)
  }
  if (!balanced(expr)) found.push('the brackets do not match')
  return found
}

/** `mailcheck_unknown{reason=~"a|b"}`: what is selected, each once. */
export function selectors(expr: string): string[] {
  return [...new Set([...withoutDurations(expr).matchAll(/\b(?:(?:mailcheck|process)_\w+|up)\b(?:\{[^}]*\})?/g)].map(([selector]) => selector))]
}

function withoutDurations(expr: string): string {
  return expr.replace(/\[[^\]]*\]/g, '')
}

function balanced(expr: string): boolean {
  const open: string[] = []
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  for (const [character] of expr.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[()[\]{}]/g)) {
    const opener = pairs[character]
    if (opener === undefined) open.push(character)
    else if (open.pop() !== opener) return false
  }
  return open.length === 0
}

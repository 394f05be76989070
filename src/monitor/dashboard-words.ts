/** What several dashboards say alike. */
import { severities, type Severity } from '../checks/define.ts'
import { series } from './alert-rule.ts'
import type { Panel, Variable } from './panel.ts'

export const red = 'red'
export const orange = 'orange'
export const yellow = 'yellow'
export const green = 'green'
export const blue = 'blue'

/** None is good, any is bad. */
export const noneOr = (colour: string): NonNullable<Panel['thresholds']> => [green, [1, colour]]

export const severityColours = { critical: red, error: orange, warning: yellow, notice: blue } as const

/** What `ranked` makes of a severity, in words again. */
export const severityRanks: NonNullable<Panel['words']> =
  Object.fromEntries(severities.map((severity, i) => [i + 1, { text: severity, colour: severityColours[severity] }]))

/** The rank of the severity as the value, 1 for the gravest: by its name a notice would stand above a warning. */
export function ranked(of: (severity: Severity) => string): string {
  return severities.map((severity, i) => `${i + 1} * ${of(severity)}`).join('\nor ')
}

/** The domains that were ever run. */
export const domainChoice: Variable = { name: 'domain', label: 'Domain', values: { series: series('mailcheck_run_timestamp_seconds'), label: 'domain' } }

/** The page of a domain, from a cell with its name. */
export const toDomain = '/d/mailcheck-domain?var-domain=${__value.text}&${datasource:queryparam}&${__url_time_range}'

export const upOrDown = { 0: { text: 'does not answer', colour: red }, 1: { text: 'answers', colour: green } } as const

/** By check: what it claims, to be joined on. */
export const titles = `on (check) group_left (title) max by (check, title) (${series('mailcheck_check_info')})`

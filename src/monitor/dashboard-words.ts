/** What several dashboards say alike. */
import { series } from './alert-rule.ts'
import type { Panel } from './panel.ts'

export const red = 'red'
export const orange = 'orange'
export const yellow = 'yellow'
export const green = 'green'
export const blue = 'blue'

/** None is good, any is bad. */
export const noneOr = (colour: string): NonNullable<Panel['thresholds']> => [green, [1, colour]]

export const severityColours = { critical: red, error: orange, warning: yellow, notice: blue } as const

/** The page of a domain, from a cell with its name. */
export const toDomain = '/d/mailcheck-domain?var-domain=${__value.text}&${datasource:queryparam}&${__url_time_range}'

export const upOrDown = { 0: { text: 'does not answer', colour: red }, 1: { text: 'answers', colour: green } } as const

/** By check: what it claims, to be joined on. */
export const titles = `on (check) group_left (title) max by (check, title) (${series('mailcheck_check_info')})`

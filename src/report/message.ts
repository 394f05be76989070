/** The line a reader sees: a check's message with the values seen in their places. */
import type { Arg } from '../checks/define.ts'
import { harmless, visible } from './visible.ts'

/** Lists are joined with ", ", dates cut to the minute, octets made readable; what was not given stays `{name}`. */
export function renderMessage(template: string, args: Readonly<Record<string, Arg>>): string {
  const message = template.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const arg = args[name]
    return arg === undefined ? placeholder : renderArg(arg)
  })
  const more = typeof args['count'] === 'number' && !template.includes('{count}') ? args['count'] - 1 : 0
  return harmless(more > 0 ? `${message} (and ${more} more)` : message)
}

function renderArg(arg: Arg): string {
  if (arg === null) return 'none'
  if (Array.isArray(arg)) return arg.length === 0 ? 'none' : arg.map((item: string | number) => renderArg(item)).join(', ')
  if (typeof arg !== 'string') return String(arg)
  const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z$/.exec(arg)
  return time ? `${time[1]} ${time[2]} UTC` : visible(arg)
}

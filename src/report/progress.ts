/** What a run is doing, as one line: what is being asked now, how much is done. */
import { harmless, visible } from './visible.ts'
import { cells } from './wrap.ts'

export type ProgressEvent =
  | { readonly kind: 'checks'; readonly domain: string; readonly total: number }
  | { readonly kind: 'judged'; readonly domain: string }
  /** The domain is finished. */
  | { readonly kind: 'reported'; readonly domain: string }
  /** Something was asked; `id` returns when it is answered. */
  | { readonly kind: 'asking'; readonly id: number; readonly what: string }
  | { readonly kind: 'answered'; readonly id: number }

export interface Progress {
  /** Domains in all. */
  readonly domains: number
  readonly reported: number
  /** Of the domains under way. */
  readonly checks: Readonly<Record<string, { readonly total: number; readonly judged: number }>>
  /** In the order asked. */
  readonly asking: ReadonlyMap<number, string>
}

export function beginProgress(domains: number): Progress {
  return { domains, reported: 0, checks: {}, asking: new Map() }
}

export function reduce(progress: Progress, event: ProgressEvent): Progress {
  switch (event.kind) {
    case 'checks':
      return { ...progress, checks: { ...progress.checks, [event.domain]: { total: event.total, judged: 0 } } }
    case 'judged': {
      const { total, judged } = progress.checks[event.domain] ?? { total: 0, judged: 0 }
      return { ...progress, checks: { ...progress.checks, [event.domain]: { total, judged: judged + 1 } } }
    }
    case 'reported': {
      const checks = Object.entries(progress.checks).filter(([domain]) => domain !== event.domain)
      return { ...progress, checks: Object.fromEntries(checks), reported: progress.reported + 1 }
    }
    case 'asking':
      return { ...progress, asking: new Map([...progress.asking, [event.id, event.what]]) }
    case 'answered': {
      const asking = new Map(progress.asking)
      asking.delete(event.id)
      return { ...progress, asking }
    }
  }
}

/** At most `width` cells. */
export function view({ domains, reported, checks, asking }: Progress, width: number): string {
  const underway = Object.entries(checks)
  const judged = underway.reduce((sum, [, { judged }]) => sum + judged, 0)
  const total = underway.reduce((sum, [, { total }]) => sum + total, 0)
  const [only] = underway
  const who = domains === 1 && only ? only[0] : `${reported} of ${domains} domains`
  const waiting = [...asking.values()]
  const now = waiting.length === 0 ? '' : `, asking ${visible(waiting[0] ?? '')}${waiting.length > 1 ? ` and ${waiting.length - 1} more` : ''}`
  return cut(harmless(`${who}: ${judged} of ${total} checks${now}`), width)
}

function cut(text: string, width: number): string {
  if (cells(text) <= width) return text
  let line = ''
  for (const character of text) {
    if (cells(line + character) > width - 1) break
    line += character
  }
  return `${line}…`
}

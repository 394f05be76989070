/** A round trip for people: how it ended, when it was where, and what is to be done. */
import type { DeliveryResult, Moment, RouteResult, Seen } from '../delivery/result.ts'
import { dkimResult } from '../evaluate/message.ts'
import { painter, type Paint, type Tint } from './paint.ts'
import { visible } from './visible.ts'
import { wrap } from './wrap.ts'

interface Page {
  readonly width: number
  readonly paint: Paint
}

export function renderDelivery({ routes, late }: DeliveryResult, { width, colour }: { readonly width: number; readonly colour: boolean }): string {
  const page: Page = { width: Math.max(40, width), paint: painter(colour) }
  return `${[...routes.map(route => renderRoute(route, page)), ...late.length === 0 ? [] : [renderLate(late, page)]].map(lines => lines.join('\n')).join('\n\n')}\n`
}

const words: Readonly<Record<RouteResult['outcome'], { readonly text: string; readonly tint: Tint }>> = {
  delivered: { text: 'delivered', tint: 'green' }, refused: { text: 'not taken', tint: 'red' }, bounced: { text: 'came back', tint: 'red' },
  lost: { text: 'lost', tint: 'red' }, unknown: { text: 'could not be tested', tint: 'yellow' },
}

function renderRoute(route: RouteResult, page: Page): string[] {
  const { paint, width } = page
  const { text, tint } = words[route.outcome]
  const last = route.pop3.seconds ?? route.imap.seconds
  const lines = [`${paint('bold', visible(route.route))}: ${paint(tint, text)}${route.outcome === 'delivered' && last !== null ? ` within ${seconds(last)}` : ''}`]
  const row = (name: string, content: string): void => {
    lines.push(...wrap(content, width - column, { cut: true }).map((line, i) => `  ${(i === 0 ? name : '').padEnd(column - 2)}${line}`))
  }
  if (route.unknown) row('why', visible(route.unknown.detail))
  if (route.timeline.length > 0) lines.push('', ...route.timeline.flatMap(moment => renderMoment(moment, page)))
  lines.push('')
  if (route.outcome !== 'refused' && (route.imap.state !== 'skipped' || route.pop3.state !== 'skipped')) {
    row('IMAP', seenWords(route.imap))
    row('POP3', seenWords(route.pop3))
  }
  if (route.reading) {
    const { verdict, receiver, cameIn } = route.reading
    const signer = verdict.dkim[0]?.domain ?? ''
    row('receiver', receiver ? `${visible(receiver.server)} says ${receiver.results.slice(0, 8).map(({ method, result }) => visible(`${method}=${result}`)).join(', ') || 'nothing'}` : 'it wrote no Authentication-Results of its own')
    row('here', [
      `dkim=${dkimResult(verdict.dkim)}${signer === '' ? '' : ` (${visible(signer)})`}`,
      ...cameIn ? [`spf=${verdict.spf?.result ?? 'none'}`, `dmarc=${verdict.dmarc.result}`] : [],
      ...verdict.arc.result === 'none' ? [] : [`arc=${verdict.arc.result}`],
    ].join(', '))
  }
  if (route.removal !== null) row('message', { removed: 'deleted', marked: 'marked as deleted', kept: `kept; its subject ends in ${route.id}` }[route.removal])
  while (lines.at(-1) === '') lines.pop()
  for (const { severity, text: what, remedy } of route.problems) {
    const tint: Tint = severity === 'notice' ? 'cyan' : severity === 'warning' ? 'yellow' : 'red'
    lines.push('', ...wrap(`${severity}: ${visible(what)}`, width - 2, { cut: true }).map((line, i) => `  ${i === 0 ? line.replace(severity, paint(tint, severity)) : `  ${line}`}`))
    lines.push(...wrap(remedy, width - 4, { cut: true }).map(line => `    ${line}`))
  }
  return lines
}

const column = 12

/** Seconds since it was handed in; those of other clocks are marked. */
function renderMoment({ seconds: since, text, stamped }: Moment, { width, paint }: Page): string[] {
  const time = `${stamped ? '~' : ''}${since < 0 ? '-' : '+'}${Math.abs(since).toFixed(stamped ? 0 : 1)} s`
  return wrap(visible(text), width - 14, { cut: true }).map((line, i) => `  ${paint('dim', (i === 0 ? time : '').padStart(10))}  ${line}`)
}

function seenWords({ state, seconds: since, why }: Seen): string {
  if (state === 'seen') return `seen after ${seconds(since ?? 0)}`
  return `${{ missing: 'not there', skipped: 'not asked', unknown: 'could not be told' }[state]}${why === null ? '' : `: ${visible(why)}`}`
}

function renderLate(late: DeliveryResult['late'], { paint }: Page): string[] {
  return [paint('bold', 'Come since'), ...late.map(({ route, sentAt, seconds: since, folder }) =>
    `  ${visible(route)}: the message of ${sentAt.toISOString().slice(0, 19).replace('T', ' ')} came after ${seconds(since)}${folder.kind === 'inbox' ? '' : `, into "${visible(folder.name)}"`}`)]
}

function seconds(number: number): string {
  if (number < 120) return `${number.toFixed(1)} s`
  return number < 7200 ? `${Math.round(number / 60)} min` : `${(number / 3600).toFixed(1)} h`
}

/** The endpoints as a table. */
import { endpointRows, smtpOffers, type EndpointRow } from './endpoints.ts'
import { groupBy } from './group.ts'
import type { Report } from './report.ts'
import type { Page } from './text.ts'
import { tlsDetails } from './tls-details.ts'
import { visible } from './visible.ts'
import { cells, chunks, wrap } from './wrap.ts'

/** Below this many cells, what belongs together stands in one column. */
const wide = 112

export function renderEndpoints(report: Report, { width, paint }: Page): string[] {
  const rows = endpointRows(report)
  if (rows.length === 0) return []
  const { head, body } = width >= wide ? spacious(rows) : narrow(rows)
  const widths = fit([head, ...body], width)
  const line = (cellsOf: readonly string[]): string =>
    `  ${cellsOf.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - cells(cell)))).join('  ')}`.trimEnd()
  const lines = body.flatMap(row => linesOf(row, widths)).map(line).filter(text => text !== '')
  const titles = linesOf(head, widths).map(line)
  return [paint('bold', `Endpoints (${rows.length})`), ...titles.map(text => paint('dim', text)), ...lines, ...furtherLines(report, width)]
}

/** What incoming mail is offered, and what the handshakes told, once for all addresses that are alike. */
function furtherLines({ facts }: Report, width: number): string[] {
  const offers = smtpOffers(facts['mxSessions']).map(({ hosts, offer }) => `SMTP extensions of ${hosts.map(visible).join(', ')}: ${offer.map(visible).join(', ')}`)
  const lines = [...tlsDetails(facts).map(({ hosts, told }) => `TLS of ${hosts.join(', ')}: ${told.join('; ')}`), ...offers]
  return lines.length === 0 ? [] : ['', ...lines.flatMap(line => wrap(line, width - 4).map((text, i) => `${i === 0 ? '  ' : '    '}${text}`))]
}

function spacious(rows: readonly EndpointRow[]): { head: string[]; body: string[][] } {
  return {
    head: ['Service', 'Host', 'Address', 'Port', 'TLS', 'Valid until', 'Mechanisms'],
    body: rows.map(({ service, host, address, port, tls, until, mechanisms }) =>
      [service, host, address, String(port), tls, until, mechanisms.join(' ')]),
  }
}

function narrow(rows: readonly EndpointRow[]): { head: string[]; body: string[][] } {
  // Addresses of a host that behave alike share a row.
  const alike = groupBy(rows, ({ service, host, port, tls, until, mechanisms }) => JSON.stringify([service, host, port, tls, until, mechanisms]))
  return {
    head: ['Service', 'Host and address', 'TLS, until', 'Mechanisms'],
    body: [...alike.values()].flatMap(([first, ...others]) => (first ? [[
      `${first.service} ${first.port}`, [first.host, first.address, ...others.map(({ address }) => address)].join('\n'),
      first.until === '' ? first.tls : `${first.tls}\n${first.until}`, first.mechanisms.join('\n'),
    ]] : [])),
  }
}

/** A row in lines that fit. */
function linesOf(row: readonly string[], widths: readonly number[]): string[][] {
  const columns = row.map((cell, i) => cell.split('\n').flatMap(line => chunks(line, widths[i] ?? 0)))
  const height = Math.max(...columns.map(lines => lines.length))
  return Array.from({ length: height }, (_, i) => columns.map(lines => lines[i] ?? ''))
}

/** The natural width of each column; the widest give way until the table fits. */
function fit(rows: readonly (readonly string[])[], width: number): number[] {
  const columns = rows[0]?.length ?? 0
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map(row => Math.max(...(row[i] ?? '').split('\n').map(cells)))))
  const room = width - 2 * columns
  for (let sum = widths.reduce((a, b) => a + b, 0); sum > room; sum--) {
    const widest = widths.indexOf(Math.max(...widths))
    if ((widths[widest] ?? 0) <= 8) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

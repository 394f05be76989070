/** The endpoints as a table. */
import Table from 'cli-table3'
import { endpointRows, type EndpointRow } from './endpoints.ts'
import { groupBy } from './group.ts'
import type { Report } from './report.ts'
import type { Page } from './text.ts'
import { cells } from './wrap.ts'

/** Below this many cells, what belongs together stands in one column. */
const wide = 112

export function renderEndpoints(report: Report, { width, paint }: Page): string[] {
  const rows = endpointRows(report)
  if (rows.length === 0) return []
  const { head, body } = width >= wide ? spacious(rows) : narrow(rows)
  const widths = fit([head, ...body], width)
  const table = new Table({
    head,
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    chars: {
      top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
      left: '  ', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
    },
  })
  table.push(...body)
  const [titles = '', ...lines] = table.toString().split('\n').map(line => line.trimEnd()).filter(line => line !== '')
  return [paint('bold', `Endpoints (${rows.length})`), paint('dim', titles), ...lines]
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

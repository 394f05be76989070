/** The renderer of a format, loaded only where it is used; reports are printed one by one. */
import type { Check } from '../checks/define.ts'
import type { Pieces } from '../report/pieces.ts'
import type { Report } from '../report/report.ts'
import { version } from '../package.ts'
import type { Format } from './formats.ts'

/** Prints reports, or what else `T` is. */
export interface Reporter<T = Report> {
  readonly open: string
  /** In the order given. */
  readonly report: (report: T) => string
  readonly close: string
}

export interface ReporterOptions {
  readonly checks: readonly Check[]
  readonly quiet: boolean
  readonly colour: boolean
  /** Cells of a line. */
  readonly width: number
}

export async function reporter(format: Format, { checks, quiet, colour, width }: ReporterOptions): Promise<Reporter> {
  let printed = 0
  switch (format) {
    case 'jsonl': {
      const { renderJsonLine } = await import('../report/json.ts')
      return { open: '', report: renderJsonLine, close: '' }
    }
    case 'json': {
      const { jsonEnvelope } = await import('../report/json.ts')
      return {
        open: jsonEnvelope.open, report: report => jsonEnvelope.item(report, printed++),
        get close() { return jsonEnvelope.close(printed) },
      }
    }
    case 'text': {
      const { renderText } = await import('../report/text.ts')
      const options = { width, colour, quiet, checks }
      return { open: '', report: report => `${printed++ === 0 ? '' : `\n${'─'.repeat(Math.min(width, 80))}\n\n`}${renderText(report, options)}`, close: '' }
    }
    case 'html': { // one document has one head: it is written when the last report is there
      const { renderHtmlReports } = await import('../report/html.ts')
      const reports: Report[] = []
      return {
        open: '',
        report: report => {
          reports.push(report)
          return ''
        },
        get close() { return renderHtmlReports(reports, { checks }) },
      }
    }
    default:
      return pieceByPiece(await pieces(format, checks))
  }
}

export async function pieces(format: Exclude<Format, 'text' | 'json' | 'jsonl' | 'html'>, checks: readonly Check[]): Promise<Pieces> {
  switch (format) {
    case 'junit':
      return (await import('../report/junit.ts')).junit(checks)
    case 'sarif':
      return (await import('../report/sarif.ts')).sarif({ checks, version: version() })
    case 'github':
      return (await import('../report/github.ts')).github
    case 'gitlab':
      return (await import('../report/gitlab.ts')).gitlab()
    case 'markdown':
      return (await import('../report/markdown.ts')).markdown(checks)
  }
}

async function pieceByPiece(document: Pieces): Promise<Reporter> {
  const { verdictsOf } = await import('../report/verdicts.ts')
  let printed = 0
  return {
    open: document.open, report: report => document.item(verdictsOf(report), printed++),
    get close() { return document.close(printed) },
  }
}

/** The renderer of a format, loaded only where it is used; reports are printed one by one. */
import type { Check } from '../checks/define.ts'
import type { Report } from '../report/report.ts'
import { outputColour, outputWidth } from './output.ts'

export interface Reporter {
  readonly open: string
  /** In the order given. */
  readonly report: (report: Report) => string
  readonly close: string
}

export interface ReporterOptions {
  readonly checks: readonly Check[]
  readonly quiet: boolean
  readonly colour: boolean | undefined
}

export async function reporter(format: 'text' | 'json' | 'jsonl', { checks, quiet, colour }: ReporterOptions): Promise<Reporter> {
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
      const width = outputWidth()
      const options = { width, colour: outputColour(colour), quiet, checks }
      return { open: '', report: report => `${printed++ === 0 ? '' : `\n${'─'.repeat(Math.min(width, 80))}\n\n`}${renderText(report, options)}`, close: '' }
    }
  }
}

/** The renderer of a plan in a format. */
import type { Check } from '../checks/define.ts'
import { planVerdicts } from '../change/plan-verdicts.ts'
import type { PlanReport } from '../change/plan.ts'
import type { Format } from './formats.ts'
import { pieces, type Reporter } from './reporter.ts'

export interface PlanReporterOptions {
  readonly checks: readonly Check[]
  readonly quiet: boolean
  readonly colour: boolean
  readonly width: number
  /** What failed before counts as well. */
  readonly all: boolean
}

export async function planReporter(format: Format, options: PlanReporterOptions): Promise<Reporter<PlanReport>> {
  switch (format) {
    case 'text': {
      const { renderPlan } = await import('../change/plan-text.ts')
      return { open: '', report: plan => renderPlan(plan, options), close: '' }
    }
    case 'json':
    case 'jsonl': {
      const [{ planJson }, { stringify }] = await Promise.all([import('../change/plan-json.ts'), import('../report/json.ts')])
      return { open: '', report: plan => format === 'json' ? planJson(plan) : `${stringify(JSON.parse(planJson(plan)))}\n`, close: '' }
    }
    case 'html': {
      const { renderHtml } = await import('../report/html.ts')
      return { open: '', report: ({ after }) => renderHtml(after, options), close: '' }
    }
    default: {
      const document = await pieces(format, options.checks)
      return { open: document.open, report: plan => document.item(planVerdicts(plan, options.all), 0), get close() { return document.close(1) } }
    }
  }
}

/** Plans for programs. */
import { stringify } from '../report/json.ts'
import type { PlanReport } from './plan.ts'

export const planSchema = 'mailcheck.plan/1'
export const diffSchema = 'mailcheck.diff/1'

export function planJson(plan: PlanReport): string {
  return `${stringify({ schema: planSchema, ...plan }, 2)}\n`
}

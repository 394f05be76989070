/** Series that say what is there, and do not change while the process lives. */
import type { Check } from '../checks/define.ts'
import type { Samples } from './metrics.ts'

export function checkInfo(checks: readonly Check[]): Samples {
  return checks.map(({ id, severity, title, topic }) => ({ family: 'mailcheck_check_info', labels: { check: id, severity, title, topic }, value: 1 }))
}

export function buildInfo(version: string): Samples {
  return [{ family: 'mailcheck_build_info', labels: { version, node: process.version }, value: 1 }]
}

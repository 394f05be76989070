/** All alert rules: one group for each of the four questions, by the registry of checks, and one for the monitoring itself. */
import { questions, severities, type Check, type Question, type Severity } from '../checks/define.ts'
import type { AlertGroup } from './alert-rule.ts'
import { checkAlert, type CheckAlertOptions } from './check-alerts.ts'
import { serviceAlerts } from './service-alerts.ts'

export interface AlertOptions extends CheckAlertOptions {
  /** In report order. */
  readonly checks: readonly Check[]
  /** The least severity that somebody is told of. */
  readonly least: Severity
}

export function alertGroups(options: AlertOptions): AlertGroup[] {
  const { checks, least, intervalOf } = options
  const told = alerting(checks, least)
  const intervals = told.filter(({ requires }) => requires === undefined).map(intervalOf)
  const groups = (Object.keys(questions) as Question[]).map(question => ({
    name: `mailcheck-${question}`, rules: told.filter(check => check.question === question).map(check => checkAlert(check, options)),
  }))
  const service = { name: 'mailcheck-service', rules: serviceAlerts({ shortest: Math.min(...intervals), usual: Math.max(...intervals) }) }
  return [...groups, service].filter(({ rules }) => rules.length > 0)
}

/** Those that the service can run, at the severity that is asked for. */
export function alerting(checks: readonly Check[], least: Severity): Check[] {
  const grave = severities.slice(0, severities.indexOf(least) + 1)
  return checks.filter(({ severity, requires }) => grave.includes(severity) && requires !== 'message' && requires !== 'reports')
}

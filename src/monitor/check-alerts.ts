/**
 * An alert for each check. It is raised for the last decided verdict, so that a server which breaks down while it fails does
 * not end the alert, and for the domain, so that ten endpoints with one defect ring once. Two runs must have seen the failure
 * of a critical check or an error before anybody is told, and four that of anything less: one flap wakes nobody.
 */
import { limits, type Limit } from '../checks/certificate-horizon.ts'
import type { Check } from '../checks/define.ts'
import { renderExplain } from '../report/explain.ts'
import { duration, lateness, literal, series, type AlertRule } from './alert-rule.ts'

export interface CheckAlertOptions {
  /** Seconds from one run of the check to the next. */
  readonly intervalOf: (check: Check) => number
  /** Where the service can be reached by those who read the alert. */
  readonly url?: string | undefined
}

export function checkAlert(check: Check, { intervalOf, url }: CheckAlertOptions): AlertRule {
  const { id, severity, topic, question } = check
  const interval = intervalOf(check)
  const runs = severity === 'critical' || severity === 'error' ? 1 : 3
  return {
    alert: alertName(id),
    expr: failing(id),
    for: duration(runs * interval + lateness(interval)),
    keep_firing_for: duration(2 * lateness(interval)),
    labels: { severity, check: id, topic, question },
    annotations: {
      summary: `{{ $labels.domain }} fails ${id}`,
      description: `This does not hold: ${literal(check.title)}. {{ with ${subjectsQuery(id)} | query }}Seen at {{ range . }}{{ .Labels.subject }} {{ end }}`
        + `(last decided verdict). {{ end }}${literal(check.explain.replace(/\s+/g, ' ').trim())} `
        + 'The report shows the values seen and what to do.',
      ...(url === undefined ? {} : { report: `${url.replace(/\/$/, '')}/report/{{ $labels.domain }}` }),
      runbook: literal(renderExplain(check, { width: 100, colour: false })),
    },
  }
}

/** `MailcheckSpfRecordExistsFails`: the claim, and that it does not hold. */
export function alertName(check: string): string {
  return `Mailcheck${check.split(/[/-]/).map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')}Fails`
}

/** By domain, on how many subjects. */
function failing(id: string): string {
  const verdict = `count by (domain) (max by (domain, subject) (${series('mailcheck_check_state', { check: id, state: 'fail' })} == 1))`
  const clock = horizons[id]
  return clock === undefined ? verdict : `${verdict}\nor\n(${clock}) unless on (domain) ${series('mailcheck_check_waived', { check: id })}`
}

/** Asked when the alert is raised, for the names in its text. */
function subjectsQuery(id: string): string {
  return `printf "max by (subject) (mailcheck_check_state{domain='%s',check='${id}',state='fail'} == 1)" $labels.domain`
}

const userServices = { service: '!smtp' }
const notAfter = series('mailcheck_certificate_not_after_timestamp_seconds', userServices)
const notBefore = series('mailcheck_certificate_not_before_timestamp_seconds', userServices)
/** Less is left than a share of the lifetime, or than so many days of a long one; the value is what is left, in seconds. */
const lessThan = ({ share, days }: Limit): string => `(${notAfter} - time() < clamp_max((${notAfter} - ${notBefore}) / ${share}, ${days * 86_400}))`
const byDomain = (condition: string): string => `count by (domain) (${condition})`

/**
 * Certificates end by the clock, also between two runs: what a check says of the time that is left follows from the
 * certificate last seen, with the limits of the check. On port 25 nobody looks at dates, unless MTA-STS or DANE say so: those
 * have checks of their own.
 */
const horizons: Readonly<Record<string, string>> = {
  'tls/certificate-in-date': byDomain(`${notAfter} - time() < 0`),
  // goes on for an hour beyond the end, until the alert above has taken over
  'tls/certificate-not-about-to-expire': byDomain(`${lessThan(limits.imminent)} > -3600`),
  'tls/certificate-renewal-on-time': byDomain(`${lessThan(limits.late)} unless ${lessThan(limits.imminent)}`),
  'tls/certificate-not-expiring-soon': byDomain(`${lessThan(limits.soon)} unless ${lessThan(limits.late)}`),
}

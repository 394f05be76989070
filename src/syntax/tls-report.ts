/**
 * TLS reports (RFC 8460 §4): once a day a sender tells a domain how its sessions with the domain's MX hosts went, one entry for
 * each policy that it applied (MTA-STS, DANE, or none): how many sessions were encrypted as the policy asks, how many were
 * not, and why (§4.3). JSON, in the subset of I-JSON.
 */
import { canonicalIpv6 } from './address.ts'
import { domainName } from './author.ts'
import { isIP } from 'node:net'
import type { Unreadable } from './dmarc-report.ts'

/** RFC 8460 §4.3. */
export const tlsResultTypes = [
  'starttls-not-supported', 'certificate-host-mismatch', 'certificate-expired', 'certificate-not-trusted', 'validation-failure',
  'tlsa-invalid', 'dnssec-invalid', 'dane-required', 'sts-policy-fetch-error', 'sts-policy-invalid', 'sts-webpki-invalid',
] as const

export interface TlsReport {
  readonly kind: 'tls'
  readonly org: string
  readonly id: string
  /** Seconds since 1970. */
  readonly begin: number
  readonly end: number
  readonly policies: readonly TlsPolicyReport[]
}

export interface TlsPolicyReport {
  /** tlsa, sts, no-policy-found */
  readonly type: string
  readonly domain: string
  /** Sessions. */
  readonly success: number
  readonly failure: number
  readonly failures: readonly TlsFailure[]
}

export interface TlsFailure {
  readonly type: string
  /** The MX host; null where none had a part in it, as when a policy cannot be fetched. */
  readonly host: string | null
  readonly address: string | null
  readonly count: number
  /** What the sender adds. */
  readonly reason: string | null
}

export interface ReadTlsReport {
  readonly report: TlsReport
  readonly leftOut: readonly Unreadable[]
}

/** Octets: the largest of senders have some thousands, and JSON takes thirty times its octets in memory. */
const longest = 16 * 1024 * 1024
const mostPolicies = 1000
const mostFailures = 10_000
const longestReason = 300

type Values = Readonly<Record<string, unknown>>

/** Never throws. */
export function parseTlsReport(octets: Uint8Array): ReadTlsReport | Unreadable {
  if (octets.length > longest) return { line: null, reason: `the JSON has more than ${longest} octets: more than a TLS report may` }
  const text = new TextDecoder().decode(octets)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return { line: lineOf(text, (error as Error).message), reason: 'it is no JSON: it cannot be read to its end' }
  }
  const wrong = (reason: string): Unreadable => ({ line: null, reason })
  const root = objectOf(parsed)
  const listed = root?.['policies']
  if (!root || !Array.isArray(listed)) return wrong('the JSON is no TLS report: it has no list of policies')
  const org = textOf(root['organization-name']) ?? textOf(root['contact-info'])
  if (org === null) return wrong('it says neither organization-name nor contact-info: nobody knows who reports')
  const id = textOf(root['report-id'])
  if (id === null) return wrong('it has no report-id')
  const range = objectOf(root['date-range'])
  const [begin, end] = [timeOf(range?.['start-datetime']), timeOf(range?.['end-datetime'])]
  if (begin === null || end === null) return wrong('date-range does not say when it begins and ends')
  if (end < begin) return wrong('date-range ends before it begins')
  if (listed.length > mostPolicies) return wrong(`more than ${mostPolicies} policies`)
  const policies: TlsPolicyReport[] = []
  const leftOut: Unreadable[] = []
  for (const [i, one] of listed.entries()) {
    const policy = policyOf(objectOf(one))
    if (typeof policy === 'string') leftOut.push({ line: null, reason: `policies[${i}] is left out: ${policy}` })
    else policies.push(policy)
  }
  if (policies.length === 0) return wrong(leftOut[0]?.reason ?? 'its list of policies is empty')
  return { report: { kind: 'tls', org, id, begin, end, policies }, leftOut }
}

/** Or what is wrong with it. */
function policyOf(entry: Values | null): TlsPolicyReport | string {
  const policy = objectOf(entry?.['policy'])
  const summary = objectOf(entry?.['summary'])
  const named = textOf(policy?.['policy-domain'])
  const domain = domainName(named ?? '')
  if (domain === null) return named === null ? 'it has no policy-domain' : `policy-domain ${JSON.stringify(named.slice(0, 80))} is no domain`
  const [success, failure] = [countOf(summary?.['total-successful-session-count']), countOf(summary?.['total-failure-session-count'])]
  if (success === null || failure === null) return 'its summary has no counts of sessions'
  const details = entry?.['failure-details']
  const failures = Array.isArray(details) ? details.slice(0, mostFailures).flatMap((detail: unknown) => failureOf(objectOf(detail))) : []
  return { type: textOf(policy?.['policy-type'])?.toLowerCase().slice(0, 40) ?? 'unknown', domain, success, failure, failures }
}

function failureOf(detail: Values | null): TlsFailure[] {
  const type = textOf(detail?.['result-type'])?.toLowerCase().slice(0, 60)
  const count = countOf(detail?.['failed-session-count'])
  if (!detail || type === undefined || count === null) return []
  const address = textOf(detail['receiving-ip'])
  const host = domainName(textOf(detail['receiving-mx-hostname']) ?? '')
  return [{
    type, count, host, address: address === null ? null : isIP(address) === 4 ? address : canonicalIpv6(address),
    reason: (textOf(detail['failure-reason-code']) ?? textOf(detail['failure-error-code']) ?? textOf(detail['additional-information']))?.slice(0, longestReason) ?? null,
  }]
}

function objectOf(value: unknown): Values | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Values : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 1000) : null
}

/** Some write numbers as strings. */
function countOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= 1e12 ? number : null
}

/** RFC 3339, in seconds. */
function timeOf(value: unknown): number | null {
  const text = textOf(value)
  if (text === null || !/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/.test(text)) return null
  const time = Date.parse(/(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text) || !/\d\d:\d\d/.test(text) ? text : `${text}Z`)
  return Number.isNaN(time) || time < 0 ? null : Math.floor(time / 1000)
}

/** Where the parser stopped, when it says so; a text that is cut off ends in its last line. */
function lineOf(text: string, message: string): number | null {
  const [, position] = /position (\d+)/.exec(message) ?? []
  if (position === undefined && !/end of JSON|Unterminated/i.test(message)) return null
  let line = 1
  const end = position === undefined ? text.length : Number(position)
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) line++
  return line
}

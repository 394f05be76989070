/**
 * Failure reports (ARF: RFC 5965, RFC 6591, RFC 9991): a mail of type multipart/report that tells of one message: a part for
 * people, a part message/feedback-report with fields (who sent it, what failed, what was done with it), and the message or
 * its header. Receivers that send them at all leave most of the message out, to keep its readers' secrets.
 */
import { isIP } from 'node:net'
import { canonicalIpv6 } from './address.ts'
import { authorDomains, domainName } from './author.ts'
import type { Unreadable } from './dmarc-report.ts'
import { fieldsNamed, MessageReader, type HeaderField } from './message.ts'
import { leavesOf, type MimePart } from './mime.ts'
import { parseMailDate } from './received.ts'

export interface FailureReport {
  readonly kind: 'failure'
  /** Who reports: the domain in From of the report. */
  readonly org: string
  readonly id: string
  /** When the message arrived, else when the report was written: seconds since 1970, null when nobody says. */
  readonly at: number | null
  /** The domain that the report is about. */
  readonly domain: string
  /** `auth-failure`, `abuse`, `fraud` … */
  readonly type: string
  /** What failed: `dmarc`, `dkim`, `bodyhash`, `spf` … (RFC 6591 §3.1, RFC 9991); null when it does not say. */
  readonly failure: string | null
  readonly source: string | null
  /** `delivered`, `spam`, `policy`, `reject`, `other` (RFC 6591 §3.2.2). */
  readonly result: string | null
  readonly signature: { readonly domain: string; readonly selector: string | null } | null
  /** Similar messages that this report stands for. */
  readonly count: number
}

/** Null for a message that is none. Never throws. */
export function parseFailureReport(message: MimePart): FailureReport | Unreadable | null {
  const leaves = leavesOf(message)
  const part = leaves.find(({ type }) => type === 'message/feedback-report')
  if (!part) return null
  const fields = headerOf(part.body)
  const value = (name: string): string | null => fieldsNamed(fields, name)[0]?.value.trim() ?? null
  const type = value('Feedback-Type')?.toLowerCase() ?? ''
  if (!/^[\w-]{1,40}$/.test(type)) return { line: null, reason: 'the feedback report has no Feedback-Type' }
  const original = leaves.find(leaf => /^(?:message\/rfc822|text\/rfc822-headers?|message\/rfc822-headers)$/.test(leaf.type))
  const domain = domainName(value('Reported-Domain') ?? '') ?? (original ? author(headerOf(original.body)) : null)
    ?? domainName((value('Original-Mail-From') ?? '').replace(/^.*@|>.*$/g, '')) ?? domainName(value('DKIM-Domain') ?? '')
  if (domain === null) return { line: null, reason: 'the feedback report does not say which domain it is about' }
  const address = value('Source-IP')?.replace(/^\[(?:ipv6:)?|\]$/gi, '') ?? ''
  const signer = domainName(value('DKIM-Domain') ?? '')
  const selector = value('DKIM-Selector')?.toLowerCase() ?? ''
  const incidents = value('Incidents') ?? '1'
  const time = parseMailDate(value('Arrival-Date') ?? value('Received-Date') ?? '') ?? parseMailDate(fieldsNamed(message.fields, 'Date')[0]?.value ?? '')
  return {
    kind: 'failure', org: author(message.fields) ?? 'unknown', id: (fieldsNamed(message.fields, 'Message-ID')[0]?.value.trim() ?? '').slice(0, 300),
    at: time && time.getTime() >= 0 ? Math.floor(time.getTime() / 1000) : null, domain, type, failure: word(value('Auth-Failure')),
    source: isIP(address) === 4 ? address : canonicalIpv6(address), result: word(value('Delivery-Result')),
    signature: signer === null ? null : { domain: signer, selector: /^[\w.-]{1,200}$/.test(selector) ? selector : null },
    count: /^[1-9]\d{0,8}$/.test(incidents) ? Number(incidents) : 1,
  }
}

function headerOf(octets: Uint8Array): readonly HeaderField[] {
  const reader = new MessageReader(() => () => undefined)
  reader.push(octets)
  return reader.end().fields
}

function author(fields: readonly HeaderField[]): string | null {
  const authors = authorDomains(fieldsNamed(fields, 'From')[0]?.value ?? '')
  return 'domains' in authors ? authors.domains[0] ?? null : null
}

function word(text: string | null): string | null {
  const [first = ''] = /^[\w-]{1,40}/.exec(text?.toLowerCase() ?? '') ?? []
  return first === '' ? null : first
}

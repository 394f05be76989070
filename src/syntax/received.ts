/**
 * Received header fields (RFC 5321 §4.4, RFC 3848): the stamps of the servers that a message passed, newest first:
 * "from mail.example.org (mx.example.org [192.0.2.1]) by mx.example.com with ESMTPS id x for <u@example.com>; Mon, 23 Nov 2026 10:00:00 +0000".
 * Anybody can write those below the first one that one's own server made.
 */
import { isIP } from 'node:net'
import { canonicalIpv6 } from './address.ts'

export interface Received {
  /** What the client called itself. */
  readonly helo: string | null
  /** The client, as the server saw it: the address in brackets. */
  readonly address: string | null
  /** The name that the server found for it. */
  readonly reverse: string | null
  readonly by: string | null
  /** Upper case: `ESMTPS`. */
  readonly protocol: string | null
  /** TLS was used: the protocol says so (RFC 3848), or a comment does. */
  readonly tls: boolean
  /** The client logged in (ESMTPA, ESMTPSA). */
  readonly authenticated: boolean
  readonly at: Date | null
  readonly for: string | null
}

const longest = 8192

/** Reads the value of a field. Never throws. */
export function parseReceived(value: string): Received {
  const text = value.slice(0, longest)
  const semicolon = text.lastIndexOf(';')
  const trace = semicolon < 0 ? text : text.slice(0, semicolon)
  const { plain, comments } = withoutComments(trace)
  const clause = (name: string): string | null => new RegExp(`(?:^|\\s)${name}\\s+(\\S+)`, 'i').exec(plain)?.[1] ?? null
  const protocol = clause('with')?.toUpperCase() ?? null
  const from = clause('from')
  const info = comments[0] ?? ''
  const literal = /\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]/i.exec(from !== null && info === '' ? from : `${info} ${from ?? ''}`)?.[1]
  const reverse = /^\s*(?:HELO\s+\S+\s+)?([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+)\.?\s*(?:\[|\()/.exec(info)?.[1] ?? null
  return {
    helo: from, reverse: reverse?.toLowerCase() ?? null, protocol, by: clause('by')?.toLowerCase() ?? null,
    address: literal !== undefined && isIP(literal) !== 0 ? canonicalIpv6(literal) ?? literal : null,
    tls: /^(?:UTF8)?(?:E?SMTP|LMTP)S/.test(protocol ?? '') || protocol === 'HTTPS' || comments.some(comment => /\bTLSv?1|\bversion=TLS|cipher=/i.test(comment)),
    authenticated: /^(?:UTF8)?(?:E?SMTP|LMTP)S?A$/.test(protocol ?? ''),
    at: semicolon < 0 ? null : parseMailDate(text.slice(semicolon + 1)),
    for: clause('for')?.replace(/^<|>$/g, '') ?? null,
  }
}

/** Comments may nest (RFC 5322 §3.2.2); one without its end goes to the end. */
function withoutComments(text: string): { plain: string; comments: string[] } {
  let plain = ''
  const comments: string[] = []
  let depth = 0
  let comment = ''
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '(') {
      if (depth++ > 0) comment += character
    } else if (character === ')' && depth > 0) {
      if (--depth > 0) comment += character
      else {
        comments.push(comment)
        comment = ''
        plain += ' '
      }
    } else if (depth > 0) comment += character
    else plain += character
  }
  if (depth > 0) comments.push(comment)
  return { plain, comments }
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** RFC 5322 §4.3: what old programs still write. */
const zones: Readonly<Record<string, number>> = { ut: 0, gmt: 0, utc: 0, z: 0, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420 }

/** RFC 5322 §3.3, and the obsolete forms of §4.3; null for what is no date. */
export function parseMailDate(text: string): Date | null {
  const { plain } = withoutComments(text.slice(0, 500))
  const [, day, monthName = '', year = '', hour, minute, second = '0', zone = ''] =
    /^\s*(?:[A-Za-z]{3}\s*,)?\s*(\d{1,2})\s+([A-Za-z]{3})\s+(\d{2,4})\s+(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?\s+([+-]\d{4}|[A-Za-z]{1,5})\s*$/.exec(plain) ?? []
  const month = months.indexOf(monthName.toLowerCase())
  if (month < 0) return null
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second)]
  const y = Number(year) + (year.length > 3 ? 0 : Number(year) < 50 && year.length === 2 ? 2000 : 1900)
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? []
  const offset = sign === undefined ? zones[zone.toLowerCase()] ?? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  if (h > 23 || m > 59 || s > 60 || Math.abs(offset) > 1439 || Number(minutes ?? 0) > 59) return null
  const date = new Date(Date.UTC(y, month, d, h, m, s) - offset * 60_000)
  const check = new Date(Date.UTC(y, month, d))
  return check.getUTCDate() === d && check.getUTCMonth() === month ? date : null
}

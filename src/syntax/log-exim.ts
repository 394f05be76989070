/**
 * The lines of Exim’s main log and reject log: a message id, then `<=` (it came in), `=>` and `->` (it was delivered), `**` (it
 * bounced), `==` (it waits), `Completed`; and lines without an id for what was refused. Behind the first word stand fields of
 * one or two letters (`H=` host, `A=` authenticator, `X=` TLS); they are read in their order and only as far as Exim itself
 * writes them, because a subject (`T=`) or an answer of another server may hold anything.
 */
import { other, type LogEvent } from './log-event.ts'
import { enhancedOf, listOf, reasonOf } from './log-reason.ts'

/** 6-6-2 characters, since Exim 4.97 6-11-4. */
const messageId = /^([0-9A-Za-z]{6}-[0-9A-Za-z]{6}(?:[0-9A-Za-z]{5})?-[0-9A-Za-z]{2}(?:[0-9A-Za-z]{2})?) /
/** Verified name, HELO name in brackets, address, port. A HELO name with blanks or brackets is none that Exim takes by default. */
const host = /(?:([\w.-]{1,255}) )?(?:\(([^()\s]{0,255})\) )?\[([\da-fA-F.:]{2,45})\](?::\d{1,5})?/y
const failedLogin = /^([\w-]{1,60}) authenticator failed for /
const rejected = /^(?:(temporarily) )?rejected (after DATA|during MIME ACL checks|by non-SMTP ACL|connection|RCPT|MAIL|EHLO or HELO|HELO|EHLO|AUTH|DATA|VRFY|EXPN|ETRN|STARTTLS|PRDR|QUIT)\b/
const known = new RegExp('^(?:Completed|re-exec of exim|User \\d+ set for |Process failed|Frozen|Message is frozen|Unfrozen|Message |Start queue run|End queue run|exim \\S+ daemon started|Exim |SMTP |TLS |no host name found|'
  + 'no IP address found|cwd=|Warning:|unexpected disconnection|rejected |sender verify |removed by|cancelled by|SIGHUP received|pid |daemon |Spool file is locked|retry time not reached|'
  + 'Connection |H=|no immediate delivery|mail frozen|Delivery |moved to |log selectors|bounce |internal |Recipient |1 authentication|LDAP |ident |refused |bad |discarded|DKIM|DMARC|SPF|'
  + 'spam |host name|log string|dovecot_|protocol |lookup of |recipients refused|incomplete|syntactically|invalid |unqualified |relaying |authenticator )')

export function isExim(program: string): boolean {
  return program === 'exim' || program === 'exim4'
}

/** Null for a line that is of no known form. */
export function readExim(line: string): LogEvent | null {
  // over syslog the time of the log itself is there once more, unless `syslog_timestamp` is off
  const stamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? (?:[+-]\d{4} )?(?:\[\d{1,10}\] )?/.exec(line.slice(0, 60))?.[0].length ?? 0
  const text = stamp === 0 ? line : line.slice(stamp)
  const id = messageId.exec(text)?.[1]
  if (id !== undefined) return readMessage(id, text.slice(id.length + 1))
  const login = failedLogin.exec(text)
  if (login) return readFailure(text, login[0].length)
  if (text.startsWith('H=')) return readRejection(null, text)
  if (/^(?:Failed to|failed to|unable to|Cannot|cannot) |^exim(?: user)? lost privilege|No space left/.test(text)) return { kind: 'trouble', level: 'error' }
  return known.test(text) || rejected.test(text) ? other : null
}

function readMessage(id: string, text: string): LogEvent | null {
  // that somebody removed it is the end of it, too, and not every version says `Completed` besides
  if (text === 'Completed' || text.startsWith('Completed ') || text.startsWith('removed by ')) return { kind: 'finished', id }
  const mark = text.slice(0, 3)
  const rest = text.slice(3)
  if (mark === '<= ') return readArrival(id, rest)
  if (mark === '=> ' || mark === '-> ' || mark === '>> ') return readOutcome(id, rest, 'sent')
  if (mark === '** ') return readOutcome(id, rest, 'bounced')
  if (mark === '== ') return readOutcome(id, rest, 'deferred')
  if (mark === '*> ') return other
  if (text.startsWith('H=')) return readRejection(id, text)
  return known.test(text) || /^(?:\*= |[\w.-]+ \[|lowest numbered MX|all hosts|routing |remote host|signal |Error |Failed |failed |sender |temporarily rejected|error |LOG:|no )/.test(text) ? other : null
}

/** `<= joe@example.com H=laptop (laptop) [192.0.2.7]:50001 P=esmtpsa X=TLS1.3:… A=plain_login:joe S=1234 id=… T="…"` */
function readArrival(id: string, text: string): LogEvent | null {
  const end = afterWord(text)
  if (end === 0) return null
  const from = text.slice(0, end)
  const fields = readFields(text, end, ['H', 'U', 'R'])
  const size = Number(fields.values.get('S') ?? NaN)
  const [, authenticated] = /^[\w-]{1,60}:([^]*)$/.exec(fields.values.get('A') ?? '') ?? []
  const local = fields.address === null && fields.values.get('P') === 'local' ? `uid ${fields.values.get('U') ?? ''}` : null
  return {
    kind: 'accepted', id, address: fields.address, from: from === '<>' ? '' : from, account: authenticated ?? local,
    size: Number.isSafeInteger(size) ? size : null, recipients: null,
  }
}

/** `=> joe <joe@example.com> R=… T=… H=mx [192.0.2.1] X=… C="250 …"`, and for `==` and `**` what was wrong. */
function readOutcome(id: string, text: string, status: 'sent' | 'deferred' | 'bounced'): LogEvent | null {
  let end = afterWord(text)
  if (end === 0) return null
  let to = text.slice(0, end).replace(/:$/, '')
  if (text.startsWith(' <', end)) {
    const close = afterBrackets(text, end + 1)
    to = text.slice(end + 2, close - 1).includes('@') && !to.includes('@') ? text.slice(end + 2, close - 1) : to
    end = close
  }
  const fields = readFields(text, end, [])
  const said = text.slice(fields.end).replace(/^(?: routing)? defer \(-?\d{1,6}\)(?: DT=\S{1,20})?:? ?/, '').replace(/^[: ]+/, '')
  const tls = fields.values.get('X')
  const enhanced = /\b[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(said.slice(0, 1000))?.[1] ?? enhancedOf(said)
  const took = /^(\d{1,9}(?:\.\d{1,6})?)s$/.exec(fields.values.get('QT') ?? '')?.[1]
  return {
    kind: 'delivery', id, to, status, relay: fields.address === null ? fields.values.get('T') ?? null : `${fields.name ?? ''}[${fields.address}]`,
    delay: took === undefined ? null : Number(took), enhanced: status === 'sent' ? null : enhanced,
    reason: status === 'sent' ? null : reasonOf(enhanced, said), reused: false, internal: false,
    tls: fields.address === null ? undefined : tls === undefined ? null : /^TLSv?(1(?:\.\d)?)(?![\w.])/.exec(tls)?.[1]?.replace(/^/, 'TLSv') ?? 'other',
  }
}

/** `plain_login authenticator failed for (name) [192.0.2.7]:50001: 535 Incorrect authentication data (set_id=joe)` */
function readFailure(text: string, from: number): LogEvent | null {
  host.lastIndex = from
  const match = host.exec(text)
  const rest = match ? text.slice(host.lastIndex) : ''
  const told = /^(?: I=\[[^\]\s]{1,60}\](?::\d{1,5})?)?(?: U=[^\s:]{1,60})?(?: Ci=\d+)?: (\d{3}) (?:\d\.\d\.\d )?Incorrect authentication data(?: \(set_id=([^]*)\))?$/.exec(rest)
  // 435: it could not be found out
  if (!match || !told) return other
  const [, , user = ''] = told
  return { kind: 'login-failed', service: 'smtp', user: user === '' ? null : user, address: match[3] ?? null, attempts: 1, session: null, by: 'exim' }
}

/** `H=name (helo) [192.0.2.7]:50001 F=<joe@example.com> rejected RCPT <ann@example.org>: relay not permitted` */
function readRejection(id: string | null, text: string): LogEvent | null {
  const fields = readFields(text, -1, [])
  if (fields.address === null) return other
  let at = fields.end + 1
  let from: string | null = null
  if (text.startsWith('F=<', at)) {
    const end = afterBrackets(text, at + 2)
    from = text.slice(at + 3, end - 1)
    at = end + 1
    // what was authenticated or encrypted may stand behind the sender, too
    for (let more = /^(?:A|X|CV|SNI|U|P|I)=\S{1,200} /.exec(text.slice(at, at + 220)); more; more = /^(?:A|X|CV|SNI|U|P|I)=\S{1,200} /.exec(text.slice(at, at + 220))) at += more[0].length
  }
  const told = rejected.exec(text.slice(at, at + 80))
  if (!told) return other
  let after = at + told[0].length
  let to: string | null = null
  if (text.startsWith(' <', after)) {
    const end = afterBrackets(text, after + 1)
    to = text.slice(after + 2, end - 1)
    after = end
  }
  const said = text.slice(after).replace(/^(?: in "connect" ACL)?:? ?/, '')
  const reason = reasonOf(enhancedOf(said), said)
  const stage = told[2] === 'after DATA' ? 'END-OF-MESSAGE' : told[2] === 'connection' ? 'CONNECT' : (told[2] ?? '').toUpperCase()
  return { kind: 'refused', stage, id, address: fields.address, from, to, temporary: told[1] !== undefined, enhanced: enhancedOf(said), reason, list: reason === 'blocklist' ? listOf(said) : null }
}

interface Fields {
  /** Verified name and address of the host, when there is one. */
  readonly name: string | null
  readonly address: string | null
  readonly values: ReadonlyMap<string, string>
  /** Where they end. */
  readonly end: number
}

/** In these strangers have their say: nothing behind them is read. */
const foreign = new Set(['T', 'id', 'C', 'DN', 'SNI', 'RT', 'DKIM'])
const field = / ([A-Za-z][A-Za-z0-9]{0,9})=/y

/** ` NAME=value`, one behind the other; `from` -1 when the first has no blank before it. `T=` is a transport only when something was delivered. */
function readFields(text: string, from: number, arrival: readonly string[]): Fields {
  const values = new Map<string, string>()
  let name: string | null = null
  let address: string | null = null
  let end = from
  const padded = from < 0 ? ` ${text}` : text
  let at = from < 0 ? 0 : from
  for (let count = 0; count < 30; count++) {
    field.lastIndex = at
    const [head = '', key = ''] = field.exec(padded) ?? []
    if (head === '' || (foreign.has(key) && !(key === 'T' && arrival.length === 0)) || key === 'F') break
    const start = at + head.length
    if (key === 'H') {
      host.lastIndex = start
      const match = host.exec(padded)
      if (!match) break
      if (address === null) {
        name = match[1] ?? null
        address = match[3] ?? null
      }
      at = host.lastIndex
    } else {
      const stop = padded[start] === '"' ? afterQuotes(padded, start) : nextBlank(padded, start)
      if (!values.has(key)) values.set(key, padded.slice(start, stop).replace(/:$/, ''))
      at = stop
    }
    end = from < 0 ? at - 1 : at
  }
  return { name, address, values, end }
}

function nextBlank(text: string, from: number): number {
  const blank = text.indexOf(' ', from)
  return blank < 0 ? text.length : blank
}

function afterQuotes(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return Math.min(text.length, at + 1)
}

/** The end of an address at the head of the text; a quoted local part may hold blanks. */
function afterWord(text: string): number {
  return nextBlank(text, text.startsWith('"') ? afterQuotes(text, 0) : 0)
}

/** Behind the `>` that ends what begins with `<` at `from`. */
function afterBrackets(text: string, from: number): number {
  const end = text.indexOf('>', text[from + 1] === '"' ? afterQuotes(text, from + 1) : from)
  return end < 0 ? text.length : end + 1
}

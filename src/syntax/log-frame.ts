/**
 * What stands before the message in a line of a log: when, on which host, which program. Syslog has it in two forms, the old
 * one (RFC 3164 §4.1: no year, no time zone) and the new one (RFC 5424 §6); rsyslog writes the old one with a time of RFC 3339;
 * Dovecot and Exim have forms of their own when they write their files themselves.
 */

export interface LogFrame {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly host: string
  /** `postfix/smtpd`, `dovecot`, `exim`; as the line has it. */
  readonly program: string
  readonly pid: string
  readonly text: string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Milliseconds that a line may be ahead of the clock it is read by. */
const ahead = 86_400_000

const old = /^([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))? /
const iso = /^(\d{4})-(\d\d)-(\d\d)([T ])(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d| [+-]\d{4})? /
const priority = /^<\d{1,3}>/
/** Names of hosts and addresses; nothing in which somebody's user name could stand. */
const head = /([\w.:-]{1,255}) ([^\s:[\]()<>]{1,64})(?:\[(\d{1,10})\])?: ?/y
/** RFC 5424: host, application, process, message id, and the start of the structured data. */
const newHead = /(\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} /y
const dovecotHead = /([a-z][\w-]{1,30})(:|[(<])/y
const dovecotLevel = /: (Debug|Info|Warning|Error|Fatal|Panic): /

export class FrameReader {
  readonly #reference: () => Date
  /** The hour that was last read, as it stands in the line, and when it began. */
  #hour = ''
  #hourAt = 0

  /**
   * A line without a year is of the last time before `reference` at which it can have been written. That is asked anew for each
   * hour of the log, because one that is followed goes on.
   */
  constructor(reference: () => Date) {
    this.#reference = reference
  }

  /** Null for what has no head of these forms. */
  read(line: string): LogFrame | null {
    let at = 0
    if (line.startsWith('<')) {
      at = priority.exec(line)?.[0].length ?? 0
      if (line.startsWith('1 ', at)) return this.#readNew(line.slice(at + 2))
    }
    const rest = at === 0 ? line : line.slice(at)
    const first = rest.charCodeAt(0)
    if (first >= 0x30 && first <= 0x39) return this.#readIso(rest)
    const match = old.exec(rest)
    if (!match) return null
    const time = this.#oldTime(match)
    return Number.isNaN(time) ? null : framed(rest, match[0].length, time)
  }

  #readIso(line: string): LogFrame | null {
    const match = iso.exec(line)
    if (!match) return null
    const time = this.#isoTime(match)
    if (Number.isNaN(time)) return null
    if (match[4] === 'T') return framed(line, match[0].length, time)
    return ownDovecot(line, match[0].length, time) ?? ownExim(line, match[0].length, time)
  }

  #readNew(line: string): LogFrame | null {
    const match = iso.exec(line)
    if (match?.[4] !== 'T') return null
    newHead.lastIndex = match[0].length
    const named = newHead.exec(line)
    const time = this.#isoTime(match)
    if (!named || Number.isNaN(time)) return null
    const [, host = '', program = '', pid = ''] = named
    const from = afterStructuredData(line, newHead.lastIndex)
    if (from < 0) return null
    const text = line.startsWith('\u00ef\u00bb\u00bf', from) ? line.slice(from + 3) : line.slice(from) // a BOM says UTF-8
    return { time, host, program, pid: pid === '-' ? '' : pid, text }
  }

  #oldTime([head = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '0']: RegExpExecArray): number {
    const prefix = head.slice(0, 9)
    if (prefix !== this.#hour) {
      this.#hourAt = this.#latest(months.indexOf(month), Number(day), Number(hour))
      this.#hour = prefix
    }
    return this.#hourAt + within(minute, second, fraction)
  }

  /** The latest such hour that is not after the reference; leap days are up to eight years apart. */
  #latest(month: number, day: number, hour: number): number {
    if (month < 0 || day < 1 || day > 31 || hour > 23) return NaN
    const latest = this.#reference().getTime() + ahead
    const year = new Date(latest).getFullYear()
    for (let back = 0; back <= 8; back++) {
      const date = new Date(year - back, month, day, hour)
      if (date.getMonth() === month && date.getDate() === day && date.getTime() <= latest) return date.getTime()
    }
    return NaN
  }

  #isoTime(match: RegExpExecArray): number {
    const [, year = '', month = '', day = '', , hour = '', minute = '', second = '', fraction = '0', zone = ''] = match
    const prefix = `${year}${month}${day}${hour}${zone}`
    if (prefix !== this.#hour) {
      this.#hourAt = hourOf(Number(year), Number(month) - 1, Number(day), Number(hour), zone.trim())
      this.#hour = prefix
    }
    return this.#hourAt + within(minute, second, fraction)
  }
}

function within(minute: string, second: string, fraction: string): number {
  const [minutes, seconds] = [Number(minute), Number(second)]
  if (minutes > 59 || seconds > 60) return NaN
  return minutes * 60_000 + seconds * 1000 + Math.floor(Number(`0.${fraction}`) * 1000)
}

function hourOf(year: number, month: number, day: number, hour: number, zone: string): number {
  if (month < 0 || month > 11 || day < 1 || hour > 23) return NaN
  const utc = Date.UTC(year, month, day, hour)
  if (new Date(utc).getUTCDate() !== day) return NaN
  if (zone === '') return new Date(year, month, day, hour).getTime()
  if (zone === 'Z') return utc
  const digits = zone.replace(':', '')
  const offset = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return utc - (zone.startsWith('-') ? -offset : offset) * 60_000
}

/** Host and program; or none of them, in Dovecot's own file. */
function framed(line: string, from: number, time: number): LogFrame | null {
  const own = ownDovecot(line, from, time)
  if (own) return own
  head.lastIndex = from
  const match = head.exec(line)
  if (!match) return null
  const [, host = '', program = '', pid = ''] = match
  return { time, host, program, pid, text: line.slice(head.lastIndex) }
}

/** `imap-login: Info: Login: user=<…>`: told as it is over syslog, where the level "Info" is not written. */
function ownDovecot(line: string, from: number, time: number): LogFrame | null {
  dovecotHead.lastIndex = from
  const match = dovecotHead.exec(line)
  if (!match) return null
  const level = dovecotLevel.exec(line.slice(from, from + 400))
  if (!level || (match[2] === ':' && level.index !== (match[1] ?? '').length)) return null
  const after = from + level.index + level[0].length
  const shown = level[1] === 'Info' ? '' : `${level[1] ?? ''}: `
  return { time, host: '', program: 'dovecot', pid: '', text: `${line.slice(from, from + level.index)}: ${shown}${line.slice(after)}` }
}

/** `2026-11-23 10:00:05 [1234] 1vN2aB-000abc-1x <= …`; the process is there when `log_selector` has `pid`. */
function ownExim(line: string, from: number, time: number): LogFrame {
  const [all = '', pid = ''] = /^\[(\d{1,10})\] /.exec(line.slice(from, from + 14)) ?? []
  return { time, host: '', program: 'exim', pid, text: line.slice(from + all.length) }
}

/** RFC 5424 §6.3: `-`, or elements in brackets whose values have `"`, `\` and `]` escaped. Below zero when it does not end. */
function afterStructuredData(line: string, from: number): number {
  if (line.startsWith('- ', from)) return from + 2
  if (line.slice(from) === '-') return line.length
  let at = from
  let quoted = false
  while (at < line.length) {
    const character = line[at]
    if (quoted && character === '\\') at++
    else if (character === '"') quoted = !quoted
    else if (!quoted && character === ']' && line[at + 1] !== '[') return Math.min(line.length, at + 2)
    else if (at === from && character !== '[') return -1
    at++
  }
  return -1
}

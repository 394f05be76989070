/**
 * What IMAP servers tell of mailboxes (RFC 9051 §7.3–§7.5): untagged responses made of atoms, numbers, strings in quotes or as
 * literals ("{5}" and then five octets of anything), NIL, and lists of all these in parentheses, such as
 * * LIST (\HasNoChildren \Junk) "/" "Junk mail"    * SEARCH 4 9    * 3 FETCH (UID 9 RFC822.SIZE 812 BODY[]<0> {812} …)
 */

export type ImapValue = string | null | readonly ImapValue[]

/** A response of an untagged kind, its literals among its values. */
export interface ImapResponse {
  /** Upper case: `LIST`, `SEARCH`, `EXISTS`, `FETCH`. */
  readonly kind: string
  /** Of EXISTS, EXPUNGE and FETCH: the number before the kind. */
  readonly number: number | null
  readonly values: readonly ImapValue[]
}

/** Lists within lists; FETCH of the things we ask for has two. */
const deepest = 20

/**
 * The untagged responses in a reply, in order; what cannot be read is left out. Lines as received, without their CRLF: those
 * of a literal are put together again, with LF alone where they kept one.
 */
export function imapResponses(lines: readonly string[]): ImapResponse[] {
  const text = lines.map(line => line.endsWith('\n') ? line : `${line}\r\n`).join('')
  const responses: ImapResponse[] = []
  for (let at = 0; at < text.length;) {
    const read = text.startsWith('* ', at) ? readResponse(text, at + 2) : null
    if (read?.response) responses.push(read.response)
    const end = text.indexOf('\n', read?.end ?? at)
    at = end < 0 ? text.length : end + 1
  }
  return responses
}

function readResponse(text: string, start: number): { response: ImapResponse | null; end: number } {
  const head = /(?:(\d{1,10}) )?([A-Za-z][A-Za-z0-9-]*)/y
  head.lastIndex = start
  const [whole = '', number, kind = ''] = head.exec(text) ?? []
  // the text of a status is for people, and no values
  if (whole === '' || /^(?:OK|NO|BAD|BYE|PREAUTH)$/i.test(kind)) return { response: null, end: start }
  const { values, end } = readValues(text, start + whole.length)
  return { response: { kind: kind.toUpperCase(), number: number === undefined ? null : Number(number), values }, end }
}

/** Up to the end of the line, or to what cannot be read. */
function readValues(text: string, start: number): { values: ImapValue[]; end: number } {
  const values: ImapValue[] = []
  const open: ImapValue[][] = [values]
  const token = / +|([()])|"((?:[^"\\\r\n]|\\[^\r\n])*)"|~?\{(\d{1,10})\+?\}\r?\n|([^\s(){"]+)/y
  let at = start
  for (;;) {
    token.lastIndex = at
    const match = token.exec(text)
    const list = open.at(-1)
    if (!match || !list) break
    const [whole, bracket, quoted, literal, atom] = match
    at += whole.length
    if (bracket === '(') {
      if (open.length > deepest) break
      const inner: ImapValue[] = []
      list.push(inner)
      open.push(inner)
    } else if (bracket === ')') {
      if (open.length === 1) break
      open.pop()
    } else if (quoted !== undefined) list.push(quoted.replace(/\\(.)/g, '$1'))
    else if (literal !== undefined) {
      const octets = Number(literal)
      if (at + octets > text.length) break
      list.push(text.slice(at, at + octets))
      at += octets
    } else if (atom !== undefined) list.push(/^nil$/i.test(atom) ? null : atom)
  }
  return { values, end: at }
}

export interface ImapFolder {
  /** As the server writes it: modified UTF-7, or UTF-8 (RFC 9051 §5.1). */
  readonly name: string
  /** Upper case, with their backslash: `\JUNK` (RFC 6154 §2), `\NOSELECT`. */
  readonly attributes: readonly string[]
}

export function imapFolders(lines: readonly string[]): ImapFolder[] {
  return imapResponses(lines).flatMap(({ kind, values: [attributes, , name] }) =>
    kind === 'LIST' && Array.isArray(attributes) && typeof name === 'string'
      ? [{ name, attributes: attributes.filter(word => typeof word === 'string').map(word => word.toUpperCase()) }] : [])
}

/** The numbers that SEARCH found, ascending; also in the form of ESEARCH (`ALL 2,4:7`, RFC 9051 §7.3.4), ranges bounded. */
export function imapSearch(lines: readonly string[]): number[] {
  const found = new Set<number>()
  for (const { kind, values } of imapResponses(lines)) {
    if (kind === 'SEARCH') for (const value of values) if (typeof value === 'string' && /^\d{1,10}$/.test(value)) found.add(Number(value))
    if (kind !== 'ESEARCH') continue
    const all = values.findIndex(value => typeof value === 'string' && value.toUpperCase() === 'ALL')
    const set = all < 0 ? undefined : values[all + 1]
    if (typeof set === 'string') for (const number of expanded(set, mostFound - found.size)) found.add(number)
  }
  return [...found].toSorted((a, b) => a - b)
}

const mostFound = 100_000

function* expanded(set: string, most: number): Generator<number> {
  let count = 0
  for (const part of set.split(',')) {
    const [, from, to] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part) ?? []
    if (from === undefined) continue
    const [low, high] = [Number(from), Number(to ?? from)].toSorted((a, b) => a - b) as [number, number]
    for (let number = low; number <= high && count < most; number++, count++) yield number
  }
}

export interface ImapFetched {
  readonly uid: number | null
  /** RFC822.SIZE: octets of the whole message. */
  readonly size: number | null
  /** INTERNALDATE: when the server took it in. */
  readonly arrived: Date | null
  /** BODY[…]: octets; null when it was not sent. */
  readonly body: string | null
}

export function imapFetched(lines: readonly string[]): ImapFetched[] {
  return imapResponses(lines).flatMap(({ kind, values: [items] }) => kind === 'FETCH' && Array.isArray(items) ? [fetched(items as readonly ImapValue[])] : [])
}

function fetched(items: readonly ImapValue[]): ImapFetched {
  const named = new Map<string, ImapValue>()
  for (let i = 0; i < items.length;) {
    // "BODY[HEADER.FIELDS (DATE)]" is written as several words
    const name = String(items[i++])
    if (name.includes('[') && !name.includes(']')) for (let closed = false; !closed && i < items.length; i++) closed = items[i]?.includes(']') === true && !Array.isArray(items[i])
    named.set(name.toUpperCase().replace(/\[.*$/s, ''), items[i++] ?? null)
  }
  const number = (name: string): number | null => {
    const value = named.get(name)
    return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null
  }
  const body = named.get('BODY')
  return { uid: number('UID'), size: number('RFC822.SIZE'), arrived: imapDate(named.get('INTERNALDATE')), body: typeof body === 'string' ? body : null }
}

/** `23-Nov-2026 10:00:00 +0000` (RFC 9051 §9, date-time). */
function imapDate(value: ImapValue | undefined): Date | null {
  const [, day = '', month = '', year = '', time = '', sign = '', hours = '', minutes = ''] =
    typeof value === 'string' ? /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d:\d\d:\d\d) ([+-])(\d\d)(\d\d)$/.exec(value) ?? [] : []
  const date = new Date(`${year}-${String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0')}-${day.padStart(2, '0')}T${time}${sign}${hours}:${minutes}`)
  return Number.isNaN(date.getTime()) ? null : date
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Text as a quoted string (RFC 9051 §4.3); null for what only a literal could carry. */
export function imapQuoted(text: string): string | null {
  return /[\0\r\n]/.test(text) ? null : `"${text.replace(/["\\]/g, '\\$&')}"`
}

/** The number of messages in the mailbox, when a line tells it. */
export function existsOf(line: string): number | null {
  const [, number] = /^\* (\d{1,10}) EXISTS\b/i.exec(line) ?? []
  return number === undefined ? null : Number(number)
}

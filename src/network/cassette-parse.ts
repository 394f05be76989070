/** Text -> cassette. Never throws: what cannot be read is an error with its line, and is left out. */
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import { recordType, typeNumber } from '../syntax/record-type.ts'
import { maxZoneErrors, parseZone } from '../syntax/zone.ts'
import type { Cassette, CassetteError, PageTake, QuestionTake, ScopeTake } from './cassette.ts'
import { contentName } from './cassette-format.ts'
import type { Answer, Endpoint, Failure, FailureEvent, HttpRequest, Question, TlsSession } from './network.ts'
import { firstLine, parseExtendedError, parseFailure, parseNumber, parseWords, unescapeText, type Word } from './notation.ts'
import { offerAnswer, parseTlsMark, parseTranscript, tlsSession, type Line, type MarkedStep, type SessionTake, type Step, type TlsMark } from './transcript.ts'

interface Block { readonly head: Line; readonly words: readonly Word[]; readonly body: readonly Line[] }

export function parseCassette(text: string): { cassette: Cassette; errors: CassetteError[] } {
  const reader = new Reader()
  const cassette = reader.read(text)
  return { cassette, errors: reader.errors.toSorted((a, b) => a.line - b.line) }
}

class Reader {
  readonly errors: CassetteError[] = []
  readonly #certificates = new Map<string, string>()
  readonly #ocsp = new Map<string, string>()

  read(text: string): Cassette {
    const lines = text.replaceAll('\r', '').split('\n').map((line, i): Line => ({ text: line, number: i + 1 }))
    const cassette = { startedAt: new Date(0), scopes: [] as ScopeTake[], questions: [] as QuestionTake[], sessions: [] as SessionTake[], pages: [] as PageTake[] }
    if (lines[0]?.text.trimEnd() !== firstLine) {
      const [, version] = /^mailcheck cassette (\d{1,9})\s*$/.exec(lines[0]?.text ?? '') ?? []
      this.#error(1, version === undefined ? `this is no cassette: its first line is not "${firstLine}"` : `this recording is of version ${version}, and this mailcheck reads version 1`)
      return cassette
    }
    const blocks = this.#blocks(lines.slice(1))
    this.#whole(lines, blocks)
    for (const { head, words, body } of blocks) { // named by what comes before, so they are read first
      const [kind, name] = words
      if (kind?.text !== 'certificate' && kind?.text !== 'ocsp') continue
      const base64 = body.filter(({ text }) => !text.includes('-----')).map(({ text }) => text.trim()).join('')
      if (!name || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) this.#error(head.number, 'expected a name, and base64 below it')
      else if (/^[0-9a-f]{16}$/.test(name.text) && contentName(base64) !== name.text) this.#error(head.number, `${kind.text} ${name.text} is not what was recorded: it is cut off, or was changed`)
      else (kind.text === 'ocsp' ? this.#ocsp : this.#certificates).set(name.text, base64)
    }
    for (const { head, words, body } of blocks) {
      const [kind, ...rest] = words
      switch (kind?.text) {
        case 'start': {
          const startedAt = new Date(rest[0]?.text ?? '')
          if (Number.isNaN(startedAt.getTime())) this.#error(head.number, 'expected a time, like 2026-11-22T10:00:00.000Z')
          else cassette.startedAt = startedAt
          break
        }
        case 'scope':
          cassette.scopes.push(...this.#scope(head, rest, body))
          break
        case 'question':
          cassette.questions.push(...this.#question(head, rest, body))
          break
        case 'session':
          cassette.sessions.push(...this.#session(head, rest, body))
          break
        case 'page':
          cassette.pages.push(...this.#page(head, rest, body))
          break
        case 'certificate':
        case 'ocsp':
        case 'end':
          break
        default:
          this.#error(head.number, `expected start, scope, question, session, page, certificate or ocsp: ${head.text.slice(0, 80)}`)
      }
    }
    return cassette
  }

  #error(line: number, message: string): void {
    this.errors.push({ line, message })
  }

  /** What tells how much it holds tells also where it ends. */
  #whole(lines: readonly Line[], blocks: readonly Block[]): void {
    const told = blocks.find(({ words }) => words[0]?.text === 'start')?.words.find(({ key }) => key === 'exchanges')?.text
    const last = blocks.at(-1)
    if (told === undefined || (last?.words[0]?.text === 'end' && last.body.length === 0)) return
    const held = blocks.filter(({ words: [kind] }) => ['question', 'session', 'page'].includes(kind?.text ?? '')).length
    const line = lines.findLast(({ text }) => text.trim() !== '')?.number ?? 1
    const end = blocks.find(({ words: [kind] }) => kind?.text === 'end')
    this.#error(end?.head.number ?? line, end ? 'something stands behind the end of the recording' : `the recording is cut off here: it has no "end", and ${held} of ${told.slice(0, 15)} exchanges`)
  }

  #scope(head: Line, [domain]: readonly Word[], body: readonly Line[]): ScopeTake[] {
    if (domain === undefined) {
      this.#error(head.number, 'expected: scope DOMAIN')
      return []
    }
    const settings = body.flatMap(({ text, number }): [string, unknown][] => {
      const [, name, json] = /^\s*([A-Za-z]{1,40}) (.+)$/s.exec(text) ?? []
      try {
        if (name !== undefined && json !== undefined) return [[name, JSON.parse(unescapeText(json))]]
      } catch {
        // told below
      }
      this.#error(number, `expected the name of a setting and its value in JSON: ${text.trim().slice(0, 80)}`)
      return []
    })
    return [{ domain: domain.text, settings: Object.fromEntries(settings) }]
  }

  #blocks(lines: readonly Line[]): Block[] {
    const blocks: (Block & { body: Line[] })[] = []
    for (const line of lines) {
      if (line.text.trim() === '' || line.text.trimStart().startsWith(';')) continue
      const last = blocks.at(-1)
      if (!/^\s/.test(line.text)) blocks.push({ head: line, words: parseWords(line.text) ?? [], body: [] })
      else if (last) last.body.push(line)
      else this.#error(line.number, 'an indented line belongs below a question, a session, a page or a certificate')
    }
    return blocks
  }

  #question(head: Line, [name, type, ...rest]: readonly Word[], body: readonly Line[]): QuestionTake[] {
    if (!name?.text.endsWith('.') || !type) {
      this.#error(head.number, 'expected: question NAME. TYPE [@SERVER] [tcp] [cd]')
      return []
    }
    const number = typeNumber(type.text)
    if (number === null) {
      this.#error(head.number, `${type.text.slice(0, 40)} is no record type that is known here`)
      return []
    }
    const server = rest.find(({ text }) => text.startsWith('@'))?.text.slice(1)
    const said = (word: string): boolean => rest.some(({ text }) => text === word)
    const question: Question = {
      name: name.text.slice(0, -1), type: recordType(number), ...(server === undefined ? {} : { server }),
      ...(said('tcp') ? { transport: 'tcp' } : {}), ...(said('cd') ? { checkingDisabled: true } : {}),
    }
    const [first, ...lines] = body
    const words = markWords(first)
    const problem = words && parseFailure(words, event => questionFailure(event, name.text))
    if (problem) return [{ question, outcome: { problem } }]
    const told = words && parseAnswerMark(words)
    if (!told) {
      this.#error(first?.number ?? head.number, 'expected: * NOERROR|NXDOMAIN … , or how the question failed')
      return []
    }
    const sections = { answer: [] as Line[], aliases: [] as Line[], signatures: [] as Line[], authority: [] as Line[] }
    let section: Line[] = sections.answer
    for (const line of lines) {
      const [word] = markWords(line) ?? []
      if (!word) section.push(line)
      else if (word.text === 'aliases' || word.text === 'signatures' || word.text === 'authority') section = sections[word.text]
      else this.#error(line.number, `no such section: ${word.text.slice(0, 40)}`)
    }
    const { rcode, ...how } = told
    const value: Answer = { // in the order of the interface, so that a report with facts is the same to the octet
      question, rcode, records: this.#records(sections.answer, question.type), aliases: this.#records(sections.aliases, 'CNAME'),
      authority: this.#records(sections.authority), signatures: this.#records(sections.signatures, 'RRSIG'), ...how,
    }
    return [{ question, outcome: { value } }]
  }

  /**
   * Line by line, so that an error knows its line, and one bad record hides no other. Of `type` alone, when it is given: whoever
   * asked for MX reads what comes as MX.
   */
  #records<T extends RecordType>(lines: readonly Line[], type?: T): DnsRecord<T>[] {
    return lines.flatMap(({ text, number }) => {
      if (this.errors.length >= maxZoneErrors) return []
      const { records, errors, special } = parseZone(text.trim(), { origin: '' })
      for (const { message } of errors) this.#error(number, message)
      for (const { word } of special) this.#error(number, `(${word}) belongs in a zone; a cassette says "* …" under its question`)
      const stray = type === undefined ? undefined : records.find(record => record.type !== type)
      if (stray) this.#error(number, `${stray.type} does not belong here: expected ${type ?? ''}`)
      return stray ? [] : records as DnsRecord<T>[]
    })
  }

  #session(head: Line, [name, mode, ...rest]: readonly Word[], body: readonly Line[]): SessionTake[] {
    const endpoint = parseEndpoint(name?.text ?? '', mode?.text)
    if (!endpoint) {
      this.#error(head.number, 'expected: session HOST[ADDRESS]:PORT starttls|implicit [for PURPOSE]')
      return []
    }
    const { take, errors } = parseTranscript(body, endpoint)
    this.errors.push(...errors)
    const purpose = rest[0]?.text === 'for' ? rest[1]?.text : undefined
    return [{ ...take, ...(purpose === undefined ? {} : { purpose }), steps: take.steps.map(step => this.#step(step)) }]
  }

  #step(step: MarkedStep): Step {
    if (step.kind === 'tls') return { kind: 'tls', tls: this.#tls(step.mark, step.line) }
    if (step.kind !== 'offered') return step
    const { hello, mark, line } = step
    return { kind: 'offered', hello, answer: offerAnswer(mark, mark.accepted ? this.#find(mark.certificates ?? [], this.#certificates, line) : []) }
  }

  #tls(mark: TlsMark, line: number): TlsSession {
    const [ocsp = null] = mark.ocsp === null ? [] : this.#find([mark.ocsp], this.#ocsp, line)
    return tlsSession(mark, this.#find(mark.certificates ?? [], this.#certificates, line), ocsp)
  }

  #find(names: readonly string[], held: ReadonlyMap<string, string>, line: number): string[] {
    return names.flatMap(name => {
      const base64 = held.get(name)
      if (base64 !== undefined) return [base64]
      this.#error(line, `there is no certificate or OCSP response called ${name.slice(0, 40)}`)
      return []
    })
  }

  #page(head: Line, words: readonly Word[], body: readonly Line[]): PageTake[] {
    const url = words.at(-1)?.text
    if (url === undefined) {
      this.#error(head.number, 'expected: page [POST] URL')
      return []
    }
    const sent = headersOf(body, '> ')
    const sentBody = bodyOf(body, '>|')
    const request: HttpRequest = {
      ...(words.length > 1 && words[0]?.text === 'POST' ? { method: 'POST' } : {}),
      ...(Object.keys(sent).length > 0 ? { headers: sent } : {}), ...(sentBody === null ? {} : { body: sentBody }),
    }
    const marks = body.flatMap(line => {
      const parts = markWords(line)
      return parts ? [{ line, parts }] : []
    })
    const [first] = marks
    const problem = first && parseFailure(first.parts, event => pageFailure(event, url))
    if (problem) return [{ url, request, outcome: { problem } }]
    const status = parseNumber(first?.parts[0]?.text)
    if (!first || status === null) {
      this.#error(first?.line.number ?? head.number, 'expected: * STATUS from ADDRESS N ms, or how the exchange failed')
      return []
    }
    const handshake = marks.find(({ parts }) => parts[0]?.text === 'tls')
    const tls = handshake && parseTlsMark(handshake.parts.slice(1), hostOf(url))
    return [{
      url, request,
      outcome: {
        value: {
          url, status, headers: headersOf(body, '< '), body: bodyOf(body, '|') ?? '', address: after(first.parts, 'from') ?? '',
          tls: tls ? this.#tls(tls, handshake.line.number) : undefined, elapsed: parseNumber(before(first.parts, 'ms')) ?? 0,
        },
      },
    }]
  }
}

/** The words of a `*` line; null for any other line, such as the record of a wildcard, `*.example.com. …`. */
function markWords(line: Line | undefined): Word[] | null {
  const text = line?.text.trim() ?? ''
  return /^\*(?:\s|$)/.test(text) ? parseWords(text.slice(1)) : null
}

/** `NOERROR 12 ms udp 96 octets from 127.0.0.53:53 ad-trusted secure` */
function parseAnswerMark(words: readonly Word[]): Omit<Answer, 'question' | 'records' | 'aliases' | 'authority' | 'signatures'> | null {
  const rcode = words[0]?.text
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return null
  const said = (word: string): boolean => words.some(({ text, key }) => key === null && text === word)
  return {
    rcode, secure: said('secure'), adTrusted: said('ad-trusted'), authoritative: said('authoritative'),
    origin: said('planned') ? 'planned' : 'live', resolver: after(words, 'from') ?? '', transport: said('tcp') ? 'tcp' : 'udp',
    octets: parseNumber(before(words, 'octets')) ?? 0, elapsed: parseNumber(before(words, 'ms')) ?? 0,
    extendedErrors: words.filter(({ key }) => key === 'ede').flatMap(({ text }) => parseExtendedError(text)),
  }
}

function after(words: readonly Word[], word: string): string | undefined {
  const i = words.findIndex(({ text }) => text === word)
  return i < 0 ? undefined : words[i + 1]?.text
}

function before(words: readonly Word[], word: string): string | undefined {
  const i = words.findIndex(({ text }) => text === word)
  return i < 1 ? undefined : words[i - 1]?.text
}

/** `mx1.example.com[192.0.2.1]:25`; a name in the DNS may hold brackets of its own. */
export function parseEndpoint(name: string, tls: string | undefined): Endpoint | null {
  const match = /^(.*)\[([0-9A-Fa-f:.]+)\]:(\d{1,5})$/s.exec(name)
  if (!match || (tls !== 'starttls' && tls !== 'implicit')) return null
  return { host: match[1] ?? '', address: match[2] ?? '', port: Number(match[3]), tls }
}

function headersOf(body: readonly Line[], begin: string): Record<string, string> {
  const headers: [string, string][] = []
  for (const { text } of body) {
    const line = text.trimStart()
    const match = line.startsWith(begin) ? /^([^:]+): ?(.*)$/s.exec(line.slice(begin.length)) : null
    if (match) headers.push([unescapeText(match[1] ?? ''), unescapeText(match[2] ?? '')])
  }
  return Object.fromEntries(headers)
}

function bodyOf(body: readonly Line[], begin: string): string | null {
  const lines = body.map(({ text }) => text.trimStart()).filter(line => line.startsWith(begin))
  return lines.length === 0 ? null : lines.map(line => unescapeText(line.slice(begin.length).replace(/^ /, ''))).join('\n')
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

/** What a failure that is only named means for a question. */
function questionFailure(event: FailureEvent, name: string): Omit<Failure, 'event'> {
  switch (event) {
    case 'timeout':
      return { reason: 'dns-timeout', detail: `no answer for ${name}` }
    case 'rcode':
      return { reason: 'dns-servfail', detail: `SERVFAIL for ${name}` }
    case 'refused':
      return { reason: 'resolver-refused', detail: `REFUSED for ${name}` }
    case 'malformed':
      return { reason: 'dns-malformed', detail: `the answer for ${name} cannot be read` }
    default:
      return { reason: 'not-recorded', detail: `no answer for ${name}` }
  }
}

/** What a failure that is only named means for a page. */
export function pageFailure(event: FailureEvent, url: string): Omit<Failure, 'event'> {
  switch (event) {
    case 'timeout':
      return { reason: 'connect-timeout', detail: `no answer from ${url} in time` }
    case 'too-long':
      return { reason: 'tarpit', detail: `${url} sent more than the limits allow` }
    case 'unavailable':
      return { reason: 'not-recorded', detail: `${url} is not recorded` }
    default:
      return { reason: 'connection-lost', detail: `no answer from ${url}` }
  }
}

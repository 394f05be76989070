/**
 * What others report of a domain's mail, in whatever it comes: XML or JSON, packed with gzip or zip, attached to a mail or as a
 * file by itself. It is told apart by its first octets, since names and media types are wrong too often. Bounded in octets and
 * in how often a thing may be packed within another; what says nothing is set aside, with the reason.
 */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { dmarcReportSteps, type DmarcReport, type Unreadable } from './dmarc-report.ts'
import { parseFailureReport, type FailureReport } from './failure-report.ts'
import { leavesOf, mimeSteps, type MimePart } from './mime.ts'
import { atOnce, type Steps } from './steps.ts'
import { parseTlsReport, type TlsReport } from './tls-report.ts'
import { isZip, mostUnpacked, zipSteps, type ZipLimits } from './zip.ts'

export type ReceivedReport = DmarcReport | TlsReport | FailureReport

export interface SetAside extends Unreadable {
  /** The file, and the way into it: `box.mbox, report.zip, a.xml`. Names that others gave stand in it as they are. */
  readonly where: string
}

export interface ReadReports {
  readonly reports: readonly ReceivedReport[]
  readonly setAside: readonly SetAside[]
}

/** Octets of a file or message, and of what is unpacked from it. */
export const mostOctets = 64 * 1024 * 1024
const mostMessagesWithin = 3
/** Seconds that the clock of a receiver may be ahead. */
const tolerance = 2 * 86_400
const tooMuch = `what comes with it has ${mostOctets} octets when unpacked: the rest is not looked at`

/** Who reports what, once: a report that is read again has the same. */
export function reportKey(report: ReceivedReport): string {
  const { kind, org, id } = report
  const about = kind === 'dmarc' ? report.domain : kind === 'tls' ? '' : `${report.domain} ${report.type} ${report.source ?? ''} ${report.at ?? ''}`
  return createHash('sha256').update(JSON.stringify([kind, org.toLowerCase(), about, id])).digest('base64url').slice(0, 22)
}

/** Up to when it tells, in seconds since 1970; null where nobody says. */
export function endOf(report: ReceivedReport): number | null {
  return report.kind === 'failure' ? report.at : report.end
}

/** Nobody can report on days to come: a clock is wrong, or somebody would have all that is told after it look old. */
export function isOfTheFuture(report: ReceivedReport, now: Date): boolean {
  return (endOf(report) ?? 0) > now.getTime() / 1000 + tolerance
}

/** The reports in the octets of one file or message. `line` is where they begin in their file. Never throws. */
export function readReports(octets: Uint8Array, where: string): ReadReports {
  return atOnce(reportSteps(octets, where))
}

/** The same in steps: the largest takes seconds. */
export function* reportSteps(octets: Uint8Array, where: string): Steps<ReadReports> {
  const found = new Found()
  yield* found.look(octets, where, { packed: false, messages: 0 })
  return found
}

interface Depth {
  /** It comes out of an archive. */
  readonly packed: boolean
  readonly messages: number
}

class Found implements ReadReports {
  readonly reports: ReceivedReport[] = []
  readonly setAside: SetAside[] = []
  /** Of all archives: a mail can have hundreds of them attached, each as large as may be. */
  readonly #limits: ZipLimits = { entries: 100, budget: { octets: mostOctets }, ratio: 250 }

  #take(read: { readonly report: ReceivedReport; readonly leftOut: readonly Unreadable[] } | Unreadable, where: string): void {
    if ('reason' in read) {
      this.#aside(where, read.reason, read.line)
      return
    }
    this.reports.push(read.report)
    for (const { line, reason } of read.leftOut) this.#aside(where, reason, line)
  }

  * look(octets: Uint8Array, where: string, depth: Depth): Steps<void> {
    const start = Buffer.from(octets.subarray(0, 2000)).toString('latin1').replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replace(/[\s\0]+/g, ' ').trimStart()
    const isGzip = octets[0] === 0x1f && octets[1] === 0x8b
    if (octets.length > mostOctets) this.#aside(where, `it has more than ${mostOctets} octets`)
    else if (octets.length === 0) this.#aside(where, 'it is empty')
    else if (isGzip || isZip(octets)) {
      if (depth.packed) this.#aside(where, 'it is packed twice over')
      else if (this.#limits.budget.octets <= 0) this.#aside(where, tooMuch)
      else if (isGzip) yield* this.#gunzip(octets, where, { ...depth, packed: true })
      else yield* this.#unzip(octets, where, { ...depth, packed: true })
    } else if (start.startsWith('<')) this.#take(yield* dmarcReportSteps(octets), where)
    else if (start.startsWith('{')) this.#take(parseTlsReport(octets), where)
    else if (/^(?:From )?[!-9;-~]+[ \t]*:/.test(start) || start.startsWith('From ')) yield* this.#message(octets, where, depth)
    else this.#aside(where, 'it is neither XML, JSON, gzip, zip nor a message')
  }

  * #gunzip(octets: Uint8Array, where: string, inside: Depth): Steps<void> {
    const { budget } = this.#limits
    const most = mostUnpacked(octets.length, this.#limits)
    let content: Uint8Array
    try {
      content = gunzipSync(octets, { maxOutputLength: most })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ERR_BUFFER_TOO_LARGE') {
        budget.octets -= most
        this.#aside(where, `it is more than ${most} octets when unpacked, packed ${octets.length}: more than a report may be`)
      } else if (code?.startsWith('Z_')) this.#aside(where, code === 'Z_BUF_ERROR' ? 'it cannot be unpacked: it is cut off' : 'it cannot be unpacked: it is damaged')
      else throw error
      return
    }
    budget.octets -= content.length
    yield
    yield* this.look(content, where, inside)
  }

  * #unzip(octets: Uint8Array, where: string, inside: Depth): Steps<void> {
    const entries = yield* zipSteps(octets, this.#limits)
    if ('problem' in entries) {
      this.#aside(where, entries.problem)
      return
    }
    if (entries.length === 0) this.#aside(where, 'the zip archive is empty')
    for (const { name, content } of entries) {
      const place = `${where}, ${named(name)}`
      if ('problem' in content) this.#aside(place, content.problem)
      else yield* this.look(content, place, inside)
    }
  }

  * #message(octets: Uint8Array, where: string, depth: Depth): Steps<void> {
    if (depth.packed || depth.messages >= mostMessagesWithin) {
      this.#aside(where, 'it is a message within too many others, or in an archive')
      return
    }
    const message = yield* mimeSteps(octets)
    for (const reason of message.leftOut) this.#aside(where, reason)
    const failure = parseFailureReport(message)
    if (failure) {
      if ('reason' in failure) this.#aside(where, failure.reason, failure.line)
      else this.reports.push(failure.id === '' ? { ...failure, id: createHash('sha256').update(octets).digest('hex') } : failure)
      return
    }
    const candidates = leavesOf(message).filter(mayBeReport)
    for (const part of candidates) {
      yield
      yield* this.look(part.body, part.name === null ? where : `${where}, ${named(part.name)}`, { ...depth, messages: depth.messages + 1 })
    }
    if (candidates.length === 0) this.#aside(where, message.fields.length === 0 ? 'it is no message: it has no header' : 'the message has no report attached')
  }

  #aside(where: string, reason: string, line: number | null = null): void {
    this.setAside.push({ where, line, reason })
  }
}

/** A name that came as octets. */
function named(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8').slice(0, 200)
}

/** What people write beside a report is none; an attachment of some other kind is told of. */
function mayBeReport({ type, name, body }: MimePart): boolean {
  const start = Buffer.from(body.subarray(0, 100)).toString('latin1').trimStart()
  const packed = (body[0] === 0x1f && body[1] === 0x8b) || isZip(body)
  return packed || type === 'message/rfc822' || /^(?:<\?xml|<feedback|\{)/.test(start.replace(/^\xef\xbb\xbf/, ''))
    || /^application\/(?:gzip|x-gzip|zip|x-zip-compressed|xml|tlsrpt\+(?:gzip|json)|json)$/.test(type) || (name !== null && /\.(?:xml|json|gz|zip)$/i.test(name))
}

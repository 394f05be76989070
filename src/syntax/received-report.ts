/**
 * What others report of a domain's mail, in whatever it comes: XML or JSON, packed with gzip or zip, attached to a mail or as a
 * file by itself. It is told apart by its first octets, since names and media types are wrong too often. Bounded in octets and
 * in how often a thing may be packed within another; what says nothing is set aside, with the reason.
 */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { parseDmarcReport, type DmarcReport, type Unreadable } from './dmarc-report.ts'
import { parseFailureReport, type FailureReport } from './failure-report.ts'
import { leavesOf, parseMime, type MimePart } from './mime.ts'
import { parseTlsReport, type TlsReport } from './tls-report.ts'
import { isZip, mostUnpacked, readZip } from './zip.ts'

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
const limits = { entries: 100, octets: mostOctets, ratio: 250 }
const mostMessagesWithin = 3
const tooMuch = `what comes with it has ${mostOctets} octets when unpacked: the rest is not looked at`

/** Who reports what, once: a report that is read again has the same. */
export function reportKey(report: ReceivedReport): string {
  const { kind, org, id } = report
  const about = kind === 'dmarc' ? report.domain : kind === 'tls' ? '' : `${report.domain} ${report.type} ${report.source ?? ''} ${report.at ?? ''}`
  return createHash('sha256').update(JSON.stringify([kind, org.toLowerCase(), about, id])).digest('base64url').slice(0, 22)
}

/** The reports in the octets of one file or message. `line` is where they begin in their file. Never throws. */
export function readReports(octets: Uint8Array, where: string): ReadReports {
  const found = new Found()
  found.look(octets, where, { packed: false, messages: 0 })
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
  /** Octets that may still be unpacked: a mail can have hundreds of archives attached, each as large as may be. */
  #left = mostOctets

  look(octets: Uint8Array, where: string, depth: Depth): void {
    const start = Buffer.from(octets.subarray(0, 2000)).toString('latin1').replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').replace(/[\s\0]+/g, ' ').trimStart()
    if (octets.length > mostOctets) this.#aside(where, `it has more than ${mostOctets} octets`)
    else if (octets.length === 0) this.#aside(where, 'it is empty')
    else if (octets[0] === 0x1f && octets[1] === 0x8b) this.#gunzip(octets, where, depth)
    else if (isZip(octets)) this.#unzip(octets, where, depth)
    else if (start.startsWith('<')) this.#take(parseDmarcReport(octets), where)
    else if (start.startsWith('{')) this.#take(parseTlsReport(octets), where)
    else if (/^(?:From )?[!-9;-~]+[ \t]*:/.test(start) || start.startsWith('From ')) this.#message(octets, where, depth)
    else this.#aside(where, 'it is neither XML, JSON, gzip, zip nor a message')
  }

  #take(read: { readonly report: ReceivedReport; readonly leftOut: readonly Unreadable[] } | Unreadable, where: string): void {
    if ('reason' in read) {
      this.#aside(where, read.reason, read.line)
      return
    }
    this.reports.push(read.report)
    for (const { line, reason } of read.leftOut) this.#aside(where, reason, line)
  }

  #gunzip(octets: Uint8Array, where: string, depth: Depth): void {
    if (depth.packed) {
      this.#aside(where, 'it is packed twice over')
      return
    }
    if (this.#left <= 0) {
      this.#aside(where, tooMuch)
      return
    }
    const most = mostUnpacked(octets.length, { ...limits, octets: this.#left })
    try {
      const content = gunzipSync(octets, { maxOutputLength: most })
      this.#left -= content.length
      this.look(content, where, { ...depth, packed: true })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ERR_BUFFER_TOO_LARGE') this.#left -= most
      if (code === 'ERR_BUFFER_TOO_LARGE') this.#aside(where, `it is more than ${most} octets when unpacked, packed ${octets.length}: more than a report may be`)
      else if (code?.startsWith('Z_')) this.#aside(where, code === 'Z_BUF_ERROR' ? 'it cannot be unpacked: it is cut off' : 'it cannot be unpacked: it is damaged')
      else throw error
    }
  }

  #unzip(octets: Uint8Array, where: string, depth: Depth): void {
    if (depth.packed) {
      this.#aside(where, 'it is packed twice over')
      return
    }
    if (this.#left <= 0) {
      this.#aside(where, tooMuch)
      return
    }
    const entries = readZip(octets, { ...limits, octets: this.#left })
    if ('problem' in entries) {
      this.#aside(where, entries.problem)
      return
    }
    if (entries.length === 0) this.#aside(where, 'the zip archive is empty')
    for (const { name, content } of entries) {
      const inside = `${where}, ${named(name)}`
      if ('problem' in content) this.#aside(inside, content.problem)
      else {
        this.#left -= content.length
        this.look(content, inside, { ...depth, packed: true })
      }
    }
  }

  #message(octets: Uint8Array, where: string, depth: Depth): void {
    if (depth.packed || depth.messages >= mostMessagesWithin) {
      this.#aside(where, 'it is a message within too many others, or in an archive')
      return
    }
    const message = parseMime(octets)
    const failure = parseFailureReport(message)
    if (failure) {
      if ('reason' in failure) this.#aside(where, failure.reason, failure.line)
      else this.reports.push(failure.id === '' ? { ...failure, id: createHash('sha256').update(octets).digest('hex') } : failure)
      return
    }
    const candidates = leavesOf(message).filter(mayBeReport)
    for (const part of candidates) {
      this.look(part.body, part.name === null ? where : `${where}, ${named(part.name)}`, { ...depth, messages: depth.messages + 1 })
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

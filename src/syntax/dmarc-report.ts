/**
 * DMARC aggregate reports (RFC 7489 appendix C, RFC 9990 §3): once a day a receiver tells the owner of a domain who sent mail
 * with it in From. XML: report_metadata says who reports on which days, policy_published which policy was found, and each
 * record a source address, the number of its messages, and what SPF, DKIM and DMARC made of them. RFC 9990 has a namespace,
 * np, testing and discovery_method, and the disposition "pass"; many reports are a mixture of both.
 */
import { isIP } from 'node:net'
import { SaxesParser } from 'saxes'
import { canonicalIpv6 } from './address.ts'
import { domainName } from './author.ts'
import { atOnce, type Steps } from './steps.ts'

export type Disposition = 'none' | 'pass' | 'quarantine' | 'reject'

export interface DmarcReport {
  readonly kind: 'dmarc'
  readonly form: 'RFC 7489' | 'RFC 9990'
  /** Who reports; the address where there is no name. */
  readonly org: string
  readonly id: string
  /** Seconds since 1970. */
  readonly begin: number
  readonly end: number
  /** Where the policy was found: A-labels, lower case. */
  readonly domain: string
  readonly policy: PublishedPolicy
  readonly rows: readonly DmarcRow[]
}

/** As the receiver read it; null for what it does not say. */
export interface PublishedPolicy {
  readonly p: string | null
  readonly sp: string | null
  readonly np: string | null
  readonly pct: number | null
  readonly testing: boolean
}

export interface DmarcRow {
  /** An address in its shortest form. */
  readonly source: string
  /** Messages. */
  readonly count: number
  readonly disposition: Disposition
  /** Aligned and passed, by what the receiver says. */
  readonly dkim: 'pass' | 'fail'
  readonly spf: 'pass' | 'fail'
  /** Why the disposition is not what the policy asks for: forwarded, mailing_list, local_policy … */
  readonly reasons: readonly string[]
  readonly headerFrom: string
  readonly envelopeFrom: string | null
  readonly signatures: readonly { readonly domain: string; readonly selector: string | null; readonly result: string }[]
  readonly senders: readonly { readonly domain: string; readonly result: string }[]
}

/** A part of a file, or all of it, that says nothing: with the line where that is seen, when there is one. */
export interface Unreadable {
  /** From 1. */
  readonly line: number | null
  readonly reason: string
}

export interface ReadDmarcReport {
  readonly report: DmarcReport
  /** Records that are left out. */
  readonly leftOut: readonly Unreadable[]
}

const mostDepth = 16
const mostRows = 200_000
const mostResults = 100
const mostLeftOut = 100
/** Characters kept of a value; what is longer is no value of these. */
const longestValue = 1000
/** Characters of the name of an element: the path of each is put together anew at every one within it. */
const longestName = 200
const pieceOctets = 65_536
/** RFC 9990 §3. */
const namespace = 'urn:ietf:params:xml:ns:dmarc-2.0'

class Stop extends Error {}

/** Never throws. */
export function parseDmarcReport(octets: Uint8Array): ReadDmarcReport | Unreadable {
  return atOnce(dmarcReportSteps(octets))
}

/** The same in steps of so many octets. */
export function* dmarcReportSteps(octets: Uint8Array): Steps<ReadDmarcReport | Unreadable> {
  const parser = new SaxesParser()
  const reading = new Reading()
  parser.on('error', error => {
    throw new Stop(error.message.replace(/^\d+:\d+: /, '').slice(0, 200))
  })
  parser.on('doctype', () => {
    throw new Stop('a DOCTYPE has no place in it')
  })
  parser.on('opentag', ({ name, attributes }) => reading.open(name, attributes, parser.line))
  const take = (text: string): void => reading.text(text)
  parser.on('text', take)
  parser.on('cdata', take)
  parser.on('closetag', () => reading.close())
  try {
    const decoder = decoderFor(octets)
    for (let at = 0; at < octets.length; at += pieceOctets) {
      parser.write(decoder.decode(octets.subarray(at, at + pieceOctets), { stream: true }))
      yield
    }
    parser.write(decoder.decode()).close()
    return reading.end()
  } catch (error) {
    if (error instanceof Stop) return { line: parser.line, reason: error.message }
    throw error
  }
}

/** UTF-8, unless a byte order mark or the declaration says otherwise. An octet that is none of UTF-8 spoils no report. */
function decoderFor(octets: Uint8Array): InstanceType<typeof TextDecoder> {
  if (octets[0] === 0xff && octets[1] === 0xfe) return new TextDecoder('utf-16le')
  if (octets[0] === 0xfe && octets[1] === 0xff) return new TextDecoder('utf-16be')
  const [, encoding = ''] = /^<\?xml[^>]{0,100}encoding=["']([\w.-]{1,40})["']/.exec(Buffer.from(octets.subarray(0, 200)).toString('latin1').trimStart()) ?? []
  return new TextDecoder(/^(?:iso-8859-1|windows-1252|us-ascii|latin1)$/i.test(encoding) ? 'windows-1252' : 'utf-8')
}

interface Draft {
  readonly line: number
  readonly values: Map<string, string>
  readonly reasons: string[]
  readonly signatures: Map<string, string>[]
  readonly senders: Map<string, string>[]
}

const emptyDraft = (line: number): Draft => ({ line, values: new Map(), reasons: [], signatures: [], senders: [] })

/** The state of one file. Elements are known by where they stand, whatever the prefix of their namespace. */
class Reading {
  readonly #open: string[] = []
  readonly #head = new Map<string, string>()
  readonly #rows: DmarcRow[] = []
  readonly #leftOut: Unreadable[] = []
  readonly #names = new Map<string, string | null>()
  #records = 0
  #skipped = 0
  #text = ''
  #draft: Draft | null = null
  #result: Map<string, string> | null = null
  #namespaced = false

  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const local = name.slice(name.indexOf(':') + 1).toLowerCase()
    if (this.#open.length >= mostDepth) throw new Stop(`more than ${mostDepth} elements within one another`)
    if (name.length > longestName) throw new Stop(`the name of an element has ${name.length} characters`)
    if (this.#open.length === 0 && local !== 'feedback') throw new Stop(`the root element is ${name.slice(0, 60)}, not feedback`)
    if (this.#open.length === 0) this.#namespaced = Object.values(attributes).includes(namespace)
    this.#open.push(local)
    this.#text = ''
    const path = this.#path()
    if (path === 'record') {
      if (++this.#records > mostRows) throw new Stop(`more than ${mostRows} records`)
      this.#draft = emptyDraft(line)
    } else if (path === 'record/auth_results/dkim' || path === 'record/auth_results/spf') this.#result = new Map()
  }

  text(text: string): void {
    if (this.#text.length < longestValue) this.#text += text.slice(0, longestValue)
  }

  close(): void {
    const path = this.#path()
    const value = this.#text.trim().slice(0, longestValue)
    this.#text = ''
    this.#open.pop()
    const draft = this.#draft
    if (!draft) {
      if (value !== '' && !this.#head.has(path)) this.#head.set(path, value)
    } else if (path === 'record') {
      this.#draft = null
      this.#endRecord(draft)
    } else if (path === 'record/row/policy_evaluated/reason/type') {
      if (draft.reasons.length < mostResults && value !== '') draft.reasons.push(value.toLowerCase())
    } else if (path === 'record/auth_results/dkim' || path === 'record/auth_results/spf') {
      const list = path.endsWith('dkim') ? draft.signatures : draft.senders
      if (this.#result && list.length < mostResults) list.push(this.#result)
      this.#result = null
    } else if (this.#result) this.#result.set(path.slice(path.lastIndexOf('/') + 1), value)
    else if (value !== '' && !draft.values.has(path)) draft.values.set(path, value)
  }

  end(): ReadDmarcReport {
    const head = (path: string): string | null => this.#head.get(path) ?? null
    const named = head('policy_published/domain')
    if (named === null) throw new Stop('policy_published names no domain')
    const domain = this.#name(named)
    if (domain === null) throw new Stop(`policy_published names ${quoted(named)}, which is no domain`)
    const org = head('report_metadata/org_name') ?? head('report_metadata/email')
    if (org === null) throw new Stop('report_metadata says neither org_name nor email: nobody knows who reports')
    const id = head('report_metadata/report_id')
    if (id === null) throw new Stop('report_metadata has no report_id')
    const [begin, end] = [timeOf(head('report_metadata/date_range/begin')), timeOf(head('report_metadata/date_range/end'))]
    if (begin === null || end === null) throw new Stop('date_range does not say in seconds since 1970 when it begins and ends')
    if (end < begin) throw new Stop('date_range ends before it begins')
    if (this.#records === 0) throw new Stop('there is no record in it')
    const policy = (tag: string): string | null => head(`policy_published/${tag}`)?.toLowerCase() ?? null
    const pct = policy('pct')
    const isNew = this.#namespaced || (pct === null && ['np', 'testing', 'discovery_method'].some(tag => policy(tag) !== null))
    return {
      report: {
        kind: 'dmarc', form: isNew ? 'RFC 9990' : 'RFC 7489', org, id, begin, end, domain,
        policy: { p: policy('p'), sp: policy('sp'), np: policy('np'), pct: pct !== null && /^\d{1,3}$/.test(pct) ? Number(pct) : null, testing: policy('testing') === 'y' },
        rows: this.#rows,
      },
      leftOut: this.#skipped > this.#leftOut.length ? [...this.#leftOut, { line: null, reason: `${this.#skipped - this.#leftOut.length} more records are left out` }] : this.#leftOut,
    }
  }

  /** Below the root. */
  #path(): string {
    return this.#open.slice(1).join('/')
  }

  #endRecord(draft: Draft): void {
    const row = this.#rowOf(draft)
    if (typeof row !== 'string') this.#rows.push(row)
    else {
      this.#skipped++
      if (this.#leftOut.length < mostLeftOut) this.#leftOut.push({ line: draft.line, reason: `a record is left out: ${row}` })
    }
  }

  /** Or what is wrong with it. */
  #rowOf({ values, reasons, signatures, senders }: Draft): DmarcRow | string {
    const value = (path: string): string | null => values.get(`record/${path}`) ?? null
    const address = value('row/source_ip') ?? ''
    const source = isIP(address) === 4 ? address : canonicalIpv6(address)
    if (source === null || isIP(source) === 0) return address === '' ? 'it names no source_ip' : `source_ip ${quoted(address)} is no address`
    const number = value('row/count') ?? ''
    if (!/^\d{1,12}$/.test(number)) return number === '' ? 'it has no count' : `count ${quoted(number)} is no number of messages`
    const disposition = (value('row/policy_evaluated/disposition') ?? '').toLowerCase()
    if (!isDisposition(disposition)) return disposition === '' ? 'it has no disposition' : `disposition ${quoted(disposition)} is none of none, pass, quarantine and reject`
    const [dkim, spf] = [value('row/policy_evaluated/dkim'), value('row/policy_evaluated/spf')]
    if (dkim === null && spf === null) return 'policy_evaluated has neither dkim nor spf'
    const from = value('identifiers/header_from') ?? ''
    const headerFrom = this.#name(from)
    if (headerFrom === null) return from === '' ? 'it names no header_from' : `header_from ${quoted(from)} is no domain`
    const envelope = value('identifiers/envelope_from')
    return {
      source, count: Number(number), disposition, dkim: aligned(dkim), spf: aligned(spf), reasons: [...new Set(reasons.map(reason => reason.slice(0, 60)))], headerFrom,
      envelopeFrom: envelope === null ? null : this.#name(envelope),
      signatures: signatures.flatMap(result => {
        const domain = this.#name(result.get('domain') ?? '')
        const selector = result.get('selector')?.toLowerCase() ?? ''
        return domain === null ? [] : [{ domain, selector: /^[\w.-]{1,200}$/.test(selector) ? selector : null, result: word(result.get('result')) }]
      }),
      senders: senders.flatMap(result => {
        const domain = this.#name(result.get('domain') ?? '')
        return domain === null ? [] : [{ domain, result: word(result.get('result')) }]
      }),
    }
  }

  /** The same few names come again and again. */
  #name(text: string): string | null {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const name = domainName(text)
    if (this.#names.size < 10_000) this.#names.set(text, name)
    return name
  }
}

/** Some receivers write the result of SPF there, such as softfail: anything but pass is a fail. */
function aligned(result: string | null): 'pass' | 'fail' {
  return result?.toLowerCase() === 'pass' ? 'pass' : 'fail'
}

function isDisposition(text: string): text is Disposition {
  return text === 'none' || text === 'pass' || text === 'quarantine' || text === 'reject'
}

function word(text: string | undefined): string {
  return (text ?? '').toLowerCase().slice(0, 40)
}

/** Seconds; some write milliseconds. */
function timeOf(text: string | null): number | null {
  if (text === null || !/^\d{1,13}$/.test(text)) return null
  const time = Number(text)
  return time >= 1e11 ? Math.floor(time / 1000) : time // up to the year 5138
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 80))
}

/** DNS messages <-> values (RFC 1035 §4, RFC 6891): questions out and answers in for the resolver, the reverse for servers. */
import { makeRecord, type DnsRecord, type RecordType } from '../../syntax/record.ts'
import { recordType, typeMnemonic, typeNumber } from '../../syntax/record-type.ts'
import type { ExtendedError } from '../network.ts'
import { Packet, type PacketRecord, type Section } from './packet.ts'
import { Writer } from './wire.ts'

/** What we take by UDP: no fragments on any path worth supporting (RFC 6891 §6.2.5; the value of DNS Flag Day 2020). */
const udpPayload = 1232

/** RFC 1035 §4.1.1, RFC 6895 §2.3. Codes without a name here are `RCODEnn`. */
const rcodes = [
  'NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE',
] as const
export type Rcode = (typeof rcodes)[number] | 'BADVERS' | 'BADCOOKIE' | `RCODE${number}`

export interface WireQuestion {
  readonly name: string
  readonly type: RecordType
  /** 1 is IN. */
  readonly class: number
}

export interface Edns {
  /** Octets the sender takes by UDP. */
  readonly payload: number
  readonly version: number
  /** DO: the sender wants DNSSEC records (RFC 3225). */
  readonly dnssecOk: boolean
  readonly extendedErrors: readonly ExtendedError[]
}

export interface Message {
  readonly id: number
  /** QR=1. */
  readonly response: boolean
  readonly opcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly recursionDesired: boolean
  readonly recursionAvailable: boolean
  /** AD. */
  readonly authenticated: boolean
  /** CD. */
  readonly checkingDisabled: boolean
  readonly rcode: Rcode
  readonly questions: readonly WireQuestion[]
  /** Records of class IN, as far as they could be read. */
  readonly answers: readonly DnsRecord[]
  readonly authority: readonly DnsRecord[]
  /** Without OPT. */
  readonly additional: readonly DnsRecord[]
  readonly edns: Edns | null
  /** What could not be read; empty for a sound message. */
  readonly errors: readonly MessageError[]
}

export interface MessageError {
  readonly section: Section
  /** In words that are the same for the same octets. */
  readonly problem: string
  /** What follows is lost too: the message as a whole cannot be relied on. */
  readonly fatal: boolean
}

/** A question as a server sees it. */
export interface Query extends WireQuestion {
  readonly id: number
  readonly recursionDesired: boolean
  /** AD=1: tell whether you validated (RFC 6840 §5.7); DO=1 means it too. */
  readonly wantsAuthenticated: boolean
  readonly checkingDisabled: boolean
  readonly edns: Edns | null
  /** Octets that an answer by UDP may have. */
  readonly limit: number
}

/** The octets of a question for a resolver or, without `recursion`, a name server. @throws RangeError for a name that cannot be sent. */
export function encodeQuery(query: {
  readonly id: number
  readonly name: string
  readonly type: RecordType
  /** Add OPT with DO=1 (RFC 6891); true unless told. */
  readonly edns?: boolean
  /** RD; true unless told. */
  readonly recursion?: boolean
  /** CD. */
  readonly checkingDisabled?: boolean
}): Buffer {
  const { id, name, type, edns = true, recursion = true, checkingDisabled = false } = query
  // AD=1 asks for the AD bit in the answer (RFC 6840 §5.7).
  return encode({ id, rd: recursion, ad: true, cd: checkingDisabled }, {
    questions: [{ name, type }],
    ...(edns && { opt: { payload: udpPayload, dnssecOk: true, extendedErrors: [] } }),
  })
}

export interface AnswerToEncode {
  readonly id: number
  readonly question: { readonly name: string; readonly type: RecordType; readonly class?: number } | null
  readonly rcode?: Rcode
  readonly records?: readonly DnsRecord[]
  readonly authority?: readonly DnsRecord[]
  readonly additional?: readonly DnsRecord[]
  readonly aa?: boolean
  readonly ad?: boolean
  readonly tc?: boolean
  readonly rd?: boolean
  readonly ra?: boolean
  readonly cd?: boolean
  /** Carry OPT: only where the query did. */
  readonly edns?: boolean
  readonly dnssecOk?: boolean
  /** RFC 8914; they need `edns`. */
  readonly extendedErrors?: readonly ExtendedError[]
  /** Octets: an answer that is longer goes out with TC=1 and without records (RFC 2181 §9). 65535 unless told. */
  readonly limit?: number
}

/** The octets of an answer. @throws RangeError for records that no message can carry. */
export function encodeAnswer(answer: AnswerToEncode): Buffer {
  const { id, question, rcode = 'NOERROR', aa = false, ad = false, tc = false, rd = false, ra = false, cd = false } = answer
  const flags = { id, qr: true, rcode: rcodeNumber(rcode), aa, ad, tc, rd, ra, cd }
  const opt = answer.edns === true
    ? { payload: udpPayload, dnssecOk: answer.dnssecOk ?? false, extendedErrors: answer.extendedErrors ?? [] }
    : undefined
  const questions = question ? [question] : []
  const full = encode(flags, {
    questions, answers: answer.records ?? [], authority: answer.authority ?? [], additional: answer.additional ?? [],
    ...(opt && { opt }),
  })
  if (full.length <= (answer.limit ?? 0xffff)) return full
  return encode({ ...flags, tc: true }, { questions, ...(opt && { opt }) })
}

/** Reads what can be read; `errors` names the rest. Null when there is not even a header. Never throws. */
export function decodeMessage(octets: Buffer): Message | null {
  if (octets.length < headerLength) return null
  const packet = Packet.parse(octets)
  const { header } = packet
  const errors: MessageError[] = packet.errors.map(({ section, cause }) => ({ section, problem: cause.message, fatal: true }))
  const collect = (section: Exclude<Section, 'questions'>): DnsRecord[] => {
    const records: DnsRecord[] = []
    for (const record of packet[section]) {
      if (record.type === optNumber || record.class !== classIn) continue
      if (record.broken) errors.push({ section, problem: `the ${typeMnemonic(record.type)} data cannot be read`, fatal: false })
      else records.push(makeRecord(record.name, recordType(record.type), record.ttl, ourData(record)))
    }
    return records
  }
  const opts = packet.additionals.filter(record => record.type === optNumber)
  const problem = opts.length > 1 ? 'there is more than one OPT' : opts[0]?.broken ? 'the EDNS options cannot be read' : null
  if (problem !== null) errors.push({ section: 'additionals', problem, fatal: true }) // RFC 6891 §6.1.1
  return {
    id: header.id,
    response: header.qr === 1,
    opcode: header.opcode,
    authoritative: header.aa === 1,
    truncated: header.tc === 1,
    recursionDesired: header.rd === 1,
    recursionAvailable: header.ra === 1,
    authenticated: header.ad === 1,
    checkingDisabled: header.cd === 1,
    rcode: rcodeName(header.rcode),
    questions: packet.questions.map(question => ({ name: question.name, type: recordType(question.type), class: question.class })),
    answers: collect('answers'),
    authority: collect('authorities'),
    additional: collect('additionals'),
    edns: ednsOf(opts[0]),
    errors,
  }
}

/** Reads a standard query with one question; null for anything else (a server leaves it unanswered). Never throws. */
export function decodeQuery(octets: Buffer): Query | null {
  const message = decodeMessage(octets)
  const question = message?.questions[0]
  if (!message || !question || message.response || message.opcode !== 0 || message.questions.length > 1) return null
  const { id, recursionDesired, authenticated, checkingDisabled, edns } = message
  return {
    ...question, id, recursionDesired, checkingDisabled, edns,
    wantsAuthenticated: authenticated || edns?.dnssecOk === true,
    limit: Math.max(512, edns?.payload ?? 0), // RFC 6891 §6.2.3: less than 512 means 512
  }
}

const headerLength = 12
const classIn = 1
const optNumber = 41

interface Frame {
  readonly questions: readonly { readonly name: string; readonly type: RecordType; readonly class?: number }[]
  readonly answers?: readonly DnsRecord[]
  readonly authority?: readonly DnsRecord[]
  readonly additional?: readonly DnsRecord[]
  readonly opt?: { readonly payload: number; readonly dnssecOk: boolean; readonly extendedErrors: readonly ExtendedError[] }
}

function encode(flags: Readonly<Record<string, number | boolean>>, frame: Frame): Buffer {
  const packet = new Packet()
  for (const [flag, value] of Object.entries(flags)) packet.header[flag] = Number(value)
  packet.questions = frame.questions.map(({ name, type, class: of = classIn }) => ({ name, type: numberOf(type), class: of }))
  packet.answers = frame.answers?.map(wireRecord) ?? []
  packet.authorities = frame.authority?.map(wireRecord) ?? []
  packet.additionals = frame.additional?.map(wireRecord) ?? []
  if (frame.opt) {
    const options = frame.opt.extendedErrors.map(({ code, text }) => Packet.Resource.EDNS.EDE(code, text))
    const opt = Packet.Resource.EDNS(options, { udpPayloadSize: frame.opt.payload, doFlag: frame.opt.dnssecOk })
    packet.additionals.push({ ...opt, name: '' })
  }
  return packet.toBuffer(new Writer())
}

function wireRecord({ name, type, ttl, data }: DnsRecord): PacketRecord {
  const generic = 'octets' in data ? Buffer.from(data.octets, 'hex') : data
  return { name, type: numberOf(type), class: classIn, ttl, data: generic }
}

function ourData({ data }: PacketRecord): never {
  return (Buffer.isBuffer(data) ? { octets: data.toString('hex') } : data) as never
}

function numberOf(type: RecordType): number {
  const number = typeNumber(type)
  if (number === null) throw new RangeError(`${type} is no record type`)
  return number
}

function ednsOf(opt: PacketRecord | undefined): Edns | null {
  if (!opt) return null
  const extendedErrors = (opt.rdata ?? []).flatMap(option =>
    option.infoCode === undefined ? [] : [{ code: option.infoCode, text: option.extraText ?? '' }])
  return { payload: opt.class, version: opt.version ?? 0, dnssecOk: opt.doFlag === true, extendedErrors }
}

function rcodeName(number: number): Rcode {
  return rcodes[number] ?? (number === 16 ? 'BADVERS' : number === 23 ? 'BADCOOKIE' : `RCODE${number}`)
}

function rcodeNumber(rcode: Rcode): number {
  if (rcode === 'BADVERS') return 16
  if (rcode === 'BADCOOKIE') return 23
  const known = (rcodes as readonly string[]).indexOf(rcode)
  return known >= 0 ? known : Number(rcode.slice('RCODE'.length))
}

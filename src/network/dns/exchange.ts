/** One question on the wire, and which messages answer it. */
import { randomInt } from 'node:crypto'
import type { RecordType } from '../../syntax/record.ts'
import { decodeMessage, encodeQuery, type Message } from './codec.ts'

export interface AskedQuestion {
  readonly id: number
  readonly name: string
  readonly type: RecordType
  readonly octets: Buffer
}

export interface Reply {
  readonly message: Message
  /** Size of the DNS message. */
  readonly octets: number
}

/** A question with an id that nobody can guess (RFC 5452 §9.2). @throws RangeError for a name that cannot be sent. */
export function ask(query: Omit<Parameters<typeof encodeQuery>[0], 'id'>): AskedQuestion {
  const id = randomInt(0x10000)
  return { id, name: query.name, type: query.type, octets: encodeQuery({ ...query, id }) }
}

/**
 * The reply in `octets`; `stray` when they answer another question (RFC 5452 §9.1), and a text when they do answer this one
 * but cannot be read.
 */
export function readReply(octets: Buffer, asked: AskedQuestion): Reply | 'stray' | { readonly problem: string } {
  // The header alone decides first: whatever else a forger sends, it costs nothing.
  const standardResponse = octets.length >= 12 && octets.readUInt16BE(0) === asked.id && (octets.readUInt8(2) & 0xf8) === 0x80
  const message = standardResponse ? decodeMessage(octets) : null
  if (!message) return 'stray'
  const [question] = message.questions
  if (question) {
    const ours = question.name === asked.name && question.type === asked.type && question.class === 1
    if (!ours || message.questions.length > 1) return 'stray'
  }
  const reply = { message, octets: octets.length }
  if (message.truncated) return reply
  const error = message.errors.find(({ section, fatal }) => fatal || section === 'answers')
  if (error) return { problem: `the answer cannot be read: ${error.problem}` }
  // Servers that do not understand a query may leave its question out.
  if (!question && (message.rcode === 'NOERROR' || message.rcode === 'NXDOMAIN')) return { problem: 'the answer holds no question' }
  return reply
}

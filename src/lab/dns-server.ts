/** The world's resolver and its name servers: UDP and TCP on one port, EDNS, truncation, AD and AA, and the silence that zones ordain. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { decodeMessage, encodeAnswer, type Message } from '../network/dns/codec.ts'
import { foldName } from '../syntax/name.ts'
import { loopback, type Listeners } from './listeners.ts'
import type { NameServer } from './delegations.ts'
import type { Resolution, ServerAnswer, Zones } from './zones.ts'

export interface RunningResolver {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** What a client without EDNS takes by UDP (RFC 1035 §4.2.1). */
const plainPayload = 512

export type Respond = (octets: Buffer, transport: 'udp' | 'tcp') => Buffer | null

/** The resolver of the world. */
export function startResolver(zones: Zones, listeners: Listeners, latency: number): Promise<RunningResolver> {
  return startDns((octets, transport) => respond(octets, transport, true, query => {
    const { name, type } = query.questions[0] ?? { name: '', type: 'A' }
    return zones.resolve(foldName(name), type, query.checkingDisabled)
  }), listeners, latency)
}

/** One name server; null when nothing listens there. */
export async function startNameServer({ zones, origins, fault, tcp }: NameServer, listeners: Listeners, latency: number): Promise<RunningResolver | null> {
  if (fault === 'closed') return null
  return startDns((octets, transport) => {
    if (fault === 'silent') return null
    if (transport === 'tcp' && !tcp) return null
    return respond(octets, transport, false, query => {
      const { name, type } = query.questions[0] ?? { name: '', type: 'A' }
      if (fault === 'refused' || fault === 'servfail') return { failure: fault }
      const answer = zones.serve(foldName(name), type, origins)
      return fault === 'lame' && !('failure' in answer) ? { ...answer, authoritative: false } : answer
    })
  }, listeners, latency, tcp)
}

/** UDP answers come one round trip late; over TCP the listeners see to that. */
async function startDns(answer: Respond, listeners: Listeners, latency: number, tcp = true): Promise<RunningResolver> {
  const timers = new Set<NodeJS.Timeout>()
  for (let attempt = 0; ; attempt++) {
    const port = await listeners.open(socket => {
      if (tcp) serveTcp(answer, socket)
      else socket.destroy()
    })
    const udp = createSocket('udp4')
    const bound = once(udp, 'listening')
    udp.bind(port, loopback)
    try {
      await bound
    } catch (error) { // the port is taken for UDP alone: try the next one
      udp.close()
      if (attempt === 20) throw error
      continue
    }
    udp.on('error', () => undefined) // an answer that nobody waits for any more
    udp.on('message', (octets: Buffer, from: RemoteInfo) => {
      const reply = answer(octets, 'udp')
      if (!reply) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        udp.send(reply, from.port, from.address)
      }, latency)
      timers.add(timer)
    })
    return {
      host: loopback,
      port,
      close: () => {
        for (const timer of timers) clearTimeout(timer)
        return new Promise(resolve => udp.close(resolve))
      },
    }
  }
}

/** RFC 7766: two octets of length before each message, several questions on one connection. */
function serveTcp(answer: Respond, socket: Socket): void {
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      const reply = answer(received.subarray(2, end), 'tcp')
      received = received.subarray(end)
      if (!reply) continue
      const length = Buffer.alloc(2)
      length.writeUInt16BE(reply.length)
      socket.write(Buffer.concat([length, reply]))
    }
  })
}

/** The octets of the answer; null for silence. */
function respond(octets: Buffer, transport: 'udp' | 'tcp', ra: boolean, find: (query: Message) => Resolution | ServerAnswer): Buffer | null {
  const query = decodeMessage(octets)
  if (!query || query.response) return null
  const [question] = query.questions
  const limit = transport === 'tcp' ? 0xffff : Math.max(plainPayload, query.edns?.payload ?? plainPayload)
  const common = {
    id: query.id, question: question ?? null, rd: query.recursionDesired, cd: query.checkingDisabled,
    ra, edns: query.edns !== null, dnssecOk: query.edns?.dnssecOk ?? false, limit,
  }
  if (query.opcode !== 0) return encodeAnswer({ ...common, rcode: 'NOTIMP' })
  if (!question || query.questions.length > 1 || query.errors.length > 0) return encodeAnswer({ ...common, rcode: 'FORMERR' })
  if (question.class !== 1) return encodeAnswer({ ...common, rcode: 'REFUSED' })
  return encodeFound(find(query), common, query)
}

type Common = Omit<Parameters<typeof encodeAnswer>[0], 'rcode' | 'records'>

function encodeFound(found: Resolution | ServerAnswer, common: Common, query: Message): Buffer | null {
  if (!('failure' in found)) {
    const { rcode, answers, authority, signatures } = found
    const records = query.edns?.dnssecOk ? [...answers, ...signatures] : answers
    // RFC 6840 §5.8: AD for who understands it.
    const wantsAd = query.authenticated || (query.edns?.dnssecOk ?? false)
    const flags = 'secure' in found ? { ad: found.secure && wantsAd } : { aa: found.authoritative }
    return encodeAnswer({ ...common, ...flags, rcode, records, authority })
  }
  switch (found.failure) {
    case 'timeout': return null
    case 'servfail': return encodeAnswer({ ...common, rcode: 'SERVFAIL' })
    case 'bogus': return encodeAnswer({ ...common, rcode: 'SERVFAIL', extendedErrors: [{ code: 6, text: '' }] })
    case 'refused': return encodeAnswer({ ...common, rcode: 'REFUSED' })
    case 'malformed': return encodeAnswer({ ...common }).subarray(0, 20) // breaks off inside the question
  }
}

/** The world's resolver: UDP and TCP on one port, EDNS, truncation, the AD bit, and the silence that zones ordain. */
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { decodeMessage, encodeAnswer, type Message } from '../network/dns/codec.ts'
import { foldName } from '../syntax/name.ts'
import { loopback, type Listeners } from './listeners.ts'
import type { Resolution, Zones } from './zones.ts'

export interface RunningResolver {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** What a client without EDNS takes by UDP (RFC 1035 §4.2.1). */
const plainPayload = 512

/** UDP answers come one round trip late; over TCP the listeners see to that. */
export async function startResolver(zones: Zones, listeners: Listeners, latency: number): Promise<RunningResolver> {
  const timers = new Set<NodeJS.Timeout>()
  for (let attempt = 0; ; attempt++) {
    const port = await listeners.open(socket => serveTcp(zones, socket))
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
      const answer = respond(zones, octets, 'udp')
      if (!answer) return
      const timer = setTimeout(() => {
        timers.delete(timer)
        udp.send(answer, from.port, from.address)
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
function serveTcp(zones: Zones, socket: Socket): void {
  let received = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      const answer = respond(zones, received.subarray(2, end), 'tcp')
      received = received.subarray(end)
      if (!answer) continue
      const length = Buffer.alloc(2)
      length.writeUInt16BE(answer.length)
      socket.write(Buffer.concat([length, answer]))
    }
  })
}

/** The octets of the answer; null for silence. */
function respond(zones: Zones, octets: Buffer, transport: 'udp' | 'tcp'): Buffer | null {
  const query = decodeMessage(octets)
  if (!query || query.response) return null
  const [question] = query.questions
  const limit = transport === 'tcp' ? 0xffff : Math.max(plainPayload, query.edns?.payload ?? plainPayload)
  const common = {
    id: query.id, question: question ?? null, rd: query.recursionDesired, cd: query.checkingDisabled, ra: true,
    edns: query.edns !== null, dnssecOk: query.edns?.dnssecOk ?? false, limit,
  }
  if (query.opcode !== 0) return encodeAnswer({ ...common, rcode: 'NOTIMP' })
  if (!question || query.questions.length > 1 || query.errors.length > 0) return encodeAnswer({ ...common, rcode: 'FORMERR' })
  if (question.class !== 1) return encodeAnswer({ ...common, rcode: 'REFUSED' })
  return encodeResolution(zones.resolve(foldName(question.name), question.type), common, query)
}

type Common = Omit<Parameters<typeof encodeAnswer>[0], 'rcode' | 'records'>

function encodeResolution(resolution: Resolution, common: Common, query: Message): Buffer | null {
  if (!('failure' in resolution)) {
    const { rcode, answers, authority, secure } = resolution
    // RFC 6840 §5.8: AD for who understands it.
    const wantsAd = query.authenticated || (query.edns?.dnssecOk ?? false)
    return encodeAnswer({ ...common, rcode, records: answers, authority, ad: secure && wantsAd })
  }
  switch (resolution.failure) {
    case 'timeout': return null
    case 'servfail': return encodeAnswer({ ...common, rcode: 'SERVFAIL' })
    case 'refused': return encodeAnswer({ ...common, rcode: 'REFUSED' })
    case 'malformed': return encodeAnswer({ ...common }).subarray(0, 20) // breaks off inside the question
  }
}

/** Name servers on loopback that answer as a test tells them, octet by octet where it wants. */
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { onTestFinished } from 'vitest'
import { decodeQuery, encodeAnswer, type AnswerToEncode, type Query } from '../../../src/network/dns/codec.ts'
import type { IssuedCertificate } from '../../../src/lab/certificates.ts'
import { parseZone } from '../../../src/syntax/zone.ts'

export interface Asked {
  readonly query: Query
  /** The query as it came. */
  readonly octets: Buffer
  readonly from: { readonly address: string; readonly port: number }
  readonly transport: 'udp' | 'tcp'
  /** Sends octets back. */
  send(octets: Buffer): void
  /** Sends an answer: flags and records beside the id and the question of the query. */
  answer(answer?: Partial<AnswerToEncode>): void
  /** Writes to the TCP connection without a length. */
  sendRaw(octets: Buffer): void
  /** Sends octets by UDP from another port. */
  sendFromElsewhere(octets: Buffer): void
  /** Closes the TCP connection. */
  hangUp(): void
}

export interface TestServer {
  readonly host: string
  readonly port: number
  readonly asked: readonly Asked[]
  /** TCP connections so far. */
  readonly connections: number
}

export type Behaviour = (asked: Asked) => void

/** UDP and TCP on one port; `tls` puts TLS on the TCP side. Closed when the test ends. */
export async function startServer(behaviour: Behaviour, options: { host?: string; tls?: IssuedCertificate; tcp?: Behaviour } = {}): Promise<TestServer> {
  const { host = '127.0.0.1', tls } = options
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const serve = (octets: Buffer, from: { address: string; port: number }, transport: 'udp' | 'tcp', send: (octets: Buffer) => void, rest: Pick<Asked, 'sendRaw' | 'sendFromElsewhere' | 'hangUp'>) => {
    const query = decodeQuery(octets)
    if (!query) throw new Error('the resolver sent no question')
    const one: Asked = {
      query, octets, from, transport, send, ...rest,
      answer: answer => send(encodeAnswer({
        id: query.id, question: query, rd: query.recursionDesired, ra: true, edns: query.edns !== null,
        limit: transport === 'udp' ? query.limit : 0xffff, ...answer,
      })),
    }
    asked.push(one)
    ;(transport === 'tcp' && options.tcp ? options.tcp : behaviour)(one)
  }
  const onConnection = (socket: Socket) => {
    sockets.add(socket)
    let received = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        const octets = received.subarray(2, end)
        received = received.subarray(end)
        serve(octets, { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }, 'tcp', answer => socket.write(framed(answer)), {
          sendRaw: octets => socket.write(octets),
          sendFromElsewhere: () => undefined,
          hangUp: () => socket.destroy(),
        })
      }
    })
  }
  const tcp: Server = tls ? createTlsServer({ key: tls.keyPem, cert: tls.pem, ALPNProtocols: ['dot'] }, onConnection) : createServer(onConnection)
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  const port = await bindBoth(tcp, udp, host)
  tcp.on('tlsClientError', () => undefined)
  udp.on('message', (octets: Buffer, from: RemoteInfo) => serve(octets, from, 'udp', answer => udp.send(answer, from.port, from.address), {
    sendFromElsewhere: answer => {
      const other = createSocket('udp4')
      other.send(answer, from.port, from.address, () => other.close())
    },
    sendRaw: () => undefined,
    hangUp: () => undefined,
  }))
  onTestFinished(() => {
    udp.close()
    for (const socket of sockets) socket.destroy()
    tcp.close()
  })
  return { host, port, asked, get connections() { return sockets.size } }
}

/** An address where nothing listens, neither by UDP nor by TCP. */
export async function closedPort(): Promise<{ host: string; port: number }> {
  const udp = createSocket('udp4')
  const tcp = createServer()
  const port = await bindBoth(tcp, udp, '127.0.0.1')
  udp.close()
  tcp.close()
  await once(tcp, 'close')
  return { host: '127.0.0.1', port }
}

export function zone(text: string) {
  const { records, errors } = parseZone(text)
  if (errors[0]) throw new Error(errors[0].message)
  return records
}

export function framed(octets: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(octets.length)
  return Buffer.concat([length, octets])
}

/** A port that TCP gets may be taken for UDP: then the next one. */
async function bindBoth(tcp: Server, udp: UdpSocket, host: string): Promise<number> {
  for (;;) {
    tcp.listen(0, host)
    await once(tcp, 'listening')
    const { port } = tcp.address() as AddressInfo
    udp.bind(port, host)
    try {
      await once(udp, 'listening')
      return port
    } catch {
      tcp.close()
      await once(tcp, 'close')
    }
  }
}

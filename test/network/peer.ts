/** Real servers on loopback for tests of the transport: each behaves, or misbehaves, as its handler says. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer, type TlsOptions } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import type { IssuedCertificate } from '../../src/lab/certificates.ts'
import type { Connection, Endpoint } from '../../src/network/network.ts'
import { openLines, type LineConnectionOptions } from '../../src/network/line-connection.ts'
import { NetworkFailure, type Failure } from '../../src/network/network.ts'
import { trustAnchors } from '../../src/syntax/certificate.ts'
import { toPem } from '../../src/lab/certificates.ts'

export interface Peer {
  readonly address: string
  readonly port: number
  /** Sockets that are open on its side, and a promise for the moment at which there are none. */
  readonly open: ReadonlySet<Socket>
  idle(): Promise<void>
}

/** Ends with the test. */
export async function listen(onConnection: (socket: Socket) => void, address = '127.0.0.1'): Promise<Peer> {
  return await serve(createServer(onConnection), address)
}

/** TLS from the first octet. Node's servers want OpenSSL told to permit what is old. */
export async function listenTls(
  options: TlsOptions, onConnection: (socket: TLSSocket) => void = () => undefined, address = '127.0.0.1', prepare: (server: TlsServer) => void = () => undefined,
): Promise<Peer> {
  const server = createTlsServer({ ciphers: 'DEFAULT:@SECLEVEL=0', ...options }, onConnection)
  server.on('tlsClientError', () => undefined)
  prepare(server)
  return await serve(server, address)
}

export function credentials(certificate: IssuedCertificate, chain: readonly Buffer[] = certificate.chain): { cert: string; key: string } {
  return { cert: chain.map(der => toPem(der)).join(''), key: certificate.keyPem }
}

/** The server's side of STARTTLS. */
export function upgrade(socket: Socket, options: TlsOptions): TLSSocket {
  const secure = new TLSSocket(socket, { isServer: true, ciphers: 'DEFAULT:@SECLEVEL=0', ...options })
  secure.on('error', () => undefined)
  return secure
}

/**
 * A port that leaves connections unanswered: Linux drops the SYNs for a listener whose queue is full, and a thread that waits
 * for ever never empties it.
 */
export async function deaf(): Promise<Pick<Peer, 'address' | 'port'>> {
  const worker = new Worker(`
    const { parentPort } = require('node:worker_threads')
    const server = require('node:net').createServer()
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`, { eval: true })
  const port = await new Promise<number>(resolve => worker.once('message', resolve))
  const fillers = await Promise.all([1, 2].map(() => new Promise<Socket>(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
  })))
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy()
    await worker.terminate()
  })
  return { address: '127.0.0.1', port }
}

async function serve(server: Server, address: string): Promise<Peer> {
  const open = new Set<Socket>()
  let settle: () => void = () => undefined
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      open.delete(socket)
      if (open.size === 0) settle()
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, address, resolve))
  onTestFinished(() => new Promise(resolve => {
    for (const socket of open) socket.destroy()
    server.close(() => resolve(undefined))
  }))
  const bound = server.address()
  return {
    address,
    port: typeof bound === 'object' && bound ? bound.port : 0,
    open,
    idle: () => open.size === 0 ? Promise.resolve() : new Promise(resolve => settle = resolve),
  }
}

export interface Visit extends Partial<Omit<LineConnectionOptions, 'target'>> {
  readonly host?: string
  readonly tls?: Endpoint['tls']
  readonly connectTimeout?: number
  readonly deferTls?: boolean
  readonly source?: string
}

/** Connects to a peer; closed when the test ends. */
export async function visit({ address, port }: Pick<Peer, 'address' | 'port'>, options: Visit = {}): Promise<Connection> {
  const { host = 'mx1.example.com', tls = 'starttls', connectTimeout, deferTls = false, longReplies = false, source, ...rest } = options
  const connection = await openLines(
    { host, address: '192.0.2.1', port: 25, tls }, { anchors: trustAnchors([]), target: { address, port, source }, ...rest },
    { deferTls, longReplies, ...(connectTimeout === undefined ? {} : { timeout: connectTimeout }) })
  onTestFinished(() => connection.close())
  return connection
}

/** The failure with which `promise` must reject. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof NetworkFailure) return error.toJSON()
    throw error
  }
  throw new Error('it did not fail')
}

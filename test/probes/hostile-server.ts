/** Real servers on loopback for dialogues: each behaves as its test says, and the client must have left when the test ends. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterEach, beforeAll } from 'vitest'
import { createAuthority, type Authority, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { createLiveNetwork } from '../../src/network/live.ts'
import type { Endpoint, Network } from '../../src/network/network.ts'
import { patient } from '../../src/probes/converse.ts'
import { probeImap } from '../../src/probes/imap.ts'
import { probePop3 } from '../../src/probes/pop3.ts'
import type { ImapFacts, Pop3Facts, ServiceSession, SmtpFacts } from '../../src/probes/session.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'

export type Behaviour = (socket: Socket, said: (command: RegExp) => Promise<void>) => unknown

/** What one step may take: short where silence is the point, long where the server is merely odd. */
export const impatient = 500
const unhurried = 10_000

let authority: Authority
let certificate: IssuedCertificate
beforeAll(async () => {
  authority = await createAuthority('Example Root')
  certificate = await authority.issue({ names: ['mx1.example.com'] })
})

const open: { server: Server; sockets: Set<Socket> }[] = []
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    // the client has left: nothing of it is still connected
    await left(sockets)
    server.close()
    await once(server, 'close')
  }
})

/** Resolves when all of these are closed. */
export async function left(sockets: Iterable<Socket>): Promise<void> {
  await Promise.all([...sockets].map(async socket => {
    if (!socket.closed) await new Promise(resolve => socket.once('close', resolve))
  }))
}

export async function serve(behaviour: Behaviour): Promise<{ port: number; heard: () => Promise<string>; connections: () => number }> {
  let heard = ''
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    connections++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (octets: Buffer) => heard += octets.toString('latin1'))
    const said = async (command: RegExp): Promise<void> => {
      while (!command.test(heard)) await once(socket, 'data')
    }
    // a behaviour that waits for what is never said ends with its socket
    void Promise.resolve(behaviour(socket, said)).catch(() => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push({ server, sockets })
  const all = async (): Promise<string> => {
    await left(sockets)
    return heard
  }
  return { port: (server.address() as AddressInfo).port, heard: all, connections: () => connections }
}

export interface How { readonly timeout?: number; readonly port?: number; readonly tls?: Endpoint['tls'] }
export interface Told<F extends ServiceSession> { facts: F; /** All that the client said, once it has left. */ heard: () => Promise<string>; connections: () => number }

async function against<F extends ServiceSession>(
  behaviour: Behaviour, probe: (network: Network, endpoint: Endpoint) => Promise<F>,
  { timeout = unhurried, port = 25, tls = 'starttls' }: How = {},
): Promise<Told<F>> {
  const server = await serve(behaviour)
  const network = createLiveNetwork({
    resolvers: [], timeout, anchors: [authority.pem], route: () => ({ address: '127.0.0.1', port: server.port }),
  })
  const facts = await probe(network, { host: 'mx1.example.com', address: '192.0.2.1', port, tls })
  JSON.stringify(facts)
  return { facts, heard: server.heard, connections: server.connections }
}
export const smtp = (behaviour: Behaviour, how?: How): Promise<Told<SmtpFacts>> =>
  against(behaviour, (network, endpoint) => probeSmtp(network, endpoint, 'probe.example.net', patient), how)
export const imap = (behaviour: Behaviour, how?: How): Promise<Told<ImapFacts>> =>
  against(behaviour, (network, endpoint) => probeImap(network, endpoint, patient), how)
export const pop3 = (behaviour: Behaviour, how?: How): Promise<Told<Pop3Facts>> =>
  against(behaviour, (network, endpoint) => probePop3(network, endpoint, patient), how)

/** Writes for as long as somebody reads; tells how much went out. */
export function flood(socket: Socket, chunk: string): () => number {
  let sent = 0
  const octets = Buffer.from(chunk, 'latin1')
  const pour = (): void => {
    while (!socket.destroyed && sent < 512 * 1024 * 1024) {
      sent += octets.length
      if (!socket.write(octets)) return
    }
  }
  socket.on('drain', pour)
  pour()
  return () => sent
}

/** Goes on in TLS. */
export function secure(socket: Socket, converse: (secured: TLSSocket) => void): void {
  socket.removeAllListeners('data')
  const secured = new TLSSocket(socket, {
    isServer: true, secureContext: createSecureContext({ key: certificate.keyPem, cert: [certificate.pem, authority.pem].join('\n') }),
  })
  secured.on('error', () => undefined)
  secured.once('secure', () => converse(secured))
}
/** Answers each line that comes with the next of `replies`. */
export function answer(secured: TLSSocket, replies: readonly string[]): void {
  const left = [...replies]
  secured.on('data', () => {
    const reply = left.shift()
    if (reply !== undefined) secured.write(reply)
  })
}

/**
 * Questions over a stream: TCP (RFC 7766) or TLS (RFC 7858), two octets of length before each message. Several questions may
 * be open at a time and are answered in any order (RFC 7766 §7).
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { checkServerIdentity, connect as connectTls, rootCertificates } from 'node:tls'
import { NetworkFailure } from '../network.ts'
import { localEnd } from '../tcp.ts'
import { tlsFailure } from '../tls-failure.ts'
import { ask, readReply, type AskedQuestion, type Reply } from './exchange.ts'
import { malformed, silentOverTcp, unreachable } from './failures.ts'
import type { Peer } from './udp.ts'

interface Pending {
  readonly asked: AskedQuestion
  readonly timer: NodeJS.Timeout
  readonly resolve: (reply: Reply) => void
  readonly reject: (failure: NetworkFailure) => void
}

/** One connection, kept for further questions until either side closes it. While no question is open it holds no process up. */
export class StreamConnection {
  readonly #socket: Socket
  readonly #peer: Peer
  readonly #pending = new Map<number, Pending>()
  readonly #explain: (error: NodeJS.ErrnoException) => NetworkFailure
  #received: Buffer[] = []
  #receivedLength = 0
  #receivedAt = 0
  #ready = false
  #unsent: Buffer[] = []
  #failure: NetworkFailure | null = null

  /** `ready` is the event after which it may write: no question may leave before the certificate is accepted. */
  private constructor(
    peer: Peer, socket: Socket, ready: 'connect' | 'secureConnect', explain: (error: NodeJS.ErrnoException) => NetworkFailure,
  ) {
    this.#peer = peer
    this.#socket = socket
    this.#explain = explain
    socket.setNoDelay(true)
    socket.once(ready, () => {
      this.#ready = true
      for (const octets of this.#unsent) socket.write(octets)
      this.#unsent = []
    })
    socket.on('data', (octets: Buffer) => this.#receive(octets))
    socket.on('error', (error: NodeJS.ErrnoException) => this.#end(this.#explain(error)))
    socket.on('end', () => this.#end(unreachable(peer.name, {})))
    socket.on('close', () => this.#end(unreachable(peer.name, {})))
  }

  static overTcp(peer: Peer): StreamConnection {
    return new StreamConnection(peer, connectTcp({ host: peer.host, port: peer.port, ...localEnd(peer.source, peer.host) }), 'connect', error => unreachable(peer.name, error))
  }

  /** The certificate must be for `name` and lead to a public root or to one of `anchors` (PEM): the word of the peer is trusted. */
  static overTls(peer: Peer, name: string, anchors: readonly string[]): StreamConnection {
    const socket = connectTls({
      host: peer.host, port: peer.port, ...localEnd(peer.source, peer.host), minVersion: 'TLSv1.2', ALPNProtocols: ['dot'], ca: [...rootCertificates, ...anchors],
      rejectUnauthorized: true,
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
      ...(isIP(name) === 0 && { servername: name }), // RFC 6066 §3: no address as SNI
    })
    return new StreamConnection(peer, socket, 'secureConnect', error => untrusted(peer, name, error))
  }

  get usable(): boolean {
    return this.#failure === null
  }

  /** Rejects with `NetworkFailure` after `timeout` milliseconds, or when the connection ends. */
  ask(query: Parameters<typeof ask>[0], timeout: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(this.#failure)
        return
      }
      let asked = ask(query)
      while (this.#pending.has(asked.id)) asked = ask(query)
      const sentAt = performance.now()
      const timer = setTimeout(() => {
        this.#pending.delete(asked.id)
        reject(silentOverTcp(this.#peer.name))
        // Nothing at all came since then: the connection is dead, and the next question deserves a new one.
        if (this.#receivedAt < sentAt) this.close()
        this.#rest()
      }, timeout)
      this.#pending.set(asked.id, { asked, timer, resolve, reject })
      this.#socket.ref()
      const length = Buffer.alloc(2)
      length.writeUInt16BE(asked.octets.length)
      const octets = Buffer.concat([length, asked.octets]) // in one piece (RFC 7766 §8)
      if (this.#ready) this.#socket.write(octets)
      else this.#unsent.push(octets)
    })
  }

  close(): void {
    this.#end(unreachable(this.#peer.name, {}))
  }

  #receive(chunk: Buffer): void {
    this.#receivedAt = performance.now()
    this.#received.push(chunk)
    this.#receivedLength += chunk.length
    // Joined only when a message is complete: it may come an octet at a time.
    while (this.#receivedLength >= 2) {
      if ((this.#received[0]?.length ?? 0) < 2) this.#received = [Buffer.concat(this.#received)]
      const end = 2 + (this.#received[0]?.readUInt16BE(0) ?? 0)
      if (this.#receivedLength < end) return
      const octets = Buffer.concat(this.#received)
      this.#received = [octets.subarray(end)]
      this.#receivedLength -= end
      this.#dispatch(octets.subarray(2, end))
    }
  }

  #dispatch(octets: Buffer): void {
    const pending = octets.length < 2 ? undefined : this.#pending.get(octets.readUInt16BE(0))
    if (!pending) return
    clearTimeout(pending.timer)
    this.#pending.delete(pending.asked.id)
    const reply = readReply(octets, pending.asked)
    if (reply === 'stray') pending.reject(malformed(this.#peer.name, 'what it sends does not answer the question'))
    else if ('problem' in reply) pending.reject(malformed(this.#peer.name, reply.problem))
    else pending.resolve(reply)
    this.#rest()
  }

  #rest(): void {
    if (this.#pending.size === 0) this.#socket.unref()
  }

  #end(failure: NetworkFailure): void {
    this.#failure ??= failure
    for (const { timer, reject } of this.#pending.values()) {
      clearTimeout(timer)
      reject(this.#failure)
    }
    this.#pending.clear()
    this.#socket.destroy()
  }
}

function untrusted(peer: Peer, name: string, error: NodeJS.ErrnoException): NetworkFailure {
  const code = error.code ?? ''
  const failed = (why: string) => new NetworkFailure({ event: 'handshake', reason: 'dns-timeout', detail: `${peer.name}: ${why}` })
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return failed(`its certificate is not for ${name}`)
  // CERT_HAS_EXPIRED, SELF_SIGNED_CERT_IN_CHAIN and the like; error numbers of the system have no underscore.
  if (/^[A-Z]+_/.test(code) && !code.startsWith('ERR_')) return failed(`its certificate is not trusted (${code})`)
  const failure = tlsFailure(error)
  return failure.event === 'handshake' ? failed(failure.detail) : unreachable(peer.name, error)
}

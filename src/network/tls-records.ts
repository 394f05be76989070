import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Failure } from './network.ts'
import { streamFailure } from './tcp.ts'

/** ContentType alert and handshake (RFC 8446 §5.1): with which of them a peer may begin. */
const firstOctets = new Set([0x15, 0x16])

/**
 * Stands between the socket and node:tls and looks at the first octets that come in: a peer, or somebody on the way, that
 * goes on in clear after STARTTLS is then seen, with its words, before OpenSSL finds them unintelligible. Emits `plaintext`.
 */
export class TlsRecords extends Duplex {
  readonly #socket: Socket
  #begun = false
  /** How the connection underneath ended, once it has: node:tls calls every end a reset. */
  ending: Failure | undefined

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('data', (octets: Buffer) => this.#receive(octets))
    socket.on('end', () => {
      this.ending ??= streamFailure()
      this.push(null)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ending ??= streamFailure(error)
      this.destroy(error)
    })
    socket.on('close', () => this.destroy())
    this.on('error', () => undefined) // the TLS socket above reports it
  }

  #receive(octets: Buffer): void {
    if (!this.#begun) {
      this.#begun = true
      if (!firstOctets.has(octets[0] ?? 0)) {
        this.emit('plaintext', octets)
        return
      }
    }
    if (!this.push(octets)) this.#socket.pause()
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(octets: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(octets, done)
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}

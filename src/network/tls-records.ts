import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { protectedCertificates } from '../syntax/protected-certificates.ts'
import { ServerFlight } from '../syntax/server-hello.ts'
import type { Failure } from './network.ts'
import { streamFailure } from './tcp.ts'
import { describeAlert } from './tls-failure.ts'

/** ContentType (RFC 8446 §5.1): with one of these a peer begins. */
const ALERT = 0x15
const HANDSHAKE = 0x16
const CLOSE_NOTIFY = 0
/** Bits: the largest group that anybody has defined (ffdhe8192, RFC 7919). */
const LARGEST_GROUP = 8192
/** Octets. OpenSSL takes 100 KiB of certificates; a status for them and a signature come with them. */
const LONGEST_FLIGHT = 192 * 1024

/**
 * Stands between the socket and node:tls and looks at the first octets that come in: a peer, or somebody on the way, that
 * goes on in clear after STARTTLS is then seen, with its words, before OpenSSL finds them unintelligible. Emits `plaintext`, and
 * `excess` for a Diffie-Hellman group over which OpenSSL would reckon for the better part of a second while all else stands still.
 */
export class TlsRecords extends Duplex {
  readonly #socket: Socket
  #begun = false
  #flights = 0
  #hello: ServerFlight | null = new ServerFlight()
  /** What came in since the beginning, until the certificates are read; null when it is too much. */
  #flight: Buffer[] | null = []
  #octets = 0
  /** Up to TLS 1.2 they are in clear. */
  #clear: readonly string[] | null = null
  /** TLS 1.2 and older: both sides derive a secret that no other session has (RFC 7627). Later it is always so. */
  extendedMasterSecret = false
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
      if (octets[0] !== ALERT && octets[0] !== HANDSHAKE) {
        this.emit('plaintext', octets)
        return
      }
      const alert = octets[0] === ALERT ? octets[6] : undefined
      // OpenSSL knows not every alert, and says nothing of those it does not know, nor of warnings before an end.
      if (alert !== undefined && alert !== CLOSE_NOTIFY) this.ending = { event: 'handshake', reason: 'connection-lost', detail: describeAlert(alert) }
    }
    this.#keep(octets)
    const bits = this.#look(octets)
    if (bits > LARGEST_GROUP) {
      this.#socket.pause()
      this.emit('excess', bits)
      return
    }
    if (!this.push(octets)) this.#socket.pause()
  }

  #keep(octets: Buffer): void {
    if (!this.#flight) return
    this.#octets += octets.length
    if (this.#octets > LONGEST_FLIGHT) this.#flight = null
    // a piece has a buffer of its own, however few octets it is
    else if (this.#flight.push(octets) > 256) this.#flight = [Buffer.concat(this.#flight)]
  }

  /**
   * The certificates as served, in base64 DER; null when they cannot be told from the octets. To be asked once, when the handshake
   * is done: what it takes is let go of then. `cipher` is the IANA name; `secret`, for TLS 1.3, the server_handshake_traffic_secret.
   */
  certificates(cipher: string, secret: Buffer | null): readonly string[] | null {
    const flight = this.#flight
    this.#flight = null
    if (secret === null) return this.#clear
    return flight && protectedCertificates(Buffer.concat(flight), cipher, secret)
  }

  /** Reads along while the server speaks in clear; the size of its Diffie-Hellman group, or 0. */
  #look(octets: Buffer): number {
    if (!this.#hello) return 0
    this.#hello.push(octets)
    if (!this.#hello.complete) return 0
    const { answer } = this.#hello
    this.#hello = null
    if (!answer?.accepted) return 0
    this.extendedMasterSecret = answer.extendedMasterSecret
    if (answer.version !== 'TLSv1.3') {
      this.#flight = null
      // a handshake that succeeds has a chain: where none was seen, node:tls is asked
      if (answer.chain.length > 0) this.#clear = answer.chain
    }
    return Number(/^DH (\d+)$/.exec(answer.keyExchange ?? '')?.[1] ?? 0)
  }

  override _read(): void {
    this.#socket.resume()
  }

  /**
   * The client's second flight, with its Finished, waits a turn of the loop for the first words inside TLS 1.3 and goes out
   * with them. Alone it would cost a round trip: Nagle's algorithm holds what follows until the peer has acknowledged it.
   */
  override _write(octets: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (++this.#flights !== 2) {
      this.#socket.write(octets, done)
      return
    }
    this.#socket.cork()
    this.#socket.write(octets)
    done()
    // node:tls hands over what follows in the turn after this one.
    setImmediate(() => setImmediate(() => this.#socket.uncork()))
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}

/** The `Connection` of network.ts over real sockets: opened, read and written line by line, upgraded to TLS, closed. */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { TrustAnchors } from '../syntax/certificate.ts'
import type { ClientHello } from '../syntax/client-hello.ts'
import type { OfferAnswer } from '../syntax/server-hello.ts'
import { LineReader } from './line-reader.ts'
import { NetworkFailure, type ChannelBindingType, type Connection, type ConnectOptions, type Endpoint, type Failure, type ReceivedLine, type SecretLine, type StartTlsOptions, type TlsSession } from './network.ts'
import { openTcp, type TcpOptions } from './tcp.ts'
import { handshake } from './tls.ts'
import { offer } from './tls-offer.ts'

export interface LineConnectionOptions {
  /** Where the endpoint is really reached. */
  readonly target: Pick<TcpOptions, 'address' | 'port' | 'source'>
  readonly anchors: TrustAnchors
  /** Milliseconds for each step, in place of the usual limits. */
  readonly timeout?: number | undefined
  readonly longReplies?: boolean
}

/** Milliseconds. A reply, however many lines it has, must be complete within `reply` of the first wait for it. */
export const stepLimits = { connect: 10_000, handshake: 10_000, reply: 30_000 } as const

/** More octets than this of what a peer sends in clear before the handshake are not kept. */
const INJECTED = 4096

/** Connects, with the handshake when the endpoint has implicit TLS. Rejects with `NetworkFailure`. */
export async function openLines(endpoint: Endpoint, options: LineConnectionOptions, { timeout, deferTls = false, longReplies = false }: ConnectOptions = {}): Promise<Connection> {
  const started = performance.now()
  const socket = await openTcp({ ...options.target, timeout: timeout ?? options.timeout ?? stepLimits.connect })
  const connection = new LineConnection(endpoint, socket, { ...options, longReplies }, Math.round(performance.now() - started))
  if (endpoint.tls === 'starttls' || deferTls) return connection
  try {
    await connection.startTls()
    return connection
  } catch (error) {
    throw error instanceof NetworkFailure ? new NetworkFailure({ ...error.toJSON(), connected: connection.connected }) : error
  }
}

/** Whatever is shorter stands in replies by chance. */
const worthHiding = 4

function madeOf(make: () => SecretLine | null, beginning: string): SecretLine {
  const made = make()
  if (made) return made
  throw new NetworkFailure({ event: 'unavailable', reason: 'not-disclosed', detail: `the secret for "${beginning}" cannot be read` })
}

class LineConnection implements Connection {
  readonly endpoint: Endpoint
  readonly connected: number
  tls: TlsSession | undefined
  injected = ''
  readonly #options: LineConnectionOptions
  readonly #accepted = performance.now()
  readonly #raw: Socket
  #socket: Socket | TLSSocket
  #reader: LineReader
  #deadline: number | undefined
  #extendedMasterSecret = false
  readonly #hidden: string[] = []
  #failure: Failure | undefined

  constructor(endpoint: Endpoint, socket: Socket, options: LineConnectionOptions, connected: number) {
    this.endpoint = endpoint
    this.connected = connected
    this.#options = options
    this.#raw = socket
    this.#socket = socket
    this.#reader = new LineReader(socket, options.longReplies)
  }

  async readLine(): Promise<ReceivedLine> {
    if (this.#failure) throw new NetworkFailure(this.#failure)
    const limit = this.#limit('reply')
    this.#deadline ??= performance.now() + limit
    const late = { event: 'timeout', reason: 'tarpit', detail: `the reply was not complete within ${limit / 1000} s` } as const
    const text = this.#withoutSecrets(await this.#attempt(this.#reader.next(this.#deadline, late)))
    return { text, at: Math.round(performance.now() - this.#accepted) }
  }

  unread(): readonly ReceivedLine[] {
    if (this.#failure) return []
    const at = Math.round(performance.now() - this.#accepted)
    return this.#reader.waiting().map(line => ({ text: this.#withoutSecrets(line), at }))
  }

  async writeLine(line: string): Promise<void> {
    if (/[\r\n\0]/.test(line)) throw new TypeError('a line must not hold a line end: it would be two commands')
    await this.writeOctets(`${line}\r\n`)
  }

  async writeOctets(octets: string): Promise<void> {
    this.#deadline = undefined
    this.#reader.begin()
    await this.#attempt(this.#write(Buffer.from(octets, 'latin1')))
  }

  async writeSecret(beginning: string, make: () => SecretLine | null): Promise<string> {
    const { line, shown, hidden } = madeOf(make, beginning)
    this.#hidden.push(...hidden.filter(secret => secret.length >= worthHiding))
    await this.writeLine(line)
    return shown
  }

  channelBinding(type: ChannelBindingType): string | null {
    const socket = this.#socket
    if (!this.tls || !('getFinished' in socket)) return null
    // RFC 7627 §1: without the extended master secret, somebody in between can make two sessions with one and the same
    if (type === 'tls-unique' && (!this.#extendedMasterSecret || this.tls.version === 'TLSv1.3')) return null
    const octets = type === 'tls-unique' ? socket.getFinished() : socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
    return octets && octets.length > 0 ? octets.toString('latin1') : null
  }

  async startTls({ withoutName = false, certificate }: StartTlsOptions = {}): Promise<TlsSession> {
    const keep = this.#leaveLines()
    const { anchors } = this.#options
    const host = withoutName ? null : this.endpoint.host
    const { socket, session, extendedMasterSecret } = await this.#attempt(
      handshake(this.#raw, { host, certificate, timeout: this.#limit('handshake'), anchors, onPlaintext: keep }))
    this.#socket = socket
    this.#reader = new LineReader(socket, this.#options.longReplies)
    this.#deadline = undefined
    this.tls = session
    this.#extendedMasterSecret = extendedMasterSecret
    return session
  }

  async offerTls(_name: string, hello: ClientHello): Promise<OfferAnswer> {
    const keep = this.#leaveLines()
    const answer = await this.#attempt(offer(this.#raw, hello, { timeout: this.#limit('handshake'), onPlaintext: keep }))
    this.close()
    return answer
  }

  /** The end of the words in clear; what comes among the first octets of TLS without being TLS goes where this says. */
  #leaveLines(): (octets: Buffer) => void {
    if (this.#failure) throw new NetworkFailure(this.#failure)
    if (this.tls) throw new TypeError('the connection has TLS already')
    const keep = (octets: Buffer): void => {
      // Implicit TLS has no consent before it, so there is nothing that could be injected after one.
      if (this.endpoint.tls === 'starttls') this.injected = (this.injected + octets.toString('latin1')).slice(0, INJECTED)
    }
    keep(this.#reader.release())
    return keep
  }

  close(): void {
    this.#failure ??= { event: 'closed', reason: 'connection-lost', detail: 'the connection is closed' }
    this.#socket.destroy()
    this.#raw.destroy()
  }

  /**
   * Some servers repeat what they do not understand. A mail may hold the password, too, and stands in a literal, whose octets
   * are counted: there as many stars as octets.
   */
  #withoutSecrets(text: string): string {
    return this.#hidden.reduce((shown, secret) => shown.replaceAll(secret, this.#options.longReplies ? '*'.repeat(secret.length) : '***'), text)
  }

  #limit(step: keyof typeof stepLimits): number {
    return this.#options.timeout ?? stepLimits[step]
  }

  /** After the first failure the connection is closed, and everything fails with it. */
  async #attempt<T>(step: Promise<T>): Promise<T> {
    try {
      return await step
    } catch (error) {
      if (!(error instanceof NetworkFailure)) throw error
      this.#failure ??= error.toJSON()
      this.close()
      throw new NetworkFailure(this.#failure)
    }
  }

  /**
   * Resolves when the kernel has the octets; a peer that takes none for long enough fails like one that says nothing. When
   * the peer has closed, its last words may still wait to be read: the next `readLine` gives them, and then the failure.
   */
  #write(octets: Buffer): Promise<void> {
    if (this.#failure) return Promise.reject(new NetworkFailure(this.#failure))
    return new Promise((resolve, reject) => {
      const limit = this.#limit('reply')
      const timer = setTimeout(() => {
        reject(new NetworkFailure({ event: 'timeout', reason: 'tarpit', detail: `nothing could be sent within ${limit / 1000} s` }))
      }, limit)
      this.#socket.write(octets, () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

/** Gives a dialogue its socket: lines in and out, the TLS handshake, and the faults that have nothing to do with words. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Socket } from 'node:net'
import type { Dialogue, Turn } from './dialogue.ts'
import { acceptTls, type TlsOptions } from './tls-identity.ts'

export interface LineService {
  readonly dialogue: () => Dialogue
  /** TLS from the first octet. */
  readonly implicit: boolean
  /** Absent: no handshake succeeds. */
  readonly tls: TlsOptions | undefined
  readonly fault: 'silent' | 'close' | 'handshake' | 'cleartext' | 'flood' | 'endless' | undefined
  /** Milliseconds before the greeting. */
  readonly delay: number
  /** Milliseconds between two octets; 0 sends lines whole. */
  readonly drip: number
  /** Lines sent in clear with the consent to STARTTLS. */
  readonly inject: readonly string[]
  /** What came in clear behind STARTTLS is read as if it came inside TLS (CVE-2011-0411). */
  readonly keepsPlaintext: boolean
}

/** Octets of one line of a client; none of ours sends more. */
const longestLine = 8192

export function serveLines(service: LineService): (socket: Socket) => void {
  return socket => {
    new LineSession(service, socket).run().catch((error: unknown) => {
      if (!socket.destroyed) throw error // a session that was cut off ends wherever it stood
    })
  }
}

class LineSession {
  readonly #service: LineService
  readonly #dialogue: Dialogue
  readonly #cut = new AbortController()
  #socket: Socket
  #received = ''
  #ended = false
  #wake: () => void = () => undefined

  constructor(service: LineService, socket: Socket) {
    this.#service = service
    this.#socket = socket
    this.#dialogue = service.dialogue()
    socket.on('close', () => this.#cut.abort())
  }

  async run(): Promise<void> {
    const { implicit, fault, delay } = this.#service
    if (fault === 'close') return void this.#socket.end()
    if (implicit && fault !== 'cleartext' && !(await this.#secure())) return
    this.#listen()
    if (fault === 'silent') return
    if (delay > 0) await wait(delay, undefined, { signal: this.#cut.signal })
    if (fault === 'flood' || fault === 'endless') return this.#pour(fault === 'flood' ? 'x'.repeat(16_384) : '220-and more\r\n'.repeat(1024))
    this.#dialogue.attach?.(lines => void this.#send(lines).catch(() => undefined))
    this.#socket.on('close', () => this.#dialogue.end?.())
    let turn: Turn | null = this.#dialogue.greet()
    while (turn !== null && await this.#take(turn)) {
      const line = await this.#line()
      turn = line === null ? null : this.#dialogue.answer(line)
    }
    this.#socket.end()
  }

  /** Sends what the dialogue says; false when the session is over. */
  async #take({ lines, then }: Turn): Promise<boolean> {
    if (then !== 'starttls') {
      await this.#send(lines)
      return then !== 'close'
    }
    this.#deafen()
    await this.#send([...lines, ...this.#service.inject])
    if (!(await this.#secure())) return false
    this.#dialogue.secured()
    this.#listen(this.#service.keepsPlaintext ? this.#received : '')
    return true
  }

  async #secure(): Promise<boolean> {
    const { fault, tls } = this.#service
    if (fault === 'handshake' || !tls) {
      this.#socket.once('data', () => this.#socket.destroy())
      return false
    }
    const secure = await acceptTls(this.#socket, tls)
    if (!secure) return false
    this.#socket = secure
    secure.on('close', () => this.#cut.abort())
    return true
  }

  #listen(received = ''): void {
    this.#received = received
    this.#socket.on('data', this.#hear)
    this.#socket.on('end', this.#hearEnd)
    this.#socket.on('close', this.#hearEnd)
  }

  /** From here on octets belong to the handshake; those heard before it are dropped (RFC 3207 §4.2). */
  #deafen(): void {
    this.#socket.pause()
    this.#socket.off('data', this.#hear)
    this.#socket.off('end', this.#hearEnd)
  }

  readonly #hear = (chunk: Buffer): void => {
    this.#received += chunk.toString('latin1')
    if (this.#received.length > 16 * longestLine) this.#socket.destroy()
    this.#wake()
  }

  readonly #hearEnd = (): void => {
    this.#ended = true
    this.#wake()
  }

  /** The next line of the client; null when there is none, or no end to it. */
  async #line(): Promise<string | null> {
    for (;;) {
      const end = this.#received.indexOf('\n')
      if (end >= 0 && end <= longestLine) {
        const line = this.#received.slice(0, end).replace(/\r$/, '')
        this.#received = this.#received.slice(end + 1)
        return line
      }
      if (this.#ended || this.#received.length > longestLine) return null
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  async #send(lines: readonly string[]): Promise<void> {
    const text = lines.map(line => `${line}\r\n`).join('')
    if (this.#service.drip === 0) {
      this.#socket.write(text, 'latin1')
      return
    }
    for (const octet of text) {
      this.#socket.write(octet, 'latin1')
      await wait(this.#service.drip, undefined, { signal: this.#cut.signal })
    }
  }

  /** As fast as the client takes it, and no faster, until it hangs up. */
  #pour(piece: string): Promise<void> {
    return new Promise(resolve => {
      const more = (): void => {
        while (!this.#socket.destroyed && this.#socket.write(piece, 'latin1'));
      }
      this.#socket.on('drain', more)
      this.#socket.once('close', () => resolve())
      more()
    })
  }
}

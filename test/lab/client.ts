/** A client of the plainest kind, so that the world's servers are judged by the RFCs and not by our own probes. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket, type ConnectionOptions } from 'node:tls'

export class Client {
  #socket: Socket
  #buffer = ''
  #ended = false
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  static async open(at: { address: string; port: number } | null, tls?: ConnectionOptions): Promise<Client> {
    if (!at) throw new Error('not of this world')
    if (tls) {
      const socket = connectTls({ host: at.address, port: at.port, ...tls })
      await once(socket, 'secureConnect')
      return new Client(socket)
    }
    const socket = connect(at.port, at.address)
    await once(socket, 'connect')
    return new Client(socket)
  }

  get tls(): TLSSocket {
    if (!(this.#socket instanceof TLSSocket)) throw new Error('in clear')
    return this.#socket
  }

  send(...lines: string[]): void {
    this.#socket.write(lines.map(line => `${line}\r\n`).join(''), 'latin1')
  }

  /** The next line; null at the end. Insists on CRLF. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#buffer.indexOf('\n')
      if (end >= 0) {
        const line = this.#buffer.slice(0, end + 1)
        this.#buffer = this.#buffer.slice(end + 1)
        if (!line.endsWith('\r\n')) throw new Error(`a bare LF: ${JSON.stringify(line)}`)
        return line.slice(0, -2)
      }
      if (this.#ended) return null
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }

  /** Lines up to the one that matches, or the end. */
  async until(last: RegExp): Promise<string[]> {
    const lines: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === null) return lines
      lines.push(line)
      if (last.test(line)) return lines
    }
  }

  /** Sends a command and reads its reply: `last` tells its last line. */
  ask(command: string, last: RegExp): Promise<string[]> {
    this.send(command)
    return this.until(last)
  }

  /** Octets received and not read as lines. */
  get unread(): string {
    return this.#buffer
  }

  async startTls(options: ConnectionOptions): Promise<void> {
    this.#socket.removeAllListeners('data')
    const socket = connectTls({ socket: this.#socket, ...options })
    await once(socket, 'secureConnect')
    this.#socket = socket
    this.#buffer = ''
    this.#listen()
  }

  close(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    const end = (): void => {
      this.#ended = true
      this.#wake()
    }
    this.#socket.on('data', (chunk: Buffer) => {
      this.#buffer += chunk.toString('latin1')
      this.#wake()
    })
    this.#socket.on('end', end).on('close', end).on('error', end)
  }
}

export const smtpReply = /^\d{3}(?: |$)/
export const pop3Line = /^(?:\+OK|-ERR)/
export const dot = /^\.$/

/** Plays the script of a hostile server to everybody who connects, on loopback. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { HostileServer } from './corpus.ts'
import type { Shown } from './certificates.ts'
import { certificateFlight } from './handmade.ts'
import type { Saying } from './script.ts'

export interface Playing {
  readonly port: number
  /** Resolves when everybody who came has left. */
  left(): Promise<void>
  /** All lines that were heard, each connection for itself; and what a client said out of turn. */
  readonly heard: readonly (readonly string[])[]
  readonly astray: readonly string[]
  /** Octets that were given to the network. */
  readonly sent: number
  close(): Promise<void>
}

/** Milliseconds between two octets of a server that drips. */
const drop = 10
/** A client that reads this much reads for ever. */
const enough = 256 * 1024 * 1024

export async function play(hostile: HostileServer, shown: Shown): Promise<Playing> {
  const sockets = new Set<Socket>()
  const sessions: Session[] = []
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    const session = new Session(hostile, shown, socket)
    sessions.push(session)
    void session.run()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const left = async (): Promise<void> => {
    await Promise.all([...sockets].map(async socket => {
      if (!socket.closed) await new Promise(resolve => socket.once('close', resolve)) // `once` of node:events minds errors
    }))
  }
  return {
    port: (server.address() as AddressInfo).port,
    left,
    get heard() { return sessions.map(session => session.heard) },
    get astray() { return sessions.flatMap(session => session.astray) },
    get sent() { return sessions.reduce((sum, session) => sum + session.sent, 0) },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

class Session {
  readonly heard: string[] = []
  readonly astray: string[] = []
  sent = 0
  readonly #hostile: HostileServer
  readonly #shown: Shown
  readonly #raw: Socket
  #socket: Socket
  #received = ''
  /** Lines that the script has not waited for yet. */
  readonly #waiting: string[] = []
  #closed = false
  #wake: () => void = () => undefined

  constructor(hostile: HostileServer, shown: Shown, socket: Socket) {
    this.#hostile = hostile
    this.#shown = shown
    this.#raw = socket
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  async run(): Promise<void> {
    if (this.#hostile.script[0]?.does !== 'tls') this.#listen()
    let together: Buffer[] = []
    for (const [at, step] of this.#hostile.script.entries()) {
      if (this.#closed) return
      if (step.does === 'say' && !step.dripping && step.times === 1) {
        together.push(step.octets)
        if (this.#hostile.script[at + 1]?.does === 'say') continue
      }
      // what is said without a pause is one segment, as far as the network goes along
      this.#write(Buffer.concat(together))
      together = []
      switch (step.does) {
        case 'say':
          if (step.dripping || step.times > 1) await this.#say(step)
          break
        case 'hear': {
          const line = await this.#line()
          if (line !== null && !line.startsWith(step.start)) this.astray.push(`${step.start} was to come, and it was ${line}`)
          break
        }
        case 'hello': await this.#octets(); break
        case 'tls': if (!(await this.#secure())) return; break
        case 'certificate': this.#write(certificateFlight(this.#shown.chain)); break
        case 'alert': this.#write(Buffer.of(0x15, 3, 3, 0, 2, 2, step.number)); break
        case 'clear': this.#socket = this.#raw; break
        case 'close': this.#socket.end(); break
        case 'cut': this.#raw.end(); break
        case 'reset': this.#raw.resetAndDestroy(); break
      }
    }
  }

  #write(octets: Buffer): boolean {
    this.sent += octets.length
    return octets.length === 0 || this.#closed || this.#socket.writableEnded || this.#socket.write(octets)
  }

  async #say({ octets, times, dripping }: Saying): Promise<void> {
    if (dripping) {
      for (let i = 0; i < times && !this.#closed; i++) {
        for (const octet of octets) {
          this.#write(Buffer.of(octet))
          await this.#pause(drop)
        }
      }
      return
    }
    const most = Math.max(1, Math.floor(16_384 / octets.length))
    for (let left = times; left > 0 && !this.#closed && this.sent < enough;) {
      const now = Math.min(left, most)
      left -= now
      if (!this.#write(Buffer.concat(Array<Buffer>(now).fill(octets)))) await this.#drained()
    }
  }

  /** Until there is room again, or nobody to send to. */
  #drained(): Promise<void> {
    const socket = this.#socket
    return new Promise(resolve => {
      const done = (): void => {
        socket.off('drain', done)
        socket.off('close', done)
        resolve()
      }
      socket.on('drain', done)
      socket.on('close', done)
    })
  }

  /** Until the time is up, or the client gone. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        if (!this.#closed) return
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #secure(): Promise<boolean> {
    this.#raw.off('data', this.#hear)
    const { from, to, ciphers, asksForCertificate } = this.#hostile.tls
    const secure = new TLSSocket(this.#raw, {
      isServer: true,
      secureContext: createSecureContext({
        key: this.#shown.keyPem, cert: this.#shown.pem, minVersion: from, maxVersion: to, ciphers: `${ciphers ?? 'DEFAULT'}:@SECLEVEL=0`,
      }),
      ...(asksForCertificate ? { requestCert: true, rejectUnauthorized: true } : {}),
    })
    this.#socket = secure
    return await new Promise(resolve => {
      secure.on('error', () => this.#raw.destroy())
      secure.once('close', () => resolve(false))
      secure.once('secure', () => {
        this.#received = ''
        this.#listen()
        resolve(true)
      })
    })
  }

  #listen(): void {
    this.#socket.on('data', this.#hear)
  }

  readonly #hear = (octets: Buffer): void => {
    this.#received += octets.toString('latin1')
    // a handshake is no line
    for (let end; (end = this.#received.indexOf('\n')) >= 0 && !this.#received.startsWith('\x16');) {
      const line = this.#received.slice(0, end).replace(/\r$/, '')
      this.#received = this.#received.slice(end + 1)
      this.heard.push(line)
      this.#waiting.push(line)
    }
    this.#wake()
  }

  async #line(): Promise<string | null> {
    while (this.#waiting.length === 0) {
      if (this.#closed) return null
      await new Promise<void>(resolve => (this.#wake = resolve))
    }
    return this.#waiting.shift() ?? null
  }

  async #octets(): Promise<void> {
    while (this.#received === '' && this.#waiting.length === 0 && !this.#closed) await new Promise<void>(resolve => (this.#wake = resolve))
  }
}

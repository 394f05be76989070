/**
 * The sockets of a world: every one on loopback, on a port that the system chooses, and all of them gone after `close`.
 * With a latency, a delay line stands before each listener, and the servers behind know nothing of it.
 */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

export const loopback = '127.0.0.1'
/** What a client may leave open and idle. */
const idleLimit = 60_000
/** Pieces under way on a delay line before its sender has to wait. */
const fullLine = 256

export class Listeners {
  readonly #latency: number
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()
  #closedPort: Promise<number> | undefined
  #closed = false

  constructor(latency: number) {
    this.#latency = latency
  }

  /** Serves on a port of its own, and says which. */
  async open(serve: (socket: Socket) => void): Promise<number> {
    const port = await this.#listen(serve)
    return this.#latency === 0 ? port : this.#listen(client => this.#delayLine(client, port))
  }

  /**
   * A port that refuses, and goes on refusing: our own end of a connection holds it. That end is bound by hand, because the
   * system may give a port that it chose itself to a client that wants to go there, and then the client meets itself.
   */
  closedPort(): Promise<number> {
    this.#closedPort ??= this.#holdPort()
    return this.#closedPort
  }

  async #holdPort(): Promise<number> {
    const port = await this.#listen(() => undefined)
    for (let attempt = 1; ; attempt++) {
      const probe = createServer().listen(0, loopback)
      await once(probe, 'listening')
      const { port: localPort } = probe.address() as AddressInfo
      await new Promise(resolve => probe.close(resolve))
      const holder = this.#keep(connect({ port, host: loopback, localAddress: loopback, localPort }), 0)
      try {
        await once(holder, 'connect')
        return localPort
      } catch (error) { // somebody else was quicker to take it
        if (attempt === 20) throw error
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.splice(0).map(server => new Promise(resolve => server.close(resolve))))
  }

  async #listen(serve: (socket: Socket) => void): Promise<number> {
    const server = createServer({ noDelay: true }, socket => {
      serve(this.#keep(socket, idleLimit))
    })
    this.#servers.push(server)
    server.listen(0, loopback)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  #keep(socket: Socket, idle: number): Socket {
    if (this.#closed) return socket.destroy() // opened by what was under way while everything ends
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    if (idle > 0) socket.setTimeout(idle, () => socket.destroy())
    return socket
  }

  /**
   * A line of one round trip. Loopback accepts at once, so the server first hears of the client a round trip late (SYN and
   * SYN-ACK); after that, whatever it sends arrives a round trip after it was sent, for what it answers travelled no time.
   */
  #delayLine(client: Socket, port: number): void {
    const timers = new Set<NodeJS.Timeout>()
    const later = (act: () => void): void => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        act()
      }, this.#latency)
      timers.add(timer)
    }
    client.pause()
    client.on('close', () => {
      for (const timer of timers) clearTimeout(timer)
    })
    later(() => {
      const server = this.#keep(connect({ port, host: loopback, noDelay: true }), idleLimit)
      client.on('close', () => server.destroy())
      client.pipe(server)
      server.on('data', (chunk: Buffer) => {
        if (timers.size >= fullLine) server.pause()
        later(() => {
          if (client.write(chunk)) server.resume()
        })
      })
      client.on('drain', () => server.resume())
      server.on('end', () => {
        later(() => client.end())
      })
      server.on('close', hadError => {
        if (hadError) later(() => client.destroy())
      })
    })
  }
}

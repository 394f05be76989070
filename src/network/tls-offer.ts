/**
 * A ClientHello of our own in place of a handshake (DESIGN: old TLS): octets out, the server's choice or its refusal in, and no
 * key. A TLS alert and hanging up are both refusals: the same server, asked for what it likes, has answered before.
 */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { formatClientHello, type ClientHello } from '../syntax/client-hello.ts'
import { ServerFlight, type OfferAnswer } from '../syntax/server-hello.ts'
import { NetworkFailure, type Failure } from './network.ts'
import { streamFailure } from './tcp.ts'

export interface OfferOptions {
  /** Milliseconds until the answer must be there. */
  readonly timeout: number
  /** Gets the octets, when what comes in is no TLS. */
  readonly onPlaintext?: (octets: Buffer) => void
}

/** The socket is of no more use afterwards. Rejects with `NetworkFailure` when the peer says neither yes nor no. */
export function offer(socket: Socket, hello: ClientHello, { timeout, onPlaintext }: OfferOptions): Promise<OfferAnswer> {
  const flight = new ServerFlight()
  let begun = false
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle({ event: 'timeout', reason: 'tarpit', detail: `the TLS handshake was not answered within ${timeout / 1000} s` })
    }, timeout)
    const settle = (otherwise: Failure): void => {
      clearTimeout(timer)
      socket.destroy()
      const { answer } = flight
      if (answer) resolve(answer)
      else reject(new NetworkFailure(otherwise))
    }
    const gone = (failure: Failure): void => {
      const refused = !begun && failure.event === 'closed' && !/no longer answers/.test(failure.detail)
      if (refused) resolve({ accepted: false, alert: null })
      settle(failure)
    }
    socket.on('data', (octets: Buffer) => {
      const [type = 0] = octets
      if (!begun && (type < 20 || type > 24)) {
        onPlaintext?.(octets)
        settle({ event: 'handshake', reason: 'connection-lost', detail: 'the peer sent plaintext where TLS was expected' })
        return
      }
      begun = true
      flight.push(octets)
      if (flight.complete) settle({ event: 'handshake', reason: 'connection-lost', detail: 'the answer to the TLS handshake cannot be read' })
    })
    socket.on('end', () => gone(streamFailure()))
    socket.on('error', (error: NodeJS.ErrnoException) => gone(streamFailure(error)))
    socket.on('close', () => gone(streamFailure()))
    socket.write(formatClientHello(hello, randomBytes(32)))
    socket.resume()
  })
}

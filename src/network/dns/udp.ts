/** One question by UDP (RFC 1035 §4.2.1), from a socket and so from a port of its own (RFC 5452 §9.2). */
import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { addressOctets } from '../../syntax/address.ts'
import type { NetworkFailure } from '../network.ts'
import { localEnd } from '../tcp.ts'
import { readReply, type AskedQuestion, type Reply } from './exchange.ts'
import { malformed, silent, unreachable } from './failures.ts'

export interface Peer {
  readonly host: string
  readonly port: number
  /** How it is called in failures. */
  readonly name: string
  /** The local address to ask from; it counts for peers of its own family. */
  readonly source?: string | undefined
}

/**
 * Waits `timeout` milliseconds for an answer, and sends the same octets once more after half of them: a lost packet is common,
 * and waiting for the next attempt is dear. Whatever does not answer the question is passed over. Rejects with `NetworkFailure`.
 */
export function askByUdp(asked: AskedQuestion, peer: Peer, timeout: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let socket: Socket
    try {
      socket = createSocket(isIPv6(peer.host) ? 'udp6' : 'udp4')
    } catch (error) {
      reject(unreachable(peer.name, error as NodeJS.ErrnoException))
      return
    }
    let open = true
    let strays = 0
    let again: NodeJS.Timeout | undefined
    const timer = setTimeout(() => {
      fail(strays > 0 ? malformed(peer.name, 'what it sends does not answer the question') : silent(peer.name))
    }, timeout)
    const close = (): void => {
      open = false
      clearTimeout(timer)
      clearTimeout(again)
      socket.close()
    }
    const fail = (failure: NetworkFailure): void => {
      if (!open) return
      close()
      reject(failure)
    }
    socket.on('error', (error: NodeJS.ErrnoException) => fail(unreachable(peer.name, error)))
    socket.on('message', (octets, from) => {
      if (!open) return
      const reply = from.port === peer.port && sameAddress(from.address, peer.host) ? readReply(octets, asked) : 'stray'
      if (reply === 'stray') strays++
      else if ('problem' in reply) fail(malformed(peer.name, reply.problem))
      else {
        close()
        resolve(reply)
      }
    })
    socket.once('connect', () => {
      if (!open) return
      socket.send(asked.octets)
      again = setTimeout(() => socket.send(asked.octets), timeout / 2)
    })
    const { localAddress } = localEnd(peer.source, peer.host)
    if (localAddress !== undefined) socket.bind({ address: localAddress, port: 0 })
    // Connected: the kernel drops what comes from elsewhere, and tells us when the port is closed.
    socket.connect(peer.port, peer.host)
  })
}

/** A packet that came between binding and connecting may be from anywhere. */
function sameAddress(a: string, b: string): boolean {
  if (a === b) return true
  const [left, right] = [a, b].map(address => addressOctets(address.replace(/%.*$/, '')))
  return left !== undefined && left !== null && right !== undefined && right !== null && Buffer.compare(left, right) === 0
}

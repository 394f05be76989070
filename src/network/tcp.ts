/** Opening a TCP connection, and what it means when that fails. */
import { connect, isIPv6, type Socket } from 'node:net'
import { NetworkFailure, type Failure } from './network.ts'

export interface TcpOptions {
  readonly address: string
  readonly port: number
  /** Milliseconds until the peer must have accepted. */
  readonly timeout: number
  /** The local address to connect from; it counts for peers of its own family. */
  readonly source?: string | undefined
}

/** A connected socket, paused, and whose errors are the caller's to watch. Rejects with `NetworkFailure`. */
export function openTcp({ address, port, timeout, source }: TcpOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, ...localEnd(source, address) })
    const timer = setTimeout(() => {
      fail({ event: 'timeout', reason: 'connect-timeout', detail: `no connection within ${timeout / 1000} s` })
    }, timeout)
    const fail = (failure: Failure): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new NetworkFailure(failure))
    }
    const onError = (error: NodeJS.ErrnoException): void => fail(connectFailure(error, isIPv6(address)))
    socket.on('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.on('error', () => undefined) // errors after the last listener left must not end the process
      socket.off('error', onError)
      resolve(socket)
    })
  })
}

/** The part of a socket's options that says where it begins: nothing for a peer of the other family. */
export function localEnd(source: string | undefined, peer: string): { readonly localAddress?: string } {
  return source !== undefined && isIPv6(source) === isIPv6(peer) ? { localAddress: source } : {}
}

function connectFailure({ code = 'EUNKNOWN' }: NodeJS.ErrnoException, v6: boolean): Failure {
  switch (code) {
    case 'ECONNREFUSED':
      return { event: 'refused', reason: 'connection-lost', detail: 'connection refused' }
    case 'ETIMEDOUT':
      return { event: 'timeout', reason: 'connect-timeout', detail: 'no connection within the limit of the operating system' }
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
      return { event: 'unreachable', reason: v6 ? 'no-ipv6-here' : 'no-ipv4-here', detail: `no route over IPv${v6 ? 6 : 4} (${code})` }
    case 'EACCES':
    case 'EPERM':
      return { event: 'unreachable', reason: 'local-egress-blocked', detail: `the connection is forbidden here (${code})` }
    case 'EHOSTUNREACH':
      // Any router on the way may say so, ours included.
      return { event: 'unreachable', reason: 'connect-timeout', detail: 'host unreachable (EHOSTUNREACH)' }
    default:
      return streamFailure({ code })
  }
}

/** What an error on an open connection means. Without an error the peer closed it. */
export function streamFailure(error?: { readonly code?: string | undefined }): Failure {
  const detail = error?.code === undefined ? 'the peer closed the connection'
    : error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'the peer reset the connection'
    : error.code === 'ETIMEDOUT' ? 'the peer no longer answers'
    : `the connection broke (${error.code})`
  return { event: 'closed', reason: 'connection-lost', detail }
}

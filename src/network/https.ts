/** One HTTP exchange over HTTPS: no redirects, no shared connections, the certificate kept as a fact. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { isIP, type Socket } from 'node:net'
import type { TrustAnchors } from '../syntax/certificate.ts'
import { stepLimits } from './line-connection.ts'
import { NetworkFailure, type Failure, type HttpRequest, type HttpResponse, type TlsSession } from './network.ts'
import { openTcp, streamFailure, type TcpOptions } from './tcp.ts'
import { tlsFailure } from './tls-failure.ts'
import { handshake } from './tls.ts'

export interface FetchOptions {
  /** IPv4 and IPv6 addresses of a host, in the order in which to try them. */
  readonly resolve: (host: string) => Promise<readonly string[]>
  /** Where an address and port are really reached; throws `NetworkFailure` for what must not be. */
  readonly target: (address: string, port: number) => Pick<TcpOptions, 'address' | 'port' | 'source'>
  readonly anchors: TrustAnchors
  /** Milliseconds for each step, in place of the usual limits. */
  readonly timeout?: number | undefined
}

/** Milliseconds for everything together (RFC 8461 §3.3 suggests a minute). */
const TOTAL = 60_000
/** Octets of body, unless the request says otherwise (RFC 8461 §3.3 lets a policy have as many). */
const BODY = 64 * 1024

/** `http:` URLs are exchanged in clear. Rejects with `NetworkFailure`, also for what is no such URL. */
export async function exchange(url: string, request: HttpRequest, options: FetchOptions): Promise<HttpResponse> {
  const started = performance.now()
  const parsed = parse(url)
  const total = Math.min(request.timeout ?? TOTAL, options.timeout === undefined ? TOTAL : options.timeout * 3)
  const left = (limit: number): number => Math.max(1, Math.min(options.timeout ?? limit, started + total - performance.now()))
  let raw: Socket | undefined
  try {
    const reached = await connectAny(parsed, request, options, left)
    raw = reached.socket
    let socket: Socket = raw
    let tls: TlsSession | undefined
    if (parsed.protocol === 'https:') {
      const { anchors } = options
      const made = await handshake(raw, { host: bare(parsed.hostname), timeout: left(stepLimits.handshake), anchors, alpn: ['http/1.1'] })
      socket = made.socket
      tls = made.session
    }
    const response = await converse(parsed, request, socket, left(stepLimits.reply))
    return { url, ...response, address: reached.address, tls, elapsed: Math.round(performance.now() - started) }
  } catch (error) {
    // timers are a moment early at times
    if (performance.now() < started + total - 5 || !(error instanceof NetworkFailure)) throw error
    throw new NetworkFailure({ event: 'timeout', reason: raw ? 'tarpit' : 'connect-timeout', detail: `no response within ${total / 1000} s` })
  } finally {
    raw?.destroy()
  }
}

/** One after the other, until one accepts. When none does, the first that is not merely out of our reach says why. */
async function connectAny(
  url: URL, { addresses: known, connectTimeout = stepLimits.connect }: HttpRequest, options: FetchOptions, left: (limit: number) => number,
): Promise<{ socket: Socket; address: string }> {
  const host = bare(url.hostname)
  const addresses = known ?? (isIP(host) === 0 ? await options.resolve(host) : [host])
  const failures: Failure[] = []
  for (const address of addresses) {
    try {
      const target = options.target(address, Number(url.port) || (url.protocol === 'https:' ? 443 : 80))
      return { socket: await openTcp({ ...target, timeout: left(connectTimeout) }), address }
    } catch (error) {
      if (!(error instanceof NetworkFailure)) throw error
      failures.push(error)
    }
  }
  const failure = failures.find(one => one.event !== 'unreachable') ?? failures[0]
  throw new NetworkFailure(failure ?? { event: 'unreachable', reason: 'endpoint-unknown', detail: `${host} has no address` })
}

function converse(url: URL, request: HttpRequest, socket: Socket, timeout: number): Promise<Pick<HttpResponse, 'status' | 'headers' | 'body'>> {
  const limit = request.limit ?? BODY
  return new Promise((resolve, reject) => {
    const fail = (failure: Failure): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new NetworkFailure(failure))
    }
    const timer = setTimeout(() => {
      fail({ event: 'timeout', reason: 'tarpit', detail: `the response was not complete within ${timeout / 1000} s` })
    }, timeout)
    const body = Buffer.from(request.body ?? '', 'latin1')
    const exchange = httpRequest({
      method: request.method ?? 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host, 'user-agent': 'mailcheck', accept: '*/*', connection: 'close', ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': body.length }),
      },
      createConnection: () => socket,
    })
    exchange.on('error', error => fail(httpFailure(error)))
    exchange.on('response', (response: IncomingMessage) => {
      const parts: Buffer[] = []
      let octets = 0
      response.on('data', (part: Buffer) => {
        octets += part.length
        if (octets > limit) fail({ event: 'too-long', reason: 'tarpit', detail: `a body of more than ${limit} octets` })
        else parts.push(part)
      })
      response.on('error', error => fail(httpFailure(error)))
      response.on('end', () => {
        clearTimeout(timer)
        resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(parts).toString('latin1') })
      })
    })
    exchange.end(body)
  })
}

/** From the pairs as they came: in some releases of Node 20 to 25, its own collections throw at a header called __proto__. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    const before = headers.get(name)
    headers.set(name, before === undefined ? rawHeaders[i + 1] ?? '' : `${before}, ${rawHeaders[i + 1] ?? ''}`)
  }
  return Object.fromEntries(headers)
}

function httpFailure(error: NodeJS.ErrnoException): Failure {
  if (error.code === 'HPE_HEADER_OVERFLOW') return { event: 'too-long', reason: 'tarpit', detail: 'the response’s header is too long' }
  if (error.code?.startsWith('HPE_')) return { event: 'malformed', reason: 'connection-lost', detail: 'what the server sent is no HTTP response' }
  const failure = tlsFailure(error)
  return failure.event === 'closed' ? streamFailure() : failure
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new NetworkFailure({ event: 'malformed', reason: 'endpoint-unknown', detail: 'this is no HTTPS URL' })
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}

/**
 * The web server: GET and HEAD for everything, POST for the reload. Whoever asks is a stranger: what they send is small or
 * refused, what they read slowly is cut off, and nothing they name is a file.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { harmless } from '../report/visible.ts'
import type { Log } from './log.ts'
import { answer, type Reply, type Routed } from './routes.ts'
import type { Service } from './service.ts'
import type { WebAccess } from './web-config.ts'

export interface ServerSettings {
  readonly host: string
  readonly port: number
  /** TLS and passwords; null: neither. */
  readonly access: WebAccess | null
  readonly version: string
  /** Milliseconds that a client may take. */
  readonly limits?: Limits
}

/** Milliseconds: for the head of a request, for all of it, between two requests, and for what is answered to be taken. */
interface Limits {
  readonly head: number
  readonly request: number
  readonly idle: number
  readonly answer: number
}

export interface RunningServer {
  /** `http://127.0.0.1:9725` */
  readonly url: string
  /** Takes certificates and passwords as they are now. */
  renew(access: WebAccess | null): void
  /** Answers what was asked, and nobody else; who takes longer than so many milliseconds is cut off. */
  close(patience?: number): Promise<void>
}

const usualLimits: Limits = { head: 10_000, request: 15_000, idle: 30_000, answer: 60_000 }
const mostHeaderOctets = 16_384
const mostBodyOctets = 65_536
const mostConnections = 512

/** What is no request is answered before anything of ours sees it. */
const refusals: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large', ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Rejects when the address cannot be listened at. */
export async function startServer(service: Service, settings: ServerSettings, log: Log): Promise<RunningServer> {
  let { access } = settings
  const { limits = usualLimits } = settings
  const options: ServerOptions = {
    maxHeaderSize: mostHeaderOctets, headersTimeout: limits.head, requestTimeout: limits.request, keepAliveTimeout: limits.idle,
    connectionsCheckingInterval: Math.min(2000, limits.head), insecureHTTPParser: false,
  }
  const respond = (request: IncomingMessage, response: ServerResponse): void => void handle(service, { access, version: settings.version, log, patience: limits.answer }, request, response)
  const server = access?.tls ? createHttpsServer({ ...options, ...access.tls }, respond) : createHttpServer(options, respond)
  server.maxConnections = mostConnections
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const status = refusals[error.code ?? ''] ?? '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    else socket.destroy()
  })
  await listen(server, settings)
  const { port } = server.address() as AddressInfo
  const shown = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  return {
    url: `${access?.tls ? 'https' : 'http'}://${shown}:${port}`,
    renew: now => {
      if (now?.tls && access?.tls && 'setSecureContext' in server) server.setSecureContext(now.tls)
      access = now && access ? { ...now, tls: access.tls ? now.tls : null } : now
    },
    close: (patience = 0) => new Promise(resolve => {
      const cutOff = setTimeout(() => server.closeAllConnections(), patience)
      server.close(() => {
        clearTimeout(cutOff)
        resolve()
      })
      server.closeIdleConnections()
    }),
  }
}

function listen(server: Server, { host, port }: ServerSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

interface Handling {
  readonly access: WebAccess | null
  readonly version: string
  readonly log: Log
  /** Milliseconds for what is answered to be taken. */
  readonly patience: number
}

async function handle(service: Service, { access, version, log, patience }: Handling, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.on('error', () => gone.abort())
  refuseLongBodies(request)
  let routed: Routed = { handler: 'other', reply: { status: 401, body: 'a user name and a password are needed\n', headers: { 'WWW-Authenticate': 'Basic realm="mailcheck", charset="UTF-8"' } } }
  try {
    if (!access || await access.permits(request.headers.authorization)) routed = await answer(service, { request, version, signal: gone.signal })
  } catch (error) {
    log('error', 'a request failed by a bug in mailcheck', { error: error instanceof Error ? error.stack ?? error.message : String(error) })
    routed = { handler: 'other', reply: { status: 500, body: 'this is a bug in mailcheck; its log says more\n' } }
  }
  service.own.requestAnswered(routed.handler, routed.reply.status)
  await send(routed.reply, request, response, { gone: gone.signal, patience })
}

/** Nobody has anything to tell us that would not fit into a request line. */
function refuseLongBodies(request: IncomingMessage): void {
  let octets = 0
  request.on('data', (chunk: Buffer) => {
    octets += chunk.length
    if (octets > mostBodyOctets) request.destroy()
  })
  request.on('error', () => undefined)
}

/** Nothing may be loaded, run or framed; a page that needs a style says so itself. */
const headersOfAll: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
}

async function send({ status, type = 'text/plain; charset=utf-8', body, headers = {} }: Reply, request: IncomingMessage, response: ServerResponse, { gone, patience }: { gone: AbortSignal; patience: number }): Promise<void> {
  if (gone.aborted) return
  const slow = setTimeout(() => response.destroy(), patience)
  gone.addEventListener('abort', () => clearTimeout(slow), { once: true })
  const whole = typeof body === 'string'
  response.writeHead(status, {
    ...headersOfAll, ...headers, 'Content-Type': type, ...(whole ? { 'Content-Length': Buffer.byteLength(body) } : {}),
  })
  if (request.method === 'HEAD' || whole) {
    response.end(request.method === 'HEAD' ? undefined : body)
    return
  }
  for await (const piece of body) {
    if (!response.write(piece)) await drained(response, gone)
    if (response.destroyed) return
  }
  response.end()
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const settle = (): void => {
      response.off('drain', settle)
      gone.removeEventListener('abort', settle)
      resolve()
    }
    response.once('drain', settle)
    gone.addEventListener('abort', settle, { once: true })
    if (gone.aborted) settle()
  })
}

/** Why it cannot listen, in words. */
export function listenFailure(error: unknown, { host, port }: Pick<ServerSettings, 'host' | 'port'>): string {
  const { code, message } = error as NodeJS.ErrnoException
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: 'something else listens there', EACCES: 'permission denied', EADDRNOTAVAIL: 'this machine has no such address', ENOTFOUND: 'there is no such host',
  }
  return `cannot listen at ${harmless(host)} port ${port}: ${words[code ?? ''] ?? message}`
}

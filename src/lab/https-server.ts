/** The pages of a host (an MTA-STS policy, an autoconfig file), over HTTPS or in clear. */
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { acceptTls, type TlsOptions } from './tls-identity.ts'

export interface Page {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** By path, with its query or without, whatever the method; any other is 404. Null: in clear. */
export function servePages(pages: Readonly<Record<string, Page>>, tls: TlsOptions | null): (socket: Socket) => void {
  const server = createServer((request, response) => {
    const { url = '' } = request
    const page = pages[url] ?? pages[url.split('?')[0] ?? '']
    const { status, headers, body } = page ?? { status: 404, headers: {}, body: 'not found\n' }
    const octets = typeof body === 'string' ? Buffer.from(body) : body
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': octets.length, connection: 'close', ...headers })
    response.end(request.method === 'HEAD' ? undefined : octets)
  })
  return socket => {
    if (tls === null) {
      server.emit('connection', socket)
      return
    }
    void acceptTls(socket, tls).then(secure => {
      if (secure) server.emit('connection', secure)
    })
  }
}

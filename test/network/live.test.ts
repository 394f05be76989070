import { createHook } from 'node:async_hooks'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createAuthority, createSelfSigned, type Authority, type IssuedCertificate } from '../../src/lab/certificates.ts'
import { createLiveNetwork, type LiveOptions } from '../../src/network/live.ts'
import type { Endpoint, HttpResponse, Network } from '../../src/network/network.ts'
import { parseZone } from '../../src/syntax/zone.ts'
import { startServer, type TestServer } from './dns/servers.ts'
import { credentials, deaf, failureOf, listen, listenTls, type Peer } from './peer.ts'

let root: Authority, leaf: IssuedCertificate
beforeAll(async () => {
  root = await createAuthority('Example Root')
  leaf = await root.issue({ names: ['www.example.com'] })
})

/** A resolver that knows this zone and denies all else. */
async function resolverFor(zone = ''): Promise<TestServer> {
  const { records } = parseZone(zone, { origin: '' })
  return await startServer(asked => {
    const { name, type } = asked.query
    const named = records.filter(record => record.name === name)
    asked.answer({ rcode: named.length > 0 ? 'NOERROR' : 'NXDOMAIN', records: named.filter(record => record.type === type) })
  })
}

const web = `
www.example.com A 192.0.2.80
both.example.com A 192.0.2.80
both.example.com AAAA 2001:db8::80
six.example.com AAAA 2001:db8::80
dead.example.com A 192.0.2.81
`

/** A network whose way to `192.0.2.80` and `2001:db8::80` ends at `peer`, and to everywhere else at nobody. */
async function networkTo(peer: Pick<Peer, 'address' | 'port'>, options: Partial<LiveOptions> = {}): Promise<Network> {
  const resolver = await resolverFor(web)
  return createLiveNetwork({
    resolvers: [resolver], timeout: 5000, anchors: [root.pem],
    route: address => address.endsWith('80') ? { address: peer.address, port: peer.port } : null, ...options,
  })
}

async function serveHttp(listener: RequestListener, certificate: IssuedCertificate | null = leaf): Promise<Peer> {
  const server = certificate ? createHttpsServer(credentials(certificate), listener) : createHttpServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise(resolve => {
    server.closeAllConnections()
    server.close(() => resolve(undefined))
  }))
  return { address: '127.0.0.1', port: (server.address() as { port: number }).port, open: new Set(), idle: () => Promise.resolve() }
}

const fetchFrom = async (listener: RequestListener, url = 'https://www.example.com/a?b=c', options: Partial<LiveOptions> = {}): Promise<HttpResponse> =>
  (await networkTo(await serveHttp(listener), options)).fetch(url)

describe('fetch', () => {
  test('brings status, headers, body and certificate', async () => {
    const response = await fetchFrom((request, answer) => {
      answer.writeHead(200, { 'Content-Type': 'text/plain', 'X-Twice': ['a', 'b'] })
      answer.end(Buffer.from(`${request.method ?? ''} ${request.url ?? ''} of ${request.headers.host ?? ''} \xff`, 'latin1'))
    })
    expect(response).toMatchObject({
      url: 'https://www.example.com/a?b=c', status: 200, body: 'GET /a?b=c of www.example.com \xff', address: '192.0.2.80',
      headers: { 'content-type': 'text/plain', 'x-twice': 'a, b' },
      tls: { version: 'TLSv1.3', servername: 'www.example.com', chain: [leaf.der.toString('base64')], trust: { trusted: true } },
    })
  })

  test('headers may be called anything', async () => {
    const { headers } = await fetchFrom((_request, answer) => {
      answer.socket?.end('HTTP/1.1 200 OK\r\n__proto__: a\r\nConstructor: b\r\ntoString: c\r\n__proto__: d\r\nContent-Length: 0\r\n\r\n')
    })
    expect(Object.entries(headers)).toEqual([['__proto__', 'a, d'], ['constructor', 'b'], ['tostring', 'c'], ['content-length', '0']])
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype)
  })

  test('follows no redirect', async () => {
    let requests = 0
    const response = await fetchFrom((_request, answer) => {
      requests++
      answer.writeHead(301, { Location: 'https://www.example.com/else' })
      answer.end()
    })
    expect(response).toMatchObject({ status: 301, headers: { location: 'https://www.example.com/else' } })
    expect(requests).toBe(1)
  })

  test('rejects no certificate', async () => {
    const own = await createSelfSigned({ names: ['wrong.example'], notAfter: new Date('2020-01-01') })
    const network = await networkTo(await serveHttp((_request, answer) => answer.end('there'), own))
    expect(await network.fetch('https://www.example.com/')).toMatchObject({
      body: 'there', tls: { trust: { trusted: false, problem: 'self-signed' }, chain: [own.der.toString('base64')] },
    })
  })

  test('sends what it is given, and speaks HTTP in clear when the URL says so', async () => {
    const network = await networkTo(await serveHttp((request, answer) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => answer.end(`${request.method ?? ''} ${String(request.headers['x-a'])} ${Buffer.concat(parts).toString('hex')}`))
    }, null))
    const response = await network.fetch('http://www.example.com/', { method: 'POST', body: 'a\xff', headers: { 'X-A': 'b' } })
    expect(response.body).toBe('POST b 61ff')
    expect(response.tls).toBeUndefined()
  })

  test('reads no longer body than it may', async () => {
    const long: RequestListener = (_request, answer) => answer.end('x'.repeat(70_000))
    expect(await failureOf(fetchFrom(long))).toEqual({ event: 'too-long', reason: 'tarpit', detail: 'a body of more than 65536 octets' })
    const network = await networkTo(await serveHttp(long))
    expect((await network.fetch('https://www.example.com/', { limit: 70_000 })).body.length).toBe(70_000)
  })

  test('reads no longer header than it may', async () => {
    expect(await failureOf(fetchFrom((_request, answer) => {
      answer.writeHead(200, { 'X-Long': 'x'.repeat(70_000) })
      answer.end()
    }))).toEqual({ event: 'too-long', reason: 'tarpit', detail: 'the response’s header is too long' })
  })

  test('ends in time, however the server drips', async () => {
    expect(await failureOf(fetchFrom((_request, answer) => {
      const timer = setInterval(() => answer.write('x'), 10)
      answer.on('close', () => clearInterval(timer))
    }, undefined, { timeout: 1000 }))).toEqual({ event: 'timeout', reason: 'tarpit', detail: 'the response was not complete within 1 s' })
  })

  test('ends sooner for who has less patience', async () => {
    const network = await networkTo(await serveHttp(() => undefined))
    expect(await failureOf(network.fetch('https://www.example.com/', { timeout: 200 }))).toEqual({ event: 'timeout', reason: 'tarpit', detail: 'no response within 0.2 s' })
  })

  test('says what is no HTTP, and what broke off', async () => {
    const answering = async (text: string): Promise<unknown> => {
      const peer = await listenTls(credentials(leaf), secure => secure.once('data', () => secure.end(text)))
      return failureOf((await networkTo(peer)).fetch('https://www.example.com/'))
    }
    expect(await answering('220 mx1.example.com ESMTP\r\n')).toEqual({ event: 'malformed', reason: 'connection-lost', detail: 'what the server sent is no HTTP response' })
    expect(await answering('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc')).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' })
    expect(await answering('')).toEqual({ event: 'closed', reason: 'connection-lost', detail: 'the peer closed the connection' })
  })

  test('meets a server that speaks no TLS', async () => {
    const network = await networkTo(await listen((socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))))
    expect(await failureOf(network.fetch('https://www.example.com/'))).toMatchObject({ event: 'handshake', detail: 'the peer sent plaintext where TLS was expected' })
  })

  test('takes IPv4 first, and IPv6 when there is nothing else', async () => {
    const peer = await serveHttp((_request, answer) => answer.end('here'))
    const resolvers = [await resolverFor(web)]
    const only = (family: 4 | 6): Network => createLiveNetwork({
      resolvers, route: address => address.includes(':') === (family === 6) ? { address: peer.address, port: peer.port } : null,
    })
    expect((await only(4).fetch('https://both.example.com/')).address).toBe('192.0.2.80')
    expect((await only(6).fetch('https://both.example.com/')).address).toBe('2001:db8::80')
    expect((await only(6).fetch('https://six.example.com/')).address).toBe('2001:db8::80')
    expect((await only(6).fetch('https://[2001:db8::80]/')).tls?.servername).toBeNull()
    expect((await only(4).fetch('https://www.example.com/', { addresses: ['2001:db8::80', '198.51.100.80'] })).address).toBe('198.51.100.80')
  })

  test('names the failure that tells most', async () => {
    const silent = await deaf()
    const network = createLiveNetwork({
      resolvers: [await resolverFor(web)], timeout: 500, route: address => address.includes(':') ? null : silent,
    })
    expect(await failureOf(network.fetch('https://both.example.com/'))).toEqual({ event: 'timeout', reason: 'connect-timeout', detail: 'no connection within 0.5 s' })
    expect(await failureOf(network.fetch('https://six.example.com/'))).toMatchObject({ event: 'unreachable', reason: 'local-egress-blocked' })
  })

  test('of a host without address, and of one whose resolver fails', async () => {
    const network = await networkTo({ address: '127.0.0.1', port: 1 })
    expect(await failureOf(network.fetch('https://nowhere.example/'))).toEqual({ event: 'unreachable', reason: 'endpoint-unknown', detail: 'nowhere.example has no address' })
    const failing = await startServer(asked => asked.answer({ rcode: 'SERVFAIL' }))
    const broken = createLiveNetwork({ resolvers: [failing], timeout: 1000, route: () => null })
    expect(await failureOf(broken.fetch('https://www.example.com/'))).toMatchObject({ event: 'rcode', reason: 'dns-servfail' })
  })

  test.each(['', 'nonsense', 'ftp://www.example.com/', 'file:///etc/passwd', 'https://'])('of %j', async url => {
    expect(await failureOf((await networkTo({ address: '127.0.0.1', port: 1 })).fetch(url))).toMatchObject({ event: 'malformed' })
  })
})

describe('the live network', () => {
  const endpoint = (address: string, port = 25): Endpoint => ({ host: 'mx1.example.com', address, port, tls: 'starttls' })

  test('uses only the families it may', async () => {
    const peer = await listen(socket => socket.write('220 hello\r\n'))
    const network = (families: readonly (4 | 6)[]): Network => createLiveNetwork({ resolvers: [], families, route: () => peer })
    expect(await failureOf(network([4]).connect(endpoint('2001:db8::1')))).toEqual({ event: 'unreachable', reason: 'no-ipv6-here', detail: 'IPv6 is switched off' })
    expect(await failureOf(network([6]).connect(endpoint('192.0.2.1')))).toEqual({ event: 'unreachable', reason: 'no-ipv4-here', detail: 'IPv4 is switched off' })
    const connection = await network([4]).connect(endpoint('192.0.2.1'))
    expect((await connection.readLine()).text).toBe('220 hello')
    connection.close()
  })

  test('asks only for the addresses of those families', async () => {
    const resolver = await resolverFor(web)
    const network = createLiveNetwork({ resolvers: [resolver], families: [6], route: () => null })
    await failureOf(network.fetch('https://both.example.com/'))
    expect(resolver.asked.map(({ query }) => query.type)).toEqual(['AAAA'])
  })

  test('passes the wait for a connection on', async () => {
    const silent = await deaf()
    const network = createLiveNetwork({ resolvers: [], route: () => silent })
    expect(await failureOf(network.connect(endpoint('192.0.2.1'), { timeout: 50 }))).toMatchObject({ event: 'timeout', detail: 'no connection within 0.05 s' })
  })

  test('answers questions, and tells the time', async () => {
    const network = await networkTo({ address: '127.0.0.1', port: 1 })
    expect((await network.query({ name: 'www.example.com', type: 'A' })).records[0]?.data).toEqual({ address: '192.0.2.80' })
    expect(Math.abs(Number(network.now()) - Date.now())).toBeLessThan(10_000)
  })

  test('opens no socket but those to which its route leads, and looks up no name elsewhere', async () => {
    const mail = await listen(socket => socket.write('220 hello\r\n'))
    const forbidden = await listen(() => undefined)
    const pages = await serveHttp((_request, answer) => answer.end('here'))
    const nameServer = await resolverFor(web)
    const resolver = await resolverFor(web)
    const ways = new Map<string, Pick<Peer, 'address' | 'port'>>([['192.0.2.1:25', mail], ['192.0.2.80:443', pages], ['192.0.2.53:53', { address: nameServer.host, port: nameServer.port }]])
    const network = createLiveNetwork({
      resolvers: [resolver], route: (address, port) => ways.get(`${address}:${port}`) ?? null,
    })

    const opened: string[] = []
    const hook = createHook({
      init(_id, type, _trigger, resource: { address?: string; port?: number }) {
        if (type === 'TCPCONNECTWRAP') opened.push(`${resource.address ?? '?'}:${resource.port ?? '?'}`)
        if (type === 'UDPWRAP') opened.push('udp')
        if (/^GETADDRINFO|^GETNAMEINFO|^QUERYWRAP|^PIPECONNECT/.test(type)) opened.push(type)
      },
    }).enable()
    onTestFinished(() => void hook.disable())
    const connection = await network.connect(endpoint('192.0.2.1'))
    await connection.readLine()
    connection.close()
    const refused = { event: 'unreachable', reason: 'local-egress-blocked' }
    expect(await failureOf(network.connect(endpoint('192.0.2.2')))).toMatchObject(refused)
    expect(await failureOf(network.connect(endpoint('127.0.0.1', forbidden.port)))).toMatchObject(refused)
    expect(await failureOf(network.fetch(`https://127.0.0.1:${forbidden.port}/`))).toMatchObject(refused)
    expect(await failureOf(network.fetch('https://dead.example.com/'))).toMatchObject(refused)
    expect(await failureOf(network.fetch('https://www.example.com:444/'))).toMatchObject(refused)
    expect((await network.fetch('https://www.example.com/')).body).toBe('here')
    await network.query({ name: 'www.example.com', type: 'A', server: '192.0.2.53' })
    await network.query({ name: 'www.example.com', type: 'A', server: '192.0.2.53', transport: 'tcp' })
    expect(await failureOf(network.query({ name: 'www.example.com', type: 'A', server: '127.0.0.1' }))).toMatchObject({ event: 'unreachable' })
    hook.disable()

    const byUdp = [...resolver.asked, ...nameServer.asked].filter(({ transport }) => transport === 'udp').length
    expect(opened.toSorted()).toEqual([
      `127.0.0.1:${mail.port}`, `127.0.0.1:${pages.port}`, `127.0.0.1:${nameServer.port}`, ...Array.from({ length: byUdp }, () => 'udp'),
    ].toSorted())
    expect(forbidden.open.size).toBe(0)
  })

  test('without a route goes where it is told', async () => {
    const peer = await listen(socket => socket.write('220 hello\r\n'))
    const connection = await createLiveNetwork({ resolvers: [] }).connect(endpoint('127.0.0.1', peer.port))
    expect((await connection.readLine()).text).toBe('220 hello')
    connection.close()
  })

  test('fails in no other way than by NetworkFailure', async () => {
    const network = createLiveNetwork({ resolvers: [], timeout: 100, route: (address, port) => ({ address, port }) })
    await failureOf(network.query({ name: 'www.example.com', type: 'A' }))
    await failureOf(network.connect(endpoint('127.0.0.1', 1)))
    await failureOf(network.connect({ ...endpoint('127.0.0.1', 1), host: 'a\0b', tls: 'implicit' }))
  })
})

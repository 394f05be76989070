import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeQuery } from '../../src/network/dns/codec.ts'
import type { WorldDefinition } from '../../src/lab/definition.ts'
import { parseWorld } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { WorldError } from '../../src/lab/world-error.ts'
import { Client, smtpReply } from './client.ts'

const definition: WorldDefinition = {
  domains: { 'example.com': { about: 'a domain', selectors: ['s1'] }, 'example.org': null },
  certificates: {
    one: { names: ['one.example.com'] }, two: { names: ['two.example.com'] }, expired: { names: ['*.example.com'], from: '-90d', until: '-1d' },
    leaf: { names: ['*.example.com'], chain: 'leaf' }, own: { names: ['*.example.com'], issuer: 'self' },
    stranger: { names: ['*.example.com'], issuer: 'unknown' }, rooted: { names: ['*.example.com'], chain: 'with-root' },
  },
  servers: [
    {
      host: 'one.example.com', addresses: ['11.25.0.1', '2e00:25::1'], certificate: 'one', services: {
        smtp: { fault: 'refuse' }, submission: { fault: 'silent' }, submissions: { fault: 'close' }, imap: { fault: 'flood' },
        imaps: { fault: 'handshake' }, pop3: { drip: '2ms' }, pop3s: { fault: 'cleartext' },
        https: { pages: { '/.well-known/mta-sts.txt': 'version: STSv1\n', '/moved': { status: 301, headers: { location: 'https://x.example/' } } } },
      },
    },
    {
      host: 'two.example.com', addresses: ['11.25.0.2'], services: {
        imaps: { certificate: { 'two.example.com': 'two', '*': 'one' }, tls: { from: 'TLSv1', to: 'TLSv1.2' } },
        submissions: { certificate: 'expired' }, pop3s: { certificate: 'leaf' }, smtp: { delay: '50ms' }, submission: { fault: 'endless' },
      },
    },
    { host: 'a.example.com', addresses: ['11.25.0.3'], services: { imaps: { certificate: 'own' }, pop3s: { certificate: 'stranger' }, submissions: { certificate: 'rooted' } } },
  ],
}

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(definition)
})
afterAll(() => world.close())

function to(address: string, port: number): { host: string; port: number } {
  const route = world.route(address, port)
  if (!route) throw new Error('not of this world')
  return { host: route.address, port: route.port }
}

async function handshake(address: string, port: number, servername: string, ca = world.ca) {
  const socket = connectTls({ ...to(address, port), servername, ca, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect')
    let served = 0
    for (let at: unknown = socket.getPeerCertificate(true), before: unknown = null; at && at !== before; before = at, at = (at as { issuerCertificate?: unknown }).issuerCertificate) served++
    return { error: socket.authorized ? null : String(socket.authorizationError), version: socket.getProtocol(), subject: socket.getPeerCertificate().subject.CN, served }
  } finally {
    socket.destroy()
  }
}

async function errorOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(() => undefined, (error: unknown) => (error as NodeJS.ErrnoException).code)
}

describe('a world', () => {
  it('says what it holds', () => {
    expect(world.domains).toEqual(['example.com', 'example.org'])
    expect(world.declared['example.com']).toEqual({ about: 'a domain', selectors: ['s1'] })
    expect(world.ca).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
  })

  it('routes its own addresses to loopback, in any spelling, and no others', () => {
    expect(world.route('2E00:25:0::1', 443)).toEqual(world.route('11.25.0.1', 443))
    expect(world.route('11.25.0.1', 443)?.address).toBe('127.0.0.1')
    for (const address of ['11.25.0.9', '192.0.2.1', '127.0.0.1', '::1', 'nonsense']) expect(world.route(address, 25)).toBeNull()
  })

  it('refuses where nothing listens', async () => {
    for (const [address, port] of [['11.25.0.1', 25], ['11.25.0.1', 2525], ['11.25.0.2', 110]] as const) {
      expect(await errorOf(once(connect(to(address, port)), 'connect'))).toBe('ECONNREFUSED')
    }
  })

  it('refuses however often it is asked', async () => {
    const codes = new Set<string | undefined>()
    for (let round = 0; round < 40; round++) {
      const sockets = Array.from({ length: 500 }, () => errorOf(once(connect(to('11.25.0.1', 25)), 'connect')))
      for (const code of await Promise.all(sockets)) codes.add(code)
    }
    expect([...codes]).toEqual(['ECONNREFUSED'])
  })

  it('has the faults that it is told to have', async () => {
    const closed = connect(to('11.25.0.1', 465)).resume()
    await once(closed, 'end')
    expect(closed.bytesRead).toBe(0)
    expect(await errorOf(handshake('11.25.0.1', 993, 'one.example.com'))).toBe('ECONNRESET')
    expect(await errorOf(handshake('11.25.0.1', 995, 'one.example.com'))).toBe('ERR_SSL_WRONG_VERSION_NUMBER')
    for (const [address, port, piece] of [['11.25.0.1', 143, 'xxxxxxxx'], ['11.25.0.2', 587, '220-and more\r\n']] as const) {
      const flood = connect(to(address, port))
      let seen = ''
      while (seen.length < 1_000_000) seen += String((await once(flood, 'data'))[0])
      expect(seen.startsWith(piece)).toBe(true)
      flood.destroy()
    }
    const slow = await Client.open(world.route('11.25.0.1', 110))
    expect(await slow.line()).toMatch(/^\+OK/)
    slow.close()
    const silent = connect(to('11.25.0.1', 587))
    await once(silent, 'connect')
    silent.write('EHLO x\r\n')
    const late = await Client.open(world.route('11.25.0.2', 25))
    const before = performance.now()
    await late.until(smtpReply)
    expect(performance.now() - before).toBeGreaterThan(40)
    late.close()
    expect(silent.bytesRead).toBe(0) // … and it still says nothing
    silent.destroy()
  })

  it('shows the certificate, chain and TLS versions that it is told to', async () => {
    expect(await handshake('11.25.0.2', 993, 'two.example.com')).toEqual({ error: null, version: 'TLSv1.2', subject: 'two.example.com', served: 3 })
    expect((await handshake('11.25.0.2', 993, 'other.example.com')).subject).toBe('one.example.com')
    expect(await handshake('11.25.0.2', 465, 'two.example.com')).toMatchObject({ error: 'CERT_HAS_EXPIRED' })
    expect(await handshake('11.25.0.2', 995, 'two.example.com')).toMatchObject({ error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', served: 1 })
    expect(await handshake('11.25.0.3', 993, 'a.example.com')).toMatchObject({ error: 'DEPTH_ZERO_SELF_SIGNED_CERT', served: 1 })
    expect(await handshake('11.25.0.3', 995, 'a.example.com')).toMatchObject({ error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
    expect(await handshake('11.25.0.3', 465, 'a.example.com')).toMatchObject({ error: null, served: 3 })
  })

  it('serves pages over HTTPS', async () => {
    const get = async (path: string): Promise<string[]> => {
      const client = await Client.open(world.route('2e00:25::1', 443), { servername: 'one.example.com', ca: world.ca })
      client.send(`GET ${path} HTTP/1.1`, 'Host: one.example.com', '', '')
      const head = await client.until(/^$/)
      const rest = client.unread
      client.close()
      return [head[0] ?? '', head.find(line => line.startsWith('location')) ?? '', rest]
    }
    expect(await get('/.well-known/mta-sts.txt?x')).toEqual(['HTTP/1.1 200 OK', '', 'version: STSv1\n'])
    expect(await get('/moved')).toEqual(['HTTP/1.1 301 Moved Permanently', 'location: https://x.example/', ''])
    expect((await get('/nothing'))[0]).toBe('HTTP/1.1 404 Not Found')
  })

  it('is closed with sessions open, and leaves nothing that keeps a process alive', async () => {
    const script = `
      import { startWorld } from ${JSON.stringify(new URL('../../src/lab/world.ts', import.meta.url).href)}
      import { connect } from 'node:net'
      import { createSocket } from 'node:dgram'
      const world = await startWorld(${JSON.stringify(definition)}, { latency: 20 })
      const clients = [587, 465, 143, 110].map(port => {
        const { address, port: real } = world.route('11.25.0.1', port)
        return new Promise(resolve => connect(real, address).on('error', () => {}).on('close', resolve).resume())
      })
      const udp = createSocket('udp4')
      udp.send(Buffer.from(${JSON.stringify(encodeQuery({ id: 1, name: 'x', type: 'A' }).toString('base64'))}, 'base64'), world.resolver.port, '127.0.0.1', () => udp.close())
      setTimeout(async () => {
        await world.close()
        await Promise.all(clients)
        setTimeout(() => console.log(JSON.stringify(process.getActiveResourcesInfo().filter(name => /TCP|UDP|Write/.test(name)))), 20)
      }, 150)`
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { timeout: 15_000 })
    expect(stdout.trim()).toBe('[]')
  })
})

describe('latency', () => {
  const latency = 40
  let far: RunningWorld
  beforeAll(async () => {
    far = await startWorld({
      certificates: { mx: { names: ['mx.example.com'] } },
      servers: [{ host: 'mx.example.com', addresses: ['11.25.0.1'], certificate: 'mx', services: { smtp: {}, submissions: {} } }],
    }, { latency })
  })
  afterAll(() => far.close())

  /** Round trips, rounded down: timers may be late, but never early by more than their grain. */
  const trips = (since: number): number => Math.floor((performance.now() - since + 3) / latency)

  it('takes one round trip each to connect, to greet, to reply, to shake hands', async () => {
    const start = performance.now()
    const client = await Client.open(far.route('11.25.0.1', 25))
    await client.until(smtpReply)
    expect(trips(start)).toBeGreaterThanOrEqual(2)
    const asked = performance.now()
    await client.ask('EHLO probe', smtpReply)
    expect(trips(asked)).toBeGreaterThanOrEqual(1)
    await client.ask('STARTTLS', smtpReply)
    const hello = performance.now()
    await client.startTls({ ca: far.ca, servername: 'mx.example.com' })
    expect(trips(hello)).toBeGreaterThanOrEqual(1)
    expect(await client.ask('QUIT', smtpReply)).toHaveLength(1)
    expect(await client.line()).toBeNull()
  })

  it('adds up: EHLO inside implicit TLS is answered after four round trips at the earliest', async () => {
    const start = performance.now()
    const client = await Client.open(far.route('11.25.0.1', 465), { ca: far.ca, servername: 'mx.example.com' })
    await client.until(smtpReply)
    await client.ask('EHLO probe', smtpReply)
    expect(trips(start)).toBeGreaterThanOrEqual(4)
    client.close()
  })
})

describe('a definition', () => {
  const problem = (text: string): string => {
    try {
      parseWorld(text, 'x.yaml')
      return ''
    } catch (error) {
      if (error instanceof WorldError) return error.message
      throw error
    }
  }

  it.each([
    ['domains: [a', /^x\.yaml:1:\d+: /],
    ['about: x\nservices: {}\n', /^x\.yaml:1:1: Unrecognized key: "services"$/],
    ['servers:\n  - host: MX.example.com\n    addresses: [11.0.0.1]\n    services: {}\n', /^x\.yaml:2:11: servers\.0\.host: must be a name in lower case/],
    ['servers:\n  - host: mx\n    addresses: [11.0.0.256]\n    services: {}\n', /^x\.yaml:3:17: servers\.0\.addresses\.0: must be an IPv4 or IPv6 address$/],
    ['servers:\n  - host: mx\n    addresses: [11.0.0.1]\n    services:\n      smtp: { greeting: "220 a\\r\\n" }\n', /^x\.yaml:5:25: .*printable ASCII/],
    ['servers:\n  - host: mx\n    addresses: [11.0.0.1]\n    services:\n      smpt: {}\n', /smpt/],
    ['certificates:\n  a: { from: yesterday }\n', /^x\.yaml:2:14: certificates\.a\.from: must be a span/],
    ['zones:\n  example.com: |\n    @ MX 10 mx\n    @ MX ten mx\n', /^x\.yaml:4: zone example\.com: /],
    ['zones:\n  example.com:\n    records: |\n      @ MX 10 mx\n\n      www A 1.2.3\n', /^x\.yaml:6: zone example\.com: /],
  ])('that is wrong is refused with the place of the mistake: %j', (text, message) => {
    expect(problem(text)).toMatch(message)
  })

  it('may be empty', () => {
    expect(problem('')).toBe('')
    expect(problem('domains: { a.example: }\nservers: [{ host: a.example, addresses: [11.0.0.1], services: { smtp: } }]\n')).toBe('')
  })

  it.each<[string, WorldDefinition[], RegExp]>([
    ['one address twice', [{ servers: [{ host: 'a', addresses: ['2e00::1'], services: {} }] }, { servers: [{ host: 'b', addresses: ['2e00:0::1'], services: {} }] }], /2e00::1 belongs to two servers/],
    ['one zone twice', [{ zones: { 'a.example': '' } }, { zones: { 'a.example': '' } }], /zone a\.example is defined twice/],
    ['a record of another zone', [{ zones: { 'a.example': 'b.example. A 11.0.0.1' } }], /b\.example lies outside/],
    ['a second certificate beside several', [{ certificates: { x: {}, y: { key: 'ec384' } }, servers: [{ host: 'a', addresses: ['11.0.0.1'], certificate: { '*': 'x', b: 'x' }, services: { imaps: { secondCertificate: 'y' } } }] }], /a imaps: a second certificate stands beside one for all names/],
    ['a certificate that is not there', [{ servers: [{ host: 'a', addresses: ['11.0.0.1'], certificate: 'x', services: { imaps: null } }] }], /a imaps: there is no certificate "x"/],
    ['TLS without a certificate', [{ servers: [{ host: 'a', addresses: ['11.0.0.1'], services: { imaps: {} } }] }], /a imaps: names no certificate/],
  ])('that contradicts itself is refused: %s', async (_, worlds, message) => {
    await expect(startWorld(worlds)).rejects.toThrow(message)
  })
})

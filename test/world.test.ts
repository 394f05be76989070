import { expect, test } from 'vitest'
import { outcome, type Connection, type Endpoint } from '../src/network/network.ts'
import { createWorld, type WorldDefinition } from './world.ts'

const mx: Endpoint = { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }
const mxName = 'mx1.example.com[192.0.2.1]:25'

async function ask(zone: string, name: string, type: 'A' | 'MX' | 'TXT' | 'CNAME'): Promise<string> {
  const world = await createWorld({ zone })
  const result = await outcome(world.query({ name, type }))
  if ('problem' in result) return `${result.problem.event} ${result.problem.reason}`
  const { rcode, records, aliases, secure } = result.value
  return [rcode, ...aliases.map(({ data }) => `-> ${data.target}`), ...records.map(({ text }) => text), ...(secure ? ['secure'] : [])].join(' ')
}

test.each([
  ['a record', 'example.com MX 10 mx1.example.com', 'example.com', 'MX', 'NOERROR 10 mx1.example.com.'],
  ['no such type', 'example.com MX 10 mx1.example.com', 'example.com', 'TXT', 'NOERROR'],
  ['no such name', 'example.com MX 10 mx1.example.com', 'mx1.example.com', 'A', 'NXDOMAIN'],
  ['a name that only has names below it', 'a.b.example.com A 192.0.2.1', 'b.example.com', 'A', 'NOERROR'],
  ['an alias', 'a.example.com CNAME b.example.com\nb.example.com A 192.0.2.1', 'a.example.com', 'A', 'NOERROR -> b.example.com 192.0.2.1'],
  ['an alias to nowhere', 'a.example.com CNAME b.example.com', 'a.example.com', 'A', 'NXDOMAIN -> b.example.com'],
  ['the alias itself', 'a.example.com CNAME b.example.com', 'a.example.com', 'CNAME', 'NOERROR b.example.com.'],
  ['a loop', 'a.example.com CNAME a.example.com', 'a.example.com', 'A', 'rcode dns-servfail'],
  ['a wildcard', '*.example.com A 192.0.2.1', 'x.y.example.com', 'A', 'NOERROR 192.0.2.1'],
  ['a wildcard below a name that exists', '*.example.com A 192.0.2.1\ny.example.com MX 0 .', 'x.y.example.com', 'A', 'NXDOMAIN'],
  ['a failing resolver', 'example.com MX (servfail)', 'example.com', 'MX', 'rcode dns-servfail'],
  ['a silent resolver', 'example.com MX (timeout)', 'example.com', 'MX', 'timeout dns-timeout'],
  ['a signed zone', '; secure example.com\na.example.com A 192.0.2.1', 'a.example.com', 'A', 'NOERROR 192.0.2.1 secure'],
  ['an unsigned zone below', '; secure example.com\n; insecure b.example.com\na.b.example.com A 192.0.2.1', 'a.b.example.com', 'A', 'NOERROR 192.0.2.1'],
] as const)('a zone answers: %s', async (_, zone, name, type, expected) => {
  expect(await ask(zone, name, type)).toBe(expected)
})

test('indentation in a test is not part of the zone', async () => {
  const zone = `
    example.com  MX   10 mx1.example.com
    example.com  TXT  "v=spf1 -all"
  `
  expect(await ask(zone, 'example.com', 'TXT')).toBe('NOERROR "v=spf1 -all"')
})

test('a zone that cannot be read is the author’s error, with its line', async () => {
  await expect(createWorld({ zone: 'example.com MX 10 mx1\nexample.com A nonsense' })).rejects.toThrow(/line 2/)
})

async function connect(transcript: string, endpoint = mx, rest: WorldDefinition = {}): Promise<Connection> {
  const world = await createWorld({ sessions: { [mxName]: transcript, 'mx1.example.com[192.0.2.1]:465': transcript }, ...rest })
  return world.connect(endpoint)
}

test('a session greets, answers what it expects, and closes at its end', async () => {
  const connection = await connect(`
    S: 220 mx1.example.com ESMTP
    C: EHLO *
    S: 250-mx1.example.com
    S: 250 STARTTLS`)
  expect(await connection.readLine()).toEqual({ text: '220 mx1.example.com ESMTP', at: 0 })
  await connection.writeLine('EHLO probe.example.net')
  expect((await connection.readLine()).text).toBe('250-mx1.example.com')
  expect((await connection.readLine()).text).toBe('250 STARTTLS')
  await connection.writeLine('QUIT')
  await expect(connection.readLine()).rejects.toMatchObject({ event: 'closed' })
})

test('what the peer said before it hung up can be read after a command', async () => {
  const connection = await connect('S: 220 hello\nC: EHLO *\nS: 421 too many connections\n* closed')
  await connection.readLine()
  await connection.writeLine('EHLO probe')
  await connection.writeLine('QUIT')
  expect((await connection.readLine()).text).toBe('421 too many connections')
  await expect(connection.readLine()).rejects.toMatchObject({ event: 'closed' })
})

test('a peer that waits for a command times out a reader', async () => {
  const connection = await connect('S: 220 hello\nC: EHLO *\nS: 250 ok')
  await connection.readLine()
  await expect(connection.readLine()).rejects.toMatchObject({ event: 'timeout', reason: 'tarpit' })
})

test('a command that the transcript does not have is the author’s error', async () => {
  const connection = await connect('S: 220 hello\nC: EHLO *\nS: 250 ok')
  await expect(connection.writeLine('HELO probe')).rejects.toThrow('has "C: EHLO *" where the probe sends "HELO probe"')
})

test('a bare handshake is a good one, for the host that was meant', async () => {
  const connection = await connect('S: 220 hello\nC: STARTTLS\nS: 220 go\n* tls')
  await connection.readLine()
  await connection.writeLine('STARTTLS')
  await connection.readLine()
  const tls = await connection.startTls()
  expect(tls).toMatchObject({ version: 'TLSv1.3', keyExchange: 'X25519', servername: 'mx1.example.com', trust: { trusted: true, path: [0] } })
  expect(tls.chain).toHaveLength(1)
  expect(connection.tls).toBe(tls)
})

test('a handshake says what its line says, with the certificate it names', async () => {
  const connection = await connect('* tls TLSv1.2 ECDHE-RSA-AES128-SHA unknown-issuer cert=old\nS: 220 hello', { ...mx, port: 465, tls: 'implicit' }, {
    certificates: { old: { names: ['other.example'], notAfter: '2026-01-01T00:00:00Z', intermediate: true } },
  })
  expect(connection.tls).toMatchObject({ version: 'TLSv1.2', keyExchange: null, trust: { trusted: false, problem: 'unknown-issuer' } })
  expect(connection.tls?.chain).toHaveLength(2)
  expect((await connection.readLine()).text).toBe('220 hello')
})

test.each([
  ['* refused', { event: 'refused' }],
  ['* timeout', { event: 'timeout', reason: 'connect-timeout' }],
  ['* no-route', { event: 'unreachable', reason: 'no-ipv4-here' }],
  ['* timeout local-egress-blocked "nothing gets out"', { event: 'timeout', reason: 'local-egress-blocked', detail: 'nothing gets out' }],
])('a connection fails: %s', async (transcript, failure) => {
  await expect(connect(transcript)).rejects.toMatchObject(failure)
})

test('a peer that closes or stays silent was connected', async () => {
  await expect((await connect('* closed')).readLine()).rejects.toMatchObject({ event: 'closed' })
  await expect((await connect('* connected\n* timeout')).readLine()).rejects.toMatchObject({ event: 'timeout', reason: 'tarpit' })
})

test('implicit TLS that fails fails the connect, after TCP', async () => {
  const implicit = { ...mx, port: 465, tls: 'implicit' } as const
  await expect(connect('* handshake', implicit)).rejects.toMatchObject({ event: 'handshake', connected: 0 })
  await expect(connect('S: 220 no TLS here', implicit)).rejects.toMatchObject({ event: 'handshake' })
})

test('what is not listed refuses', async () => {
  const world = await createWorld({})
  await expect(world.connect(mx)).rejects.toMatchObject({ event: 'refused' })
  await expect(world.fetch('https://example.com/')).rejects.toMatchObject({ event: 'refused' })
})

test('pages: a body, a response, a failure', async () => {
  const world = await createWorld({
    pages: { 'https://a.example/': 'version: STSv1\n', 'https://b.example/': 'HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<p>no', 'https://c.example/': '(timeout)' },
  })
  expect(await world.fetch('https://a.example/')).toMatchObject({ status: 200, body: 'version: STSv1\n', headers: { 'content-type': 'text/plain' } })
  expect(await world.fetch('https://b.example/')).toMatchObject({ status: 404, body: '<p>no', headers: { 'content-type': 'text/html' } })
  await expect(world.fetch('https://c.example/')).rejects.toMatchObject({ event: 'timeout' })
  await expect(world.fetch('https://a.example/', { limit: 3 })).rejects.toMatchObject({ event: 'too-long' })
})

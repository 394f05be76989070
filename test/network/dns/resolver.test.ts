import { networkInterfaces } from 'node:os'
import { describe, expect, test } from 'vitest'
import { createResolver, type ResolverOptions } from '../../../src/network/dns/resolver.ts'
import { NetworkFailure, type Failure } from '../../../src/network/network.ts'
import { joinedText } from '../../../src/syntax/record.ts'
import { encodeAnswer } from '../../../src/network/dns/codec.ts'
import { closedPort, framed, startServer, zone, type Asked, type TestServer } from './servers.ts'

const mx = { name: 'example.com', type: 'MX' } as const
const records = zone('example.com MX 10 mx1.example.com')
const inOrder = (asked: Asked) => asked.answer({ records })
const silent = () => undefined

/** Short times: what is not answered is not answered here for want of time. */
const resolverFor = (servers: readonly { host: string; port: number }[], options: Partial<ResolverOptions> = {}) =>
  createResolver({ servers, timeout: 3000, patience: 150, tries: 1, ...options })

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof NetworkFailure) return error.toJSON()
    throw error
  }
  throw new Error('it did not fail')
}
const at = ({ host, port }: { host: string; port: number }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)

describe('an answer', () => {
  test('carries records, TTL, authority, signatures and where it came from', async () => {
    const all = zone([
      'example.com 300 MX 20 mx2.example.com', 'example.com 300 MX 10 mx1.example.com', 'example.com 300 MX 10 mx1.example.com',
      'example.com 300 RRSIG MX 13 2 300 20261201000000 20261101000000 1 example.com. AAEC', 'other.example MX 1 evil.example',
      'example.com TXT x',
    ].join('\n'))
    const authority = zone('example.com NS ns1.example.com')
    const server = await startServer(asked => asked.answer({ records: all, authority, ad: true, edns: true, extendedErrors: [{ code: 3, text: 'old' }] }))
    const answer = await resolverFor([server]).query(mx)
    expect(answer).toMatchObject({
      question: mx, rcode: 'NOERROR', aliases: [], authority, secure: true, adTrusted: true, authoritative: false, origin: 'live',
      resolver: at(server), transport: 'udp', extendedErrors: [{ code: 3, text: 'old' }],
    })
    expect(answer.records.map(({ ttl, text }) => [ttl, text])).toEqual([[300, '10 mx1.example.com.'], [300, '20 mx2.example.com.']])
    expect(answer.signatures.map(({ data }) => data.covers)).toEqual(['MX'])
    expect(answer.octets).toBeGreaterThan(100)
    expect(Number.isInteger(answer.elapsed)).toBe(true)
    expect(server.asked).toHaveLength(1)
    expect(server.asked[0]?.query).toMatchObject({
      name: 'example.com', type: 'MX', recursionDesired: true, wantsAuthenticated: true, checkingDisabled: false,
      edns: { payload: 1232, dnssecOk: true },
    })
  })

  test('tells NODATA from NXDOMAIN', async () => {
    const server = await startServer(asked => asked.answer({ rcode: asked.query.name === 'gone.example' ? 'NXDOMAIN' : 'NOERROR' }))
    const resolver = resolverFor([server])
    expect(await resolver.query(mx)).toMatchObject({ rcode: 'NOERROR', records: [] })
    expect(await resolver.query({ name: 'gone.example', type: 'MX' })).toMatchObject({ rcode: 'NXDOMAIN', records: [] })
  })

  test('keeps every octet of TXT, and names with escapes', async () => {
    const all = zone('t.example TXT "\\255\\254\\000" ""\na\\.b.example SOA ns.example host\\.master.example 1 2 3 4 5')
    const server = await startServer(asked => asked.answer({ records: all }))
    const resolver = resolverFor([server])
    const [text] = (await resolver.query({ name: 't.example', type: 'TXT' })).records
    expect(text && joinedText(text)).toBe('\xff\xfe\0')
    expect((await resolver.query({ name: 'A\\046b.Example.', type: 'SOA' })).records[0]?.data.mailbox).toBe('host\\.master.example')
  })

  test('is asked for with CD when told so', async () => {
    const server = await startServer(inOrder)
    await resolverFor([server]).query({ ...mx, checkingDisabled: true })
    expect(server.asked[0]?.query.checkingDisabled).toBe(true)
  })

  test('comes to a port and an id of its own each time', async () => {
    const server = await startServer(inOrder)
    const resolver = resolverFor([server])
    await Promise.all(Array.from({ length: 20 }, () => resolver.query(mx)))
    expect(new Set(server.asked.map(({ query }) => query.id)).size).toBeGreaterThan(15)
    expect(new Set(server.asked.map(({ from }) => from.port)).size).toBe(20)
  })

  test.each(['a..b.example', `${'x'.repeat(64)}.example`, 'a.'.repeat(127) + 'b', 'm—.example'])('cannot be had for %j', async name => {
    const server = await startServer(inOrder)
    expect(await failureOf(resolverFor([server]).query({ name, type: 'A' }))).toMatchObject({ event: 'malformed', reason: 'dns-malformed' })
    expect(server.asked).toEqual([])
  })
})

describe('packets that do not answer the question', () => {
  const good = ({ query }: Asked) => encodeAnswer({ id: query.id, question: query, records })
  const evil = ({ query }: Asked) => ({ id: query.id, question: query, records: zone('example.com MX 1 evil.example') })
  const forged: readonly (readonly [string, (asked: Asked) => void])[] = [
    ['a wrong id', asked => asked.send(encodeAnswer({ ...evil(asked), id: asked.query.id ^ 1 }))],
    ['a wrong name', asked => asked.send(encodeAnswer({ ...evil(asked), question: { name: 'evil.example', type: 'MX' } }))],
    ['a wrong type', asked => asked.send(encodeAnswer({ ...evil(asked), question: { name: 'example.com', type: 'A' } }))],
    ['a wrong class', asked => asked.send(encodeAnswer({ ...evil(asked), question: { ...mx, class: 3 } }))],
    ['another source port', asked => asked.sendFromElsewhere(encodeAnswer(evil(asked)))],
    ['QR=0', asked => {
      const octets = encodeAnswer(evil(asked))
      octets.writeUInt8(octets.readUInt8(2) & 0x7f, 2)
      asked.send(octets)
    }],
    ['another opcode', asked => {
      const octets = encodeAnswer(evil(asked))
      octets.writeUInt8(octets.readUInt8(2) | 0x28, 2)
      asked.send(octets)
    }],
    ['eleven octets', asked => asked.send(encodeAnswer(evil(asked)).subarray(0, 11))],
    ['nothing', asked => asked.send(Buffer.alloc(0))],
    ['garbage', asked => asked.send(Buffer.alloc(200, 0xff))],
  ]

  test.each(forged)('are passed over: %s', async (_, forge) => {
    const server = await startServer(asked => {
      forge(asked)
      // The forger's own socket needs a moment; the true answer comes by the second, identical question.
      if (server.asked.length > 1) asked.send(good(asked))
    })
    const answer = await resolverFor([server], { patience: 300 }).query(mx)
    expect(answer.records.map(record => record.text)).toEqual(['10 mx1.example.com.'])
  })

  test('and nothing else make it malformed', async () => {
    const server = await startServer(asked => asked.send(Buffer.alloc(200, 0xff)))
    expect(await failureOf(resolverFor([server]).query(mx))).toEqual({
      event: 'malformed', reason: 'dns-malformed', detail: `${at(server)}: what it sends does not answer the question`,
    })
  })

  test('the name is compared without regard to case', async () => {
    const server = await startServer(asked => {
      const octets = encodeAnswer({ id: asked.query.id, question: asked.query, records })
      octets.write('eXaMpLe', 13, 'latin1')
      asked.send(octets)
    })
    expect((await resolverFor([server]).query(mx)).records).toHaveLength(1)
  })
})

describe('a server that fails', () => {
  test('with SERVFAIL hands over to the next one', async () => {
    const first = await startServer(asked => asked.answer({ rcode: 'SERVFAIL', extendedErrors: [{ code: 6, text: 'no' }] }))
    const second = await startServer(inOrder)
    expect(await resolverFor([first, second], { tries: 2 }).query(mx)).toMatchObject({ resolver: at(second), rcode: 'NOERROR' })
    expect(first.asked).toHaveLength(1)
  })

  test('with SERVFAIL alone is told with its extended errors, and asked once', async () => {
    const extendedErrors = [{ code: 22, text: 'at delegation example.com' }, { code: 6, text: 'signature of 10:02:11 expired' }]
    const server = await startServer(asked => asked.answer({ rcode: 'SERVFAIL', extendedErrors }))
    expect(await failureOf(resolverFor([server], { tries: 3 }).query(mx))).toEqual({
      event: 'rcode', reason: 'dns-servfail', extendedErrors,
      detail: `${at(server)} answers SERVFAIL (6 DNSSEC Bogus, 22 No Reachable Authority)`,
    })
    expect(server.asked).toHaveLength(1)
  })

  test.each(['REFUSED', 'NOTAUTH', 'RCODE11', 'BADCOOKIE'] as const)('with %s is a refusal', async rcode => {
    const server = await startServer(asked => asked.answer({ rcode }))
    expect(await failureOf(resolverFor([server], { tries: 2 }).query(mx))).toEqual({
      event: 'rcode', reason: 'resolver-refused', detail: `${at(server)} answers ${rcode}`,
    })
    expect(server.asked).toHaveLength(1)
  })

  test('by silence hands over to the next one, and is asked last from then on', async () => {
    const first = await startServer(silent)
    const second = await startServer(inOrder)
    const resolver = resolverFor([first, second])
    expect((await resolver.query(mx)).resolver).toBe(at(second))
    const before = first.asked.length
    expect((await resolver.query(mx)).resolver).toBe(at(second))
    expect(first.asked).toHaveLength(before)
  })

  test('by silence alone is a timeout, after every round', async () => {
    const server = await startServer(silent)
    expect(await failureOf(resolverFor([server], { tries: 2, patience: 40 }).query(mx))).toEqual({
      event: 'timeout', reason: 'dns-timeout', detail: `${at(server)} does not answer`,
    })
    // Two rounds, and each sends its packet twice.
    expect(server.asked).toHaveLength(4)
    expect(new Set(server.asked.map(({ query }) => query.id)).size).toBe(2)
  })

  test('by silence is asked no longer than the time for a question', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => startServer(silent)))
    const started = performance.now()
    await failureOf(resolverFor(servers, { tries: 9, patience: 100, timeout: 250 }).query(mx))
    expect(performance.now() - started).toBeGreaterThan(240)
    expect(servers.map(server => server.asked.length).reduce((a, b) => a + b)).toBeLessThan(9)
  })

  test('by losing one packet is asked once more, before its patience ends', async () => {
    const server = await startServer(asked => {
      if (server.asked.length === 2) asked.answer({ records })
    })
    expect(await resolverFor([server], { patience: 1000 }).query(mx)).toMatchObject({ records })
    expect(server.asked[0]?.octets).toEqual(server.asked[1]?.octets)
  })

  test('by having its port closed says so at once, and is not asked again', async () => {
    const closed = await closedPort()
    const failure = await failureOf(resolverFor([closed], { patience: 60_000, timeout: 60_000, tries: 2 }).query(mx))
    expect(failure).toEqual({ event: 'refused', reason: 'dns-timeout', detail: `${at(closed)} refuses connections` })
    expect(await failureOf(resolverFor([closed]).query({ ...mx, transport: 'tcp' }))).toEqual(failure)
    const next = await startServer(inOrder)
    expect((await resolverFor([closed, next]).query(mx)).resolver).toBe(at(next))
  })

  test.each<[string, (asked: Asked) => Buffer, string]>([
    ['an answer cut short', ({ query }) => encodeAnswer({ id: query.id, question: query, records }).subarray(0, -3), 'the answer cannot be read'],
    ['a question cut short', ({ query }) => encodeAnswer({ id: query.id, question: query, records }).subarray(0, 20), 'the answer cannot be read'],
    ['no question', ({ query }) => encodeAnswer({ id: query.id, question: null, records }), 'the answer holds no question'],
    ['a broken record', ({ query }) => {
      const octets = encodeAnswer({ id: query.id, question: query, records: zone('example.com A 192.0.2.1') })
      octets.writeUInt16BE(15, 31)
      return octets
    }, 'the answer cannot be read: the MX data cannot be read'],
  ])('by sending %s hands over to the next one', async (_, reply, problem) => {
    const first = await startServer(asked => asked.send(reply(asked)))
    const second = await startServer(inOrder)
    expect((await resolverFor([first, second]).query(mx)).resolver).toBe(at(second))
    const failure = await failureOf(resolverFor([first]).query(mx))
    expect(failure).toMatchObject({ event: 'malformed', reason: 'dns-malformed' })
    expect(failure.detail).toContain(`${at(first)}: ${problem}`)
  })

  test('does not hide what another one said', async () => {
    const quiet = await startServer(silent)
    const failing = await startServer(asked => asked.answer({ rcode: 'SERVFAIL' }))
    const refusing = await startServer(asked => asked.answer({ rcode: 'REFUSED' }))
    expect(await failureOf(resolverFor([quiet, refusing, failing]).query(mx))).toEqual({
      event: 'rcode', reason: 'dns-servfail',
      detail: `${at(quiet)} does not answer; ${at(refusing)} answers REFUSED; ${at(failing)} answers SERVFAIL`,
      resolvers: { asked: 3, servfail: 1 },
    })
  })
})

describe('a server without EDNS', () => {
  test.each(['FORMERR', 'NOTIMP'] as const)('that answers %s is asked again without it', async rcode => {
    const server = await startServer(asked => asked.answer(asked.query.edns ? { rcode, edns: false, question: null } : { records, ad: true }))
    expect(await resolverFor([server]).query(mx)).toMatchObject({ rcode: 'NOERROR', secure: true })
    expect(server.asked.map(({ query }) => [query.edns === null, query.wantsAuthenticated])).toEqual([[false, true], [true, true]])
  })

  test('that refuses the plain question too is a refusal', async () => {
    const server = await startServer(asked => asked.answer({ rcode: 'FORMERR', edns: false }))
    expect(await failureOf(resolverFor([server]).query(mx))).toMatchObject({ reason: 'resolver-refused', detail: `${at(server)} answers FORMERR` })
    expect(server.asked).toHaveLength(2)
  })
})

describe('TCP', () => {
  const large = zone(Array.from({ length: 60 }, (_, index) => `example.com TXT "${String(index).padStart(3, '0')}${'x'.repeat(250)}"`).join('\n'))

  test('takes over when an answer is truncated', async () => {
    const server = await startServer(asked => asked.answer({ records: large }))
    const answer = await resolverFor([server]).query({ name: 'example.com', type: 'TXT' })
    expect(answer).toMatchObject({ transport: 'tcp', resolver: at(server) })
    expect(answer.records).toHaveLength(60)
    expect(answer.octets).toBeGreaterThan(15_000)
    expect(server.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
  })

  test('comes first when the question says so', async () => {
    const server = await startServer(inOrder)
    expect((await resolverFor([server]).query({ ...mx, transport: 'tcp' })).transport).toBe('tcp')
    expect(server.asked.map(({ transport }) => transport)).toEqual(['tcp'])
  })

  const truncated = (asked: Asked) => asked.answer({ tc: true })
  test.each<[string, (asked: Asked) => void, Failure['event'], string]>([
    ['is silent', silent, 'timeout', 'does not answer over TCP'],
    ['hangs up', asked => asked.hangUp(), 'closed', 'closes the connection without an answer'],
    ['answers something else', asked => asked.answer({ question: { name: 'evil.example', type: 'MX' } }), 'malformed', 'does not answer the question'],
    ['truncates there too', truncated, 'malformed', 'truncated over TCP'],
    ['sends half a message', asked => asked.send(encodeAnswer({ id: asked.query.id, question: mx }).subarray(0, 20)), 'malformed', 'cannot be read'],
  ])('that %s after TC hands over to the next server', async (_, tcp, event, detail) => {
    const first = await startServer(truncated, { tcp })
    const second = await startServer(inOrder)
    expect((await resolverFor([first, second]).query(mx)).resolver).toBe(at(second))
    const failure = await failureOf(resolverFor([first]).query(mx))
    expect(failure.event).toBe(event)
    expect(failure.detail).toContain(detail)
  })

  test('an answer may come an octet at a time', async () => {
    const server = await startServer(truncated, {
      tcp: asked => {
        for (const octet of framed(encodeAnswer({ id: asked.query.id, question: mx, records }))) asked.sendRaw(Buffer.from([octet]))
      },
    })
    expect((await resolverFor([server]).query(mx)).records).toHaveLength(1)
  })
})

describe('aliases', () => {
  const chain = zone([
    'a.example CNAME B.example', 'b.example CNAME c.example', 'c.example TXT "end"', 'a.example TXT "not this"', 'd.example TXT "nor this"',
    'c.example RRSIG TXT 13 2 60 20261201000000 20261101000000 1 example. AAEC',
    'd.example RRSIG TXT 13 2 60 20261201000000 20261101000000 1 example. AAEC',
  ].join('\n'))
  const question = { name: 'a.example', type: 'TXT' } as const
  const zoneServer = (text: string, extra: Partial<Parameters<Asked['answer']>[0]> = {}) => startServer(asked => {
    const all = zone(text)
    const mine = all.filter(({ name }) => name === asked.query.name)
    asked.answer({ rcode: mine.length > 0 ? 'NOERROR' : 'NXDOMAIN', records: mine, aa: true, ad: true, ...extra })
  })

  test('are followed by owner within an answer', async () => {
    const server = await startServer(asked => asked.answer({ records: chain }))
    const answer = await resolverFor([server]).query(question)
    expect(answer.records.map(({ name, text }) => [name, text])).toEqual([['c.example', '"end"']])
    expect(answer.aliases.map(({ name, data }) => [name, data.target])).toEqual([['a.example', 'b.example'], ['b.example', 'c.example']])
    expect(answer.signatures.map(({ name }) => name)).toEqual(['c.example'])
    expect(server.asked).toHaveLength(1)
  })

  test('are the answer when they are asked for', async () => {
    const server = await startServer(asked => asked.answer({ records: chain }))
    expect(await resolverFor([server]).query({ name: 'a.example', type: 'CNAME' })).toMatchObject({ aliases: [], records: [{ data: { target: 'b.example' } }] })
  })

  test('whose end is not in the answer are asked on', async () => {
    const server = await zoneServer('a.example CNAME b.example\nb.example CNAME c.example\nc.example TXT "end"')
    const answer = await resolverFor([server]).query(question)
    expect(answer).toMatchObject({ question, rcode: 'NOERROR', records: [{ text: '"end"' }], secure: true, authoritative: true })
    expect(answer.aliases).toHaveLength(2)
    expect(server.asked.map(({ query }) => query.name)).toEqual(['a.example', 'b.example', 'c.example'])
  })

  test('that lead to nothing are NXDOMAIN, or NODATA', async () => {
    const nowhere = await zoneServer('a.example CNAME b.example')
    expect(await resolverFor([nowhere]).query(question)).toMatchObject({ rcode: 'NXDOMAIN', records: [], aliases: [{ name: 'a.example' }] })
    const other = await zoneServer('a.example CNAME b.example\nb.example A 192.0.2.1')
    expect(await resolverFor([other]).query(question)).toMatchObject({ rcode: 'NOERROR', records: [], aliases: [{ name: 'a.example' }] })
    const atOnce = await startServer(asked => asked.answer({ rcode: 'NXDOMAIN', records: zone('a.example CNAME b.example') }))
    expect(await resolverFor([atOnce]).query(question)).toMatchObject({ rcode: 'NXDOMAIN', records: [], aliases: [{ name: 'a.example' }] })
    expect(atOnce.asked).toHaveLength(1)
  })

  test('whose end the SOA denies are not asked on (RFC 2308 §2.2)', async () => {
    const server = await zoneServer('a.example CNAME b.example', { authority: zone('example SOA ns.example h.example 1 2 3 4 5') })
    expect(await resolverFor([server]).query(question)).toMatchObject({ rcode: 'NOERROR', records: [] })
    expect(server.asked).toHaveLength(1)
    const other = await zoneServer('a.example CNAME b.test', { authority: zone('example SOA ns.example h.example 1 2 3 4 5') })
    await resolverFor([other]).query(question)
    expect(other.asked).toHaveLength(2)
  })

  test('are secure only when every answer is', async () => {
    const server = await startServer(asked => asked.answer({
      records: zone('a.example CNAME b.example\nb.example TXT "end"').filter(({ name }) => name === asked.query.name), ad: asked.query.name === 'b.example',
    }))
    expect(await resolverFor([server]).query(question)).toMatchObject({ secure: false, adTrusted: true, records: [{ text: '"end"' }] })
  })

  test.each(['a.example CNAME a.example', 'a.example CNAME b.example\nb.example CNAME a.example'])('in a circle fail: %j', async text => {
    for (const server of [await zoneServer(text), await startServer(asked => asked.answer({ records: zone(text) }))]) {
      expect(await failureOf(resolverFor([server]).query(question))).toEqual({
        event: 'malformed', reason: 'dns-malformed', detail: `${at(server)}: the aliases of a.example lead in a circle`,
      })
      expect(server.asked.length).toBeLessThanOrEqual(2)
    }
  })

  test('without end fail after a few questions', async () => {
    const server = await startServer(asked => asked.answer({ records: zone(`${asked.query.name} CNAME x${asked.query.name}`) }))
    expect(await failureOf(resolverFor([server]).query(question))).toMatchObject({ detail: `${at(server)}: the chain of aliases of a.example is too long` })
    expect(server.asked).toHaveLength(9)
  })
})

describe('the AD bit', () => {
  const secureServer = () => startServer(asked => asked.answer({ records, ad: true }))

  test('counts from loopback', async () => {
    expect(await resolverFor([await secureServer()]).query(mx)).toMatchObject({ secure: true, adTrusted: true })
    expect(await resolverFor([await startServer(inOrder)]).query(mx)).toMatchObject({ secure: false, adTrusted: true })
  })

  test('counts from elsewhere only with trustAd', async () => {
    // To a TCP socket this is loopback too; to us it is an address like any other.
    const elsewhere = { host: '0.0.0.0', port: (await secureServer()).port }
    const question = { ...mx, transport: 'tcp' } as const
    expect(await resolverFor([elsewhere]).query(question)).toMatchObject({ secure: false, adTrusted: false })
    expect(await resolverFor([elsewhere], { trustAd: true }).query(question)).toMatchObject({ secure: true, adTrusted: true })
  })

  test('means nothing from a name server', async () => {
    const server = await secureServer()
    const resolver = resolverFor([], { trustAd: true, route: () => ({ address: server.host, port: server.port }) })
    expect(await resolver.query({ ...mx, server: '192.0.2.1' })).toMatchObject({ secure: false, adTrusted: false })
  })
})

describe('a name server asked directly', () => {
  const routeTo = (server: TestServer) => ({ route: (address: string, port: number) => (`${address}:${port}` === '192.0.2.1:53' ? { address: server.host, port: server.port } : null) })

  test('gets no RD, and its answer is authoritative', async () => {
    const server = await startServer(asked => asked.answer({ records, aa: true }))
    const never = await startServer(silent)
    expect(await resolverFor([never], routeTo(server)).query({ ...mx, server: '192.0.2.1' })).toMatchObject({
      authoritative: true, resolver: '192.0.2.1:53', records: [{ text: '10 mx1.example.com.' }],
    })
    expect(server.asked.map(({ query }) => query.recursionDesired)).toEqual([false])
    expect(never.asked).toEqual([])
  })

  test('is not asked for what lies outside its zone', async () => {
    const server = await startServer(asked => asked.answer({ records: zone('example.com CNAME other.test'), aa: true }))
    expect(await resolverFor([], routeTo(server)).query({ ...mx, server: '192.0.2.1' })).toMatchObject({
      records: [], aliases: [{ name: 'example.com' }], authoritative: true,
    })
    expect(server.asked).toHaveLength(1)
  })

  test('that refuses, or to which no route leads, is named by its own address', async () => {
    const server = await startServer(asked => asked.answer({ rcode: 'REFUSED' }))
    const resolver = resolverFor([], routeTo(server))
    expect(await failureOf(resolver.query({ ...mx, server: '192.0.2.1' }))).toMatchObject({ detail: '192.0.2.1:53 answers REFUSED' })
    expect(await failureOf(resolver.query({ ...mx, server: '2001:db8::1' }))).toEqual({
      event: 'unreachable', reason: 'dns-timeout', detail: 'there is no route to [2001:db8::1]:53',
    })
  })
})

describe('the local address', () => {
  const askers = (server: TestServer) => server.asked.map(({ transport, from }) => `${transport} from ${from.address}`)
  const truncated = (asked: Asked) => asked.answer(asked.transport === 'udp' ? { tc: true } : { records })

  test('is the one given, by UDP and by TCP, for resolvers and name servers alike', async () => {
    const server = await startServer(truncated)
    await resolverFor([server], { source: '127.0.0.2' }).query(mx)
    await resolverFor([], { source: '127.0.0.2', route: () => ({ address: server.host, port: server.port }) }).query({ ...mx, server: '192.0.2.1' })
    expect(askers(server)).toEqual(['udp from 127.0.0.2', 'tcp from 127.0.0.2', 'udp from 127.0.0.2', 'tcp from 127.0.0.2'])
  })

  test('is not that of another family; and a resolver on this host is asked from within it', async () => {
    const server = await startServer(truncated)
    for (const source of ['2001:db8::1', '192.0.2.7']) await resolverFor([server], { source }).query(mx)
    expect(new Set(askers(server))).toEqual(new Set(['udp from 127.0.0.1', 'tcp from 127.0.0.1']))
  })

  test('that is not ours is no silence of the server', async () => {
    const server = await startServer(truncated)
    const resolver = resolverFor([], { source: '192.0.2.7', route: () => ({ address: server.host, port: server.port }) })
    for (const transport of [{}, { transport: 'tcp' }] as const) {
      expect(await failureOf(resolver.query({ ...mx, ...transport, server: '192.0.2.1' }))).toEqual({
        event: 'unreachable', reason: 'dns-timeout', detail: 'there is no route to 192.0.2.1:53 (EADDRNOTAVAIL)',
      })
    }
    expect(server.asked).toEqual([])
  })
})

const v6 = Object.values(networkInterfaces()).flat().some(address => address?.address === '::1')
if (!v6) console.warn('There is no ::1 here: resolvers over IPv6 are not tested.')

describe.skipIf(!v6)('a resolver over IPv6', () => {
  test('is asked by UDP and by TCP', async () => {
    const server = await startServer(asked => asked.answer(asked.transport === 'udp' ? { tc: true } : { records, ad: true }), { host: '::1' })
    expect(await resolverFor([server]).query(mx)).toMatchObject({ transport: 'tcp', resolver: `[::1]:${server.port}`, secure: true })
    const spelled = { host: '0:0:0:0:0:0:0:1', port: server.port }
    expect(await resolverFor([spelled]).query(mx)).toMatchObject({ transport: 'tcp', secure: true })
  })
})

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeMessage, encodeQuery, type Message } from '../../src/network/dns/codec.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import type { RecordType } from '../../src/syntax/record.ts'

/** Zone files know an owner by its first column. */
const flush = (text: string): string => text.replace(/^ +/gm, '')

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld({
    zones: {
      'example.com': { signed: true, records: flush(`
        @          NS    ns1
        @          MX    10 mx1
        @          TXT   "v=spf1 -all"
        mx1        A     11.25.0.1
        mx1        AAAA  2e00:25::1
        www        CNAME web.example.net.
        loop       CNAME loop2
        loop2      CNAME loop
        a.b.c      A     11.25.0.2
        *.wild     TXT   "from the wildcard"
        x.wild     A     11.25.0.3
        big        TXT   "${'x'.repeat(250)}" "${'y'.repeat(250)}" "${'z'.repeat(250)}" "${'x'.repeat(250)}" "${'y'.repeat(250)}"
        middling   TXT   "${'x'.repeat(250)}" "${'y'.repeat(250)}"
        bad        A     (servfail)
        bad        TXT   (refused)
        bad        MX    (malformed)
        bad        AAAA  (timeout)
        not        A     (nxdomain)
        child      DS    1 13 2 00`) },
      'example.net': 'web A 11.25.0.4',
      'child.example.com': '@ MX 0 .',
    },
  })
})
afterAll(() => world.close())

function send(octets: Buffer): Promise<Buffer> {
  const socket = createSocket('udp4')
  const answer = once(socket, 'message') as Promise<[Buffer]>
  socket.connect(world.resolver.port, world.resolver.host, () => socket.send(octets))
  return answer.then(([message]) => message).finally(() => socket.close())
}

async function ask(name: string, type: RecordType, options: { edns?: boolean } = {}): Promise<Message> {
  const message = decodeMessage(await send(encodeQuery({ id: 7, name, type, ...options })))
  if (!message) throw new Error('no message')
  expect(message).toMatchObject({ id: 7, response: true, recursionAvailable: true, questions: [{ name, type, class: 1 }] })
  return message
}
const texts = ({ answers }: Message): string[] => answers.filter(({ type }) => type !== 'RRSIG').map(({ name, type, text }) => `${name} ${type} ${text}`)

describe('the resolver of a world', () => {
  it('answers, and sets AD for signed zones alone', async () => {
    const mx = await ask('example.com', 'MX')
    expect(mx).toMatchObject({ rcode: 'NOERROR', authenticated: true, truncated: false, authoritative: false })
    expect(texts(mx)).toEqual(['example.com MX 10 mx1.example.com.'])
    expect(await ask('web.example.net', 'A')).toMatchObject({ rcode: 'NOERROR', authenticated: false })
    expect(texts(await ask('mx1.example.com', 'AAAA'))).toEqual(['mx1.example.com AAAA 2e00:25::1'])
  })

  it('tells no such name from no such type, with the SOA (RFC 2308 §2)', async () => {
    for (const [name, rcode] of [
      ['mx1.example.com', 'NOERROR'], ['b.c.example.com', 'NOERROR'], ['nobody.example.com', 'NXDOMAIN'], ['d.b.c.example.com', 'NXDOMAIN'],
    ] as const) {
      const message = await ask(name, 'TXT')
      expect([name, message.rcode, texts(message), message.authority.map(({ name: owner, type }) => `${owner} ${type}`)])
        .toEqual([name, rcode, [], ['example.com SOA']])
      expect(message.authenticated).toBe(true)
    }
    expect(await ask('elsewhere.test', 'A')).toMatchObject({ rcode: 'NXDOMAIN', authenticated: true })
    expect(await ask('not.example.com', 'A')).toMatchObject({ rcode: 'NXDOMAIN' })
    expect(await ask('not.example.com', 'TXT')).toMatchObject({ rcode: 'NOERROR' })
  })

  it('follows aliases across zones, is as secure as the weakest, and gives up on loops', async () => {
    const message = await ask('www.example.com', 'A')
    expect(texts(message)).toEqual(['www.example.com CNAME web.example.net.', 'web.example.net A 11.25.0.4'])
    expect(message.authenticated).toBe(false)
    expect(texts(await ask('www.example.com', 'CNAME'))).toEqual(['www.example.com CNAME web.example.net.'])
    expect(await ask('loop.example.com', 'A')).toMatchObject({ rcode: 'SERVFAIL', answers: [] })
  })

  it('applies wildcards to names that do not exist (RFC 4592 §3.3.1)', async () => {
    expect(texts(await ask('any.wild.example.com', 'TXT'))).toEqual(['any.wild.example.com TXT "from the wildcard"'])
    expect(texts(await ask('deep.any.wild.example.com', 'TXT'))).toEqual(['deep.any.wild.example.com TXT "from the wildcard"'])
    expect(await ask('x.wild.example.com', 'TXT')).toMatchObject({ rcode: 'NOERROR', answers: [] })
    expect(await ask('y.x.wild.example.com', 'TXT')).toMatchObject({ rcode: 'NXDOMAIN' })
    expect(await ask('wild.example.com', 'TXT')).toMatchObject({ rcode: 'NOERROR', answers: [] })
  })

  it('keeps a zone and the one below apart: DS stands above the cut', async () => {
    expect(texts(await ask('child.example.com', 'DS'))).toEqual(['child.example.com DS 1 13 2 00'])
    expect(texts(await ask('child.example.com', 'MX'))).toEqual(['child.example.com MX 0 .'])
  })

  it('truncates by UDP at the size that the client takes, and gives all over TCP', async () => {
    expect(await ask('big.example.com', 'TXT')).toMatchObject({ truncated: true, answers: [] })
    expect(await ask('middling.example.com', 'TXT', { edns: false })).toMatchObject({ truncated: true, edns: null })
    expect(texts(await ask('middling.example.com', 'TXT'))).toHaveLength(1)
    const socket = connect(world.resolver.port, world.resolver.host)
    const query = encodeQuery({ id: 9, name: 'big.example.com', type: 'TXT' })
    const framed = Buffer.concat([Buffer.from([0, query.length]), query])
    socket.write(framed.subarray(0, 5))
    socket.write(Buffer.concat([framed.subarray(5), framed]))
    let received = Buffer.alloc(0)
    while (received.length < 2 || received.length < 2 * (2 + received.readUInt16BE(0))) {
      const [chunk] = await once(socket, 'data') as [Buffer]
      received = Buffer.concat([received, chunk])
    }
    socket.destroy()
    const length = received.readUInt16BE(0)
    expect(decodeMessage(received.subarray(2, 2 + length))).toMatchObject({ id: 9, truncated: false, answers: [{ name: 'big.example.com' }, { type: 'RRSIG' }] })
    expect(received.readUInt16BE(2 + length)).toBe(length)
  })

  it('fails as its zones ordain', async () => {
    expect(await ask('bad.example.com', 'A')).toMatchObject({ rcode: 'SERVFAIL' })
    expect(await ask('bad.example.com', 'TXT')).toMatchObject({ rcode: 'REFUSED' })
    const octets = await send(encodeQuery({ id: 7, name: 'bad.example.com', type: 'MX' }))
    expect(decodeMessage(octets)?.questions ?? []).toEqual([])
    const socket = createSocket('udp4')
    let answered = false
    socket.on('message', () => {
      answered = true
    })
    socket.connect(world.resolver.port, world.resolver.host)
    await once(socket, 'connect')
    socket.send(encodeQuery({ id: 7, name: 'bad.example.com', type: 'AAAA' }))
    await ask('example.com', 'MX')
    socket.close()
    expect(answered).toBe(false)
  })

  it('answers FORMERR to what is no question, and stays silent to answers and noise', async () => {
    const twice = encodeQuery({ id: 8, name: 'example.com', type: 'MX' })
    twice.writeUInt16BE(2, 4)
    expect(decodeMessage(await send(twice))).toMatchObject({ id: 8, rcode: 'FORMERR' })
    const status = encodeQuery({ id: 8, name: 'example.com', type: 'MX' })
    status.writeUInt8(status.readUInt8(2) | 0x10, 2)
    expect(decodeMessage(await send(status))).toMatchObject({ id: 8, rcode: 'NOTIMP' })
    const socket = createSocket('udp4')
    const response = encodeQuery({ id: 8, name: 'example.com', type: 'MX' })
    response.writeUInt8(0x80, 2)
    let answers = 0
    socket.on('message', () => answers++)
    socket.connect(world.resolver.port, world.resolver.host)
    await once(socket, 'connect')
    for (const octets of [response, Buffer.from('noise'), Buffer.alloc(0)]) socket.send(octets)
    await ask('example.com', 'MX')
    socket.close()
    expect(answers).toBe(0)
  })

  it('survives whatever it is sent', async () => {
    const valid = [...encodeQuery({ id: 5, name: 'www.example.com', type: 'A' })]
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, octet, length]) =>
      Uint8Array.from(valid.with(at, octet).slice(0, length)))
    const samples = fc.sample(fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated), { numRuns: 400, seed: 5 })
    const udp = createSocket('udp4')
    udp.connect(world.resolver.port, world.resolver.host)
    await once(udp, 'connect')
    for (const [i, octets] of samples.entries()) {
      udp.send(octets)
      if (i % 20 === 19) await ask('mx1.example.com', 'A') // no more than its socket holds
    }
    const tcp = connect(world.resolver.port, world.resolver.host)
    await once(tcp, 'connect')
    for (const octets of samples) tcp.write(Buffer.concat([Buffer.from([octets.length >> 8, octets.length & 0xff]), octets]))
    expect(texts(await ask('mx1.example.com', 'A'))).toEqual(['mx1.example.com A 11.25.0.1'])
    udp.close()
    tcp.destroy()
  })
})

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { formatServerFlight } from '../../src/lab/server-flight.ts'
import { suiteCode, suiteName, suitesWith, suiteTraits } from '../../src/syntax/cipher-suites.ts'
import { formatClientHello, parseClientHello, tlsVersions, type ClientHello } from '../../src/syntax/client-hello.ts'
import { ServerFlight, type OfferAnswer } from '../../src/syntax/server-hello.ts'
import { groupCode, groupName, usualGroups, weakGroups } from '../../src/syntax/tls-groups.ts'

const all = suitesWith(() => true)
const groups = [...usualGroups, ...weakGroups, 'X25519MLKEM768']
const host = fc.constantFrom('mx1.example.com', 'a.example', 'xn--mnchen-3ya.example')

const hellos: fc.Arbitrary<ClientHello> = fc.record({
  version: fc.constantFrom(...tlsVersions), ciphers: fc.subarray([...all], { minLength: 1 }), groups: fc.subarray(groups),
  servername: fc.option(host), deflate: fc.boolean(),
}).map(hello => hello.version === 'SSLv3' ? { ...hello, groups: [], servername: null } : hello)

describe('a ClientHello', () => {
  test('is read as it was written', () => {
    fc.assert(fc.property(hellos, hello => {
      expect(parseClientHello(formatClientHello(hello, randomBytes(32)))).toEqual(hello)
    }))
  })

  test('of TLS 1.2 has the octets of RFC 5246 §7.4.1.2', () => {
    const hello = formatClientHello({ version: 'TLSv1.2', ciphers: ['TLS_RSA_WITH_RC4_128_SHA'], groups: [], servername: 'a.b', deflate: false }, Buffer.alloc(32, 0xaa))
    expect(hello.subarray(0, 11).toString('hex')).toMatch(/^160301....01000....303$/)
    expect(hello.subarray(11, 43)).toEqual(Buffer.alloc(32, 0xaa))
    expect(hello.subarray(43, 50).toString('hex')).toBe('00000200050100')
    expect(hello.toString('latin1')).toContain('\0\0\0\x08\0\x06\0\0\x03a.b')
  })

  test('of SSLv3 has no extensions, and asks for secure renegotiation by a cipher', () => {
    const hello = formatClientHello({ version: 'SSLv3', ciphers: ['TLS_RSA_WITH_RC4_128_SHA'], groups: ['X25519'], servername: 'a.b', deflate: false }, Buffer.alloc(32))
    expect(hello.subarray(0, 3).toString('hex')).toBe('160300')
    expect(hello.subarray(43).toString('hex')).toBe('000004000500ff0100')
  })

  test('is not read into what is none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), octets => {
      parseClientHello(Buffer.from(octets))
    }))
    const whole = formatClientHello({ version: 'TLSv1.2', ciphers: all, groups, servername: 'a.b', deflate: true }, randomBytes(32))
    for (let length = 0; length < whole.length; length++) expect(parseClientHello(whole.subarray(0, length))).toBeNull()
  })
})

const answers: fc.Arbitrary<OfferAnswer> = fc.oneof(
  fc.record({ accepted: fc.constant(false as const), alert: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    accepted: fc.constant(true as const), version: fc.constantFrom('SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'), cipher: fc.constantFrom(...all),
    keyExchange: fc.constant(null), extendedMasterSecret: fc.boolean(), secureRenegotiation: fc.boolean(), compression: fc.boolean(),
    chain: fc.array(fc.uint8Array({ minLength: 1, maxLength: 3000 }).map(octets => Buffer.from(octets).toString('base64')), { maxLength: 12 }),
  }).map(answer => ({
    ...answer,
    keyExchange: /^TLS_ECDHE?_(?!RSA|ECDSA)|^TLS_ECDHE/.test(answer.cipher) ? 'X25519' : /^TLS_DHE|^TLS_DH_anon/.test(answer.cipher) ? 'DH 1023' : /^TLS_RSA_/.test(answer.cipher) ? 'RSA' : null,
  })),
)

function read(octets: Buffer, sizes: readonly number[] = []): ServerFlight {
  const flight = new ServerFlight()
  let at = 0
  for (const size of sizes) {
    flight.push(octets.subarray(at, at + size))
    at += size
  }
  if (at < octets.length) flight.push(octets.subarray(at))
  return flight
}

describe('the answer to a ClientHello', () => {
  test('is read as it was written, in whatever pieces it comes', () => {
    fc.assert(fc.property(answers, fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 30 }), (answer, sizes) => {
      const flight = read(formatServerFlight(answer), sizes)
      expect(flight.answer).toEqual(answer)
      expect(flight.complete).toBe(true)
      expect(flight.malformed).toBe(false)
    }))
  })

  test('names the group that a HelloRetryRequest of TLS 1.3 asks for', () => {
    const answer: OfferAnswer = {
      accepted: true, version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', keyExchange: 'X25519MLKEM768', extendedMasterSecret: false,
      secureRenegotiation: false, compression: false, chain: [],
    }
    expect(read(formatServerFlight(answer)).answer).toEqual(answer)
  })

  test('may begin with a warning', () => {
    const flight = read(Buffer.from('15030300020170' + '15030300020228', 'hex'))
    expect(flight.answer).toEqual({ accepted: false, alert: 40 })
  })

  test('never throws, whatever comes', () => {
    const shaped = fc.tuple(fc.constantFrom(21, 22), fc.uint8Array({ maxLength: 200 })).map(([type, content]) =>
      Buffer.concat([Buffer.of(type, 3, 3, 0, content.length), content]))
    fc.assert(fc.property(fc.array(fc.oneof(shaped, fc.uint8Array({ maxLength: 50 }).map(octets => Buffer.from(octets))), { maxLength: 6 }), pieces => {
      const { answer, malformed } = read(Buffer.concat(pieces))
      expect(answer !== undefined && malformed).toBe(false)
    }))
  })

  test('ends where nobody would send so much', () => {
    const flight = new ServerFlight()
    const hello = formatServerFlight({
      accepted: true, version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA', keyExchange: 'RSA', extendedMasterSecret: true, secureRenegotiation: true,
      compression: false, chain: [],
    })
    const open = hello.subarray(0, hello.length - 4) // without ServerHelloDone
    open.writeUInt16BE(open.length - 5, 3)
    flight.push(open)
    const endless = Buffer.concat([Buffer.from('1603034000', 'hex'), Buffer.from('0bffffff', 'hex'), Buffer.alloc(0x3ffc)])
    for (let i = 0; i < 12 && !flight.complete; i++) flight.push(endless)
    expect(flight.complete).toBe(true)
    expect(flight.answer).toMatchObject({ accepted: true, cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA' })
  })

  test('a HelloRequest before it is passed over (RFC 5246 §7.4.1.1)', () => {
    const answer: OfferAnswer = {
      accepted: true, version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA', keyExchange: 'RSA', extendedMasterSecret: true, secureRenegotiation: true,
      compression: false, chain: ['AAAA'],
    }
    const flight = new ServerFlight()
    flight.push(Buffer.concat([Buffer.from('160303000400000000', 'hex'), formatServerFlight(answer)]))
    expect(flight).toMatchObject({ answer, malformed: false })
  })

  test('octet by octet costs no more than at once', () => {
    const answer: OfferAnswer = {
      accepted: true, version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_AES_128_CBC_SHA', keyExchange: 'RSA', extendedMasterSecret: true, secureRenegotiation: true,
      compression: false, chain: [Buffer.alloc(100_000, 7).toString('base64')],
    }
    const flight = new ServerFlight()
    const octets = formatServerFlight(answer)
    // nothing is replaced: what is copied is counted, as a clock would count the other work of the machine, too
    const concat = vi.spyOn(Buffer, 'concat')
    for (let at = 0; at < octets.length; at++) flight.push(octets.subarray(at, at + 1))
    const copied = concat.mock.results.reduce((sum, { value }) => sum + (value as Buffer).length, 0)
    concat.mockRestore()
    expect(flight.answer).toEqual(answer)
    expect(copied).toBeLessThan(20 * octets.length)
  })
})

describe('the registries', () => {
  test('lead from name to number and back', () => {
    for (const name of all) expect(suiteName(suiteCode(name) ?? -1)).toBe(name)
    for (const name of groups) expect(groupName(groupCode(name) ?? -1)).toBe(name)
    expect(suiteName(0x9999)).toBe('0x9999')
    expect(suiteCode('0x9999')).toBe(0x9999)
    expect(suiteCode('TLS_NO_SUCH')).toBeNull()
  })

  test.each([
    ['TLS_RSA_WITH_NULL_SHA', { plain: true, static: true }], ['TLS_RSA_EXPORT_WITH_DES40_CBC_SHA', { export: true, smallBlocks: true }],
    ['TLS_ECDHE_RSA_WITH_RC4_128_SHA', { rc4: true, static: false }], ['TLS_ECDH_anon_WITH_AES_128_CBC_SHA', { anonymous: true, static: false }],
    ['TLS_RSA_WITH_3DES_EDE_CBC_SHA', { smallBlocks: true, static: true }], ['TLS_ECDH_RSA_WITH_AES_128_CBC_SHA', { static: true }],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', { aead: true, static: false, smallBlocks: false, plain: false, export: false, rc4: false, anonymous: false }],
  ])('%s', (name, traits) => {
    expect(suiteTraits(name)).toMatchObject(traits)
  })
})

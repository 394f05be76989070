import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessage, decodeQuery, encodeAnswer, encodeQuery, type Message } from '../../../src/network/dns/codec.ts'
import { makeRecord, type DnsRecord } from '../../../src/syntax/record.ts'
import { parseZone } from '../../../src/syntax/zone.ts'
import { anyName, anyRecord } from '../../syntax/records.ts'

const question = { name: 'example.com', type: 'MX' } as const

/** A message from hexadecimal pieces: blanks and names of parts are for the reader. */
const message = (...pieces: (string | Buffer)[]) =>
  Buffer.concat(pieces.map(piece => (typeof piece === 'string' ? Buffer.from(piece.replace(/[^0-9a-f]/g, ''), 'hex') : piece)))
const header = (questions: number, answers: number, authority = 0, additional = 0) => {
  const counts = Buffer.alloc(8)
  ;[questions, answers, authority, additional].forEach((count, index) => counts.writeUInt16BE(count, index * 2))
  return message('1234 8180', counts)
}
const decode = (octets: Buffer): Message => {
  const decoded = decodeMessage(octets)
  if (!decoded) throw new Error('there is no header')
  return decoded
}
const u16 = (value: number) => {
  const octets = Buffer.alloc(2)
  octets.writeUInt16BE(value)
  return octets
}
/** Owner "." and class IN. */
const record = (type: number, data: Buffer, ttl = '00000e10') => message('00', u16(type), '0001', ttl, u16(data.length), data)

describe('questions', () => {
  test('ask for EDNS with 1232 octets, DO, AD and recursion', () => {
    const query = encodeQuery({ id: 0x1234, name: 'example.com', type: 'TLSA' })
    expect(query.toString('hex')).toBe([
      '1234', '0120', '0001000000000001', '076578616d706c6503636f6d00', '0034', '0001', // RD and AD; TLSA IN
      '00', '0029', '04d0', '00008000', '0000', // OPT, 1232 octets, DO
    ].join(''))
  })

  test('to a name server carry no RD, and CD and no OPT when told so', () => {
    expect(decodeMessage(encodeQuery({ id: 1, name: '', type: 'NS', recursion: false, checkingDisabled: true, edns: false }))).toMatchObject({
      id: 1, response: false, recursionDesired: false, authenticated: true, checkingDisabled: true, edns: null,
      questions: [{ name: '', type: 'NS', class: 1 }],
    })
  })

  test('decodeQuery reads them as a server does', () => {
    expect(decodeQuery(encodeQuery({ id: 7, name: 'a.example', type: 'TYPE65' }))).toEqual({
      id: 7, name: 'a.example', type: 'TYPE65', class: 1, recursionDesired: true, wantsAuthenticated: true, checkingDisabled: false,
      limit: 1232, edns: { payload: 1232, version: 0, dnssecOk: true, extendedErrors: [] },
    })
    expect(decodeQuery(encodeAnswer({ id: 7, question }))).toBeNull()
    expect(decodeQuery(Buffer.alloc(11))).toBeNull()
    expect(decodeQuery(header(0, 0))).toBeNull()
  })

  test.each(['a..b', '.', 'a.', 'x'.repeat(64), 'a.'.repeat(127) + 'b'])('cannot ask for %j', name =>
    expect(() => encodeQuery({ id: 1, name, type: 'A' })).toThrow(RangeError))
})

describe('answers', () => {
  test('carry every record there and back', () => {
    fc.assert(fc.property(anyName, fc.array(anyRecord, { maxLength: 6 }), fc.array(anyRecord, { maxLength: 2 }), (name, records, authority) => {
      const octets = encodeAnswer({ id: 9, question: { name, type: 'TXT' }, records, authority, additional: records, aa: true })
      const decoded = decode(octets)
      expect(decoded.errors).toEqual([])
      expect(decoded).toMatchObject({ id: 9, response: true, authoritative: true, truncated: false, rcode: 'NOERROR' })
      expect(decoded.questions).toEqual([{ name, type: 'TXT', class: 1 }])
      expect(decoded.answers).toEqual(records)
      expect(decoded.authority).toEqual(authority)
      expect(decoded.additional).toEqual(records)
    }), { numRuns: 1000 })
  })

  test('carry flags, rcode and extended errors', () => {
    const octets = encodeAnswer({
      id: 9, question, rcode: 'SERVFAIL', ad: true, ra: true, rd: true, cd: true, edns: true,
      extendedErrors: [{ code: 6, text: 'bögus' }, { code: 22, text: '' }],
    })
    expect(decodeMessage(octets)).toMatchObject({
      rcode: 'SERVFAIL', authenticated: true, recursionAvailable: true, recursionDesired: true, checkingDisabled: true,
      edns: { payload: 1232, dnssecOk: false, extendedErrors: [{ code: 6, text: 'bögus' }, { code: 22, text: '' }] },
    })
  })

  test.each(['BADVERS', 'BADCOOKIE', 'RCODE1000', 'NOTIMP', 'RCODE12'] as const)('carry the rcode %s, whose high bits are in OPT', rcode =>
    expect(decodeMessage(encodeAnswer({ id: 9, question, rcode, edns: true }))?.rcode).toBe(rcode))

  test('names are compressed, but not in data that old resolvers cannot read (RFC 3597 §4)', () => {
    const { records } = parseZone('example.com MX 1 mx.example.com\nexample.com SRV 0 0 25 mx.example.com\nb.example.com DNAME mx.example.com')
    const octets = encodeAnswer({ id: 9, question, records })
    expect(octets.includes(message('0007 0001 02 6d78 c00c'))).toBe(true)
    const whole = message('02 6d78 07 6578616d706c65 03 636f6d 00')
    expect(octets.includes(message('0016 0000 0000 0019', whole))).toBe(true)
    expect(octets.includes(message('0010', whole))).toBe(true)
  })

  test('beyond the limit go out with TC and without records', () => {
    const records = Array.from({ length: 60 }, (_, index) => makeRecord('example.com', 'TXT', 60, { strings: [`${index}`.padEnd(200, 'x')] }))
    const answer = { id: 9, question, records, edns: true }
    expect(decodeMessage(encodeAnswer({ ...answer, limit: 1232 }))).toMatchObject({ truncated: true, answers: [], edns: { payload: 1232 } })
    expect(decode(encodeAnswer(answer)).answers).toHaveLength(60)
    const tooMany = [...Array<DnsRecord[]>(6).fill(records)].flat()
    expect(decodeMessage(encodeAnswer({ ...answer, records: tooMany }))).toMatchObject({ truncated: true, answers: [] })
  })
})

describe('octets from the network', () => {
  test('strings stay apart and keep every octet', () => {
    const decoded = decode(message(header(0, 1), record(16, message('03 fffe00', '00', '02 c3bc'))))
    expect(decoded.answers.map(answer => [answer.data, answer.text])).toEqual([
      [{ strings: ['\xff\xfe\0', '', '\xc3\xbc'] }, '"\\255\\254\\000" "" "\\195\\188"'],
    ])
  })

  test('names keep odd octets as escapes and fold case', () => {
    const odd = message('0b', Buffer.from('Host.master'), '04', Buffer.from('a\\"\0'), '03', Buffer.from('\xdcZ@', 'latin1'), '00')
    const decoded = decode(message(header(0, 1), record(2, odd)))
    expect(decoded.answers[0]?.data).toEqual({ host: 'host\\.master.a\\\\\\"\\000.\\220z\\@' })
  })

  test('a TTL with the highest bit set is zero (RFC 2181 §8)', () => {
    const a = Buffer.from([192, 0, 2, 1])
    const decoded = decode(message(header(0, 3), record(1, a, '80000000'), record(1, a, 'ffffffff'), record(1, a, '7fffffff')))
    expect(decoded.answers.map(answer => answer.ttl)).toEqual([0, 0, 0x7fffffff])
  })

  test('records of another class are not ours', () => {
    expect(decode(message(header(0, 1), '00 0010 0003 00000000 0002 0161')).answers).toEqual([])
  })

  test.each<[string, number, string]>([
    ['A of 3 octets', 1, 'c00002'],
    ['A of 5 octets', 1, 'c000020100'],
    ['AAAA of 4 octets', 28, 'c0000201'],
    ['MX without a name', 15, '000a'],
    ['MX with octets left over', 15, '000a 00 00'],
    ['NS that runs out of its data', 2, '01 61'],
    ['NS that points forward', 2, 'c0ff'],
    ['NS that points at itself', 2, 'c017'],
    ['NS with a reserved label type', 2, '40 00'],
    ['TXT that is empty', 16, ''],
    ['TXT that overruns', 16, '05 6162'],
    ['CAA whose tag overruns', 257, '00 05 6162'],
    ['TLSA of 2 octets', 52, '0301'],
    ['SOA cut short', 6, '00 00 00000001 00000002'],
    ['RRSIG cut short', 46, '000f 0d 02 00000e10'],
  ])('%s is reported, and the record after it read', (_, type, data) => {
    const decoded = decode(message(header(0, 2), record(type, message(data)), record(1, Buffer.from([192, 0, 2, 1]))))
    expect(decoded.answers.map(answer => answer.text)).toEqual(['192.0.2.1'])
    expect(decoded.errors).toEqual([{ section: 'answers', problem: expect.stringMatching(/^the \w+ data cannot be read$/) as string, fatal: false }])
  })

  test('what is lost is fatal', () => {
    expect(decode(message(header(1, 0), '03 6d78')).errors).toEqual([{ section: 'questions', problem: 'a name cannot be read', fatal: true }])
    expect(decode(message(header(1, 0), '00 00')).errors).toEqual([{ section: 'questions', problem: 'the message ends too early', fatal: true }])
    expect(decode(header(0, 65535, 65535, 65535)).errors).toMatchObject([{ section: 'answers', fatal: true }])
    expect(decode(message(header(0, 1), '00 0001 0001 00000000 ffff c0000201')).errors).toMatchObject([{ section: 'answers', fatal: true }])
    const opt = '00 0029 04d0 00000000'
    expect(decode(message(header(0, 0, 0, 1), opt, '0003 000f00')).errors).toMatchObject([{ problem: 'the EDNS options cannot be read', fatal: true }])
    expect(decode(message(header(0, 0, 0, 2), opt, '0000', opt, '0000')).errors).toMatchObject([{ problem: 'there is more than one OPT', fatal: true }])
    expect(decodeMessage(Buffer.alloc(11))).toBeNull()
  })

  test('unknown EDNS options are passed over', () => {
    expect(decode(message(header(0, 0, 0, 1), '00 0029 04d0 00008000 000d 0003 0001 ff 000f 0004 0016 6e6f')).edns).toEqual({
      payload: 1232, version: 0, dnssecOk: true, extendedErrors: [{ code: 22, text: 'no' }],
    })
  })

  /** A message takes some milliseconds at most, and with unbounded pointers it took seconds: so many of those are not read in time. */
  const rounds = 40
  const fill = (start: Buffer, unit: Buffer) => message(start, ...Array<Buffer>(Math.floor((65535 - start.length) / unit.length)).fill(unit))
  const pointers = Buffer.alloc(16_000)
  for (let at = 0; at < pointers.length; at += 2) pointers.writeUInt16BE(0xc000 | Math.max(22, at + 21), at)
  const labels = Buffer.concat(Array<Buffer>(20_000).fill(message('01 61')))
  const longName = Buffer.concat([...Array<Buffer>(126).fill(message('01 2e')), message('00')])

  test.each<[string, Buffer]>([
    ['counts that the message does not hold', header(65535, 65535, 65535, 65535)],
    ['a chain of 8000 pointers, and many names that use it', fill(message(header(0, 65535), record(65280, pointers)), record(2, message('fe7f')))],
    ['the same as owners', fill(message(header(0, 65535), record(65280, pointers)), message('fe7f 0001 0001 00000000 0000'))],
    ['endless labels, and many names that run into them', fill(message(header(0, 65535), record(65280, labels)), record(2, message('c017')))],
    ['a name of 126 labels, pointed at from everywhere', fill(message(header(0, 65535), record(2, longName)), message('c017 0002 0001 00000000 0002 c017'))],
    ['six thousand broken records', fill(header(0, 65535), record(1, Buffer.alloc(0)))],
    ['six thousand OPT records', fill(header(0, 0, 0, 65535), message('00 0029 04d0 00000000 0001 00'))],
    ['sixteen thousand EDNS options', message(header(0, 0, 0, 1), '00 0029 04d0 00000000 fa00', Buffer.alloc(64_000))],
    ['thirteen thousand questions', fill(header(65535, 0), message('00 0001 0001'))],
    ['sixty thousand empty strings', message(header(0, 1), record(16, Buffer.alloc(60_000)))],
  ])('cost little: %s', (_, octets) => {
    for (let round = 0; round < rounds; round++) decodeMessage(octets)
  })

  test('never make it throw: random octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      decodeMessage(Buffer.concat([header(1, 2, 1, 1).subarray(0, start.length % 13), start, rest]))
    }), { numRuns: 20_000 })
  })

  test('never make it throw: a hundred thousand mutated answers', () => {
    const { records } = parseZone([
      'example.com MX 10 mx1.example.com', 'example.com TXT "v=spf1" " -all"', '_25._tcp.mx1.example.com TLSA 3 1 1 aabb',
      'example.com RRSIG MX 13 2 3600 20261201000000 20261101000000 12345 example.com. AAEC', 'example.com CAA 0 issue "ca.example"',
      'example.com SOA ns1.example.com host\\.master.example.com 1 2 3 4 5', 'example.com TYPE47 \\# 2 0001',
    ].join('\n'))
    const valid = encodeAnswer({ id: 1, question, records, authority: records, edns: true, extendedErrors: [{ code: 6, text: 'x' }] })
    let seed = 20261122
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      return Math.floor((seed / 2 ** 32) * below)
    }
    for (let round = 0; round < 100_000; round++) {
      const octets = Buffer.from(valid.subarray(0, random(3) === 0 ? random(valid.length + 1) : valid.length))
      for (let changes = 1 + random(4); changes > 0 && octets.length > 0; changes--) octets[random(octets.length)] = random(3) === 0 ? 0xc0 | random(4) : random(256)
      const decoded = decodeMessage(octets)
      if (decoded?.answers.some(answer => answer.text.length === 0)) throw new Error(`no text: ${octets.toString('hex')}`)
      if (round % 10 === 0) decodeQuery(octets)
    }
  }, 60_000)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatZone, maxZoneErrors, parseZone } from '../../src/syntax/zone.ts'
import { anyRecord } from './records.ts'

const read = (text: string, options = {}) => {
  const { records, errors } = parseZone(text, options)
  expect(errors).toEqual([])
  return records.map(record => `${record.name}. ${record.ttl} ${record.type} ${record.text}`)
}

describe('parseZone', () => {
  test('a zone file', () => {
    expect(read(`
$ORIGIN example.com.
$TTL 1h ; RFC 2308
@       IN SOA ns1 hostmaster (
                2026112201 ; serial
                2h 30m 2w 5m )
        NS  ns1
     60 IN MX 10 mx1
     IN 60 MX 20 mx2.example.net.
$ORIGIN sub
www     CNAME @
$TTL 300
        TXT "a" "b"
`)).toEqual([
      'example.com. 3600 SOA ns1.example.com. hostmaster.example.com. 2026112201 7200 1800 1209600 300',
      'example.com. 3600 NS ns1.example.com.',
      'example.com. 60 MX 10 mx1.example.com.',
      'example.com. 60 MX 20 mx2.example.net.',
      'www.sub.example.com. 3600 CNAME sub.example.com.',
      'www.sub.example.com. 300 TXT "a" "b"',
    ])
  })

  test('lines as people paste them: no origin, no final dots, no TTL, no class', () => {
    expect(read('example.com MX 10 mx1.example.com\nmx1.example.com. A 192.0.2.1\n_dmarc.example.com TXT "v=DMARC1; p=none"')).toEqual([
      'example.com. 3600 MX 10 mx1.example.com.',
      'mx1.example.com. 3600 A 192.0.2.1',
      '_dmarc.example.com. 3600 TXT "v=DMARC1; p=none"',
    ])
  })

  test('CRLF, CH, upper case and lower case', () => {
    expect(read('EXAMPLE.com\tch\ttxt\t"x"\r\n mx 0 .\r\n', { defaultTtl: 7 })).toEqual(['example.com. 7 TXT "x"', 'example.com. 7 MX 0 .'])
  })

  test('without $TTL an entry takes the TTL stated last (RFC 1035 §5.1)', () => {
    expect(read('a. A 192.0.2.1\na. 60 A 192.0.2.2\nb. A 192.0.2.3')).toEqual([
      'a. 3600 A 192.0.2.1', 'a. 60 A 192.0.2.2', 'b. 60 A 192.0.2.3',
    ])
  })

  test('a semicolon in quotes and an escaped one are no comments', () => {
    expect(read('k._domainkey.example.com TXT "v=DKIM1; k=rsa; " p=AA\\; ; a comment (')).toEqual([
      'k._domainkey.example.com. 3600 TXT "v=DKIM1; k=rsa; " "p=AA;"',
    ])
  })

  test('an owner may be named like a class or a type', () => {
    expect(read('in in a 192.0.2.1\nmx mx 1 mx', { origin: 'example.com' })).toEqual([
      'in.example.com. 3600 A 192.0.2.1', 'mx.example.com. 3600 MX 1 mx.example.com.',
    ])
  })

  test('special answers', () => {
    const zone = parseZone('$ORIGIN example.com.\n@ MX (servfail)\n  TXT (timeout) ; slow\na A (nodata)\nb TXT (else) ; a text\nb TXT timeout\nc NS (refused) x\nd NS (none\n)')
    expect(zone.special).toMatchObject([
      { name: 'example.com', type: 'MX', word: 'servfail', line: 2 },
      { name: 'example.com', type: 'TXT', word: 'timeout', line: 3 },
      { name: 'a.example.com', type: 'A', word: 'nodata', line: 4 },
      { name: 'd.example.com', type: 'NS', word: 'none', line: 8 },
    ])
    expect(zone.records.map(record => record.text)).toEqual(['"else"', '"timeout"'])
    expect(zone.errors).toEqual([{ line: 7, column: 16, message: 'the data ends before this' }])
  })

  test.each([
    ['a. A 1.2.3', 1, 6, 'IPv4'],
    ['\n a. A 192.0.2.1', 2, 2, 'no owner'],
    ['a. IN', 1, 4, 'type is missing'],
    ['a. BOGUS x', 1, 4, 'BOGUS is no record type'],
    ['a. "A" 192.0.2.1', 1, 4, 'no record type'],
    ['a. A', 1, 4, 'data of this A record is missing'],
    ['a. 9999999999 A 192.0.2.1', 1, 4, 'TTL'],
    ['a. 1x A 192.0.2.1', 1, 4, 'TTL'],
    ['a. NSEC b. A', 1, 9, '\\#'],
    ['$INCLUDE other.zone', 1, 1, '$INCLUDE is not read here'],
    ['$GENERATE 1-3 a A 192.0.2.$', 1, 1, '$GENERATE is not read here'],
    ['$TTL', 1, 1, 'needs a value'],
    ['$TTL x', 1, 6, 'TTL'],
    ['$ORIGIN a. b.', 1, 12, 'one value'],
    ['a. SOA . . ( 1 2 3\n 4 x )', 2, 4, 'seconds'],
    ['a. TXT (\n"b', 2, 1, 'no end'],
    ['a. TXT ( "b"\nc. A 192.0.2.1', 1, 8, 'never closed'],
    ['münchen.de. A 192.0.2.1', 1, 2, 'A-label'],
  ])('%j: line %i, column %i', (text, line, column, message) => {
    const zone = parseZone(text)
    expect(zone.records).toEqual([])
    expect(zone.errors).toEqual([{ line, column, message: expect.stringContaining(message) as string }])
  })

  test.each([
    ['1-3 host-$ A 192.0.2.$', ['host-1 A 192.0.2.1', 'host-2 A 192.0.2.2', 'host-3 A 192.0.2.3']],
    ['0-4/2 $ 60 IN PTR ${1,3}.net.', ['0 PTR 001.net.', '2 PTR 003.net.', '4 PTR 005.net.']],
    ['9-10 a${-9,0,d} MX "1$ mx${0,2,x}.net."', ['a0 MX 19 mx09.net.', 'a1 MX 110 mx0a.net.']],
    ['26-26 ${0,4,X}.${0,0,o}.${0,0,n}.${1,7,N} TXT "\\"$$ \\$ $\\""', ['001a.32.a.1.b.1.0.0 TXT "$ $ 26"']],
    ['2147483647-2147483647 $ CNAME $.net.', ['2147483647 CNAME 2147483647.net.']],
  ])('$GENERATE %s', (text, expected) => {
    const { records, places, errors } = parseZone(`\n$GENERATE ${text}`, { generate: true })
    expect(errors).toEqual([])
    expect(records.map(record => `${record.name} ${record.type} ${record.text}`)).toEqual(expected)
    expect(places[0]).toEqual({ line: 2, column: 1 })
  })

  test.each([
    ['3-1 a A 192.0.2.$', 11, 'ends before it begins'],
    ['1-3/0 a A 192.0.2.$', 11, 'expected a range'],
    ['a b A 192.0.2.$', 11, 'expected a range'],
    ['1-2147483648 a A 192.0.2.1', 11, 'expected a range'],
    ['0-65536 a$ A 192.0.2.1', 11, 'at most 65536 records'],
    ['1-3 a$ A', 18, 'needs a type and data'],
    ['1-3 a$ MX 10 mx$', 24, 'put quotes around'],
    ['1-3 a${-2} A 192.0.2.1', 15, 'makes -1 of 1'],
    ['1-3 a${0,1,z} A 192.0.2.1', 15, 'OFFSET,WIDTH,BASE'],
    ['1-3 a${0 A 192.0.2.1', 15, 'has no }'],
    ['254-257 a$ A 192.0.2.$', 1, 'IPv4'],
  ])('$GENERATE %s is refused at column %i', (text, column, message) => {
    const { errors } = parseZone(`$GENERATE ${text}`, { generate: true })
    expect(errors).toEqual([{ line: 1, column, message: expect.stringContaining(message) as string }])
  })

  test('many $GENERATE do not stand for more than all may', () => {
    const { records, errors } = parseZone('$GENERATE 0-65535 a$ A 192.0.2.1\n'.repeat(6), { generate: true })
    expect(records).toHaveLength(262_144)
    expect(errors.map(({ line }) => line)).toEqual([5, 6])
  })

  test('an error costs its own entry alone, but a bad owner is not inherited over', () => {
    const zone = parseZone('a. A 192.0.2.1\n.. A 192.0.2.2\n  A 192.0.2.3\nb. A x\n  A 192.0.2.4')
    expect(zone.records.map(record => `${record.name} ${record.text}`)).toEqual(['a 192.0.2.1', 'b 192.0.2.4'])
    expect(zone.errors.map(error => error.line)).toEqual([2, 3, 4])
  })

  test('never throws, whatever the text', () => {
    const word = fc.constantFrom('$ORIGIN', '$TTL', '@', 'a', 'IN', '60', 'MX', 'TXT', 'SOA', '(', ')', '"', ';', '\n', '\n ', '\\', '\\#', '.', '1h', '\xff', '—')
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(word, { maxLength: 60 }).map(words => words.join(' ')))
    fc.assert(fc.property(text, input => {
      const { records, errors, special } = parseZone(input)
      const lines = input.split('\n').length
      for (const { line, column } of errors) expect(line >= 1 && line <= lines && column >= 1).toBe(true)
      expect(records.length + special.length + errors.length).toBeLessThanOrEqual(lines)
    }), { numRuns: 3000 })
  })

  test('a text that is no zone at all is given up, and says so', () => {
    const { errors } = parseZone('what\n'.repeat(5000))
    expect(errors).toHaveLength(maxZoneErrors + 1)
    expect(errors.at(-1)).toEqual({ line: maxZoneErrors, column: 1, message: 'nothing below is read: there are 1000 errors up to here' })
  })

  test('is linear in the text: quadratic time would not end here', () => {
    for (const unit of ['(', '"', '\\', ';', 'a ', '"a" ', '( ', ') ', '\n(', 'a.', '\\\\"']) {
      const { records, errors } = parseZone(`a TXT ${unit.repeat(400_000)}`)
      expect(records.length + errors.length).toBeGreaterThan(0)
    }
  })
})

describe('formatZone', () => {
  test('parseZone reads back what it writes', () => {
    fc.assert(fc.property(fc.array(anyRecord, { maxLength: 8 }), records => {
      const zone = parseZone(formatZone(records))
      expect(zone.errors).toEqual([])
      expect(new Set(zone.records.map(record => JSON.stringify(record)))).toEqual(new Set(records.map(record => JSON.stringify(record))))
      expect(formatZone(zone.records)).toBe(formatZone(records))
    }), { numRuns: 500 })
  })

  test('sorts names below their parent and aligns the columns', () => {
    const { records } = parseZone('b.example.com A 192.0.2.1\nexample.com TXT x\nexample.com 60 MX 1 b.example.com\na.b.example.com A 192.0.2.2\nexample.com NS n\na.example.com AAAA ::1')
    expect(formatZone(records)).toBe([
      'example.com.       60 IN NS   n.',
      'example.com.       60 IN MX   1 b.example.com.',
      'example.com.     3600 IN TXT  "x"',
      'a.example.com.     60 IN AAAA ::1',
      'b.example.com.   3600 IN A    192.0.2.1',
      'a.b.example.com.   60 IN A    192.0.2.2',
      '',
    ].join('\n'))
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldName, formatData, joinedText, makeRecord, parseData, RecordSyntaxError, type RecordType } from '../../src/syntax/record.ts'
import { anyData } from './records.ts'

describe('formatData and parseData', () => {
  test.each<[RecordType, string, string]>([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:DB8:0:0:0::1', '2001:db8::1'],
    ['NS', 'NS1.Example.com.', 'ns1.example.com.'],
    ['MX', '0 .', '0 .'],
    ['MX', '010 mx1', '10 mx1.example.org.'],
    ['SOA', 'ns1 host\\.master 1 2h 30m 2w 1d', 'ns1.example.org. host\\.master.example.org. 1 7200 1800 1209600 86400'],
    ['SOA', '@ @ ( 4294967295 1 2 ; comment\n 3 4 )', 'example.org. example.org. 4294967295 1 2 3 4'],
    ['TXT', 'v=spf1 -all', '"v=spf1" "-all"'],
    ['TXT', '"v=spf1; \\"x\\" " \\255\\000 "" a\\;b', '"v=spf1; \\"x\\" " "\\255\\000" "" "a;b"'],
    ['SRV', '0 1 993 imap', '0 1 993 imap.example.org.'],
    ['TLSA', '3 1 1 ( AA bb\n CC )', '3 1 1 aabbcc'],
    ['DS', '12345 13 2 00ff', '12345 13 2 00ff'],
    ['DNSKEY', '257 3 13 AA EC', '257 3 13 AAEC'],
    ['RRSIG', 'mx 13 2 1h 20261201000000 1764547200 1 @ AAEC', 'MX 13 2 3600 20261201000000 20251201000000 1 example.org. AAEC'],
    ['RRSIG', 'TYPE65281 13 2 1 1 0 1 . AAEC', 'TYPE65281 13 2 1 19700101000001 19700101000000 1 . AAEC'],
    ['CAA', '128 issue ca.example.net', '128 issue "ca.example.net"'],
    ['TYPE65280', '\\# 3 ABCD ef', '\\# 3 abcdef'],
    ['TYPE65280', '\\# 0', '\\# 0'],
  ])('%s %s', (type, text, written) => expect(formatData(type, parseData(type, text, 'example.org'))).toBe(written))

  test.each<[RecordType, string, number, string]>([
    ['A', '192.0.2.256', 1, 'IPv4'],
    ['A', '192.0.2.1 192.0.2.2', 11, 'ends before'],
    ['A', '', 1, 'missing'],
    ['AAAA', 'fe80::1%eth0', 1, 'IPv6'],
    ['MX', '10', 3, 'missing'],
    ['MX', '65536 mx', 1, '65535'],
    ['MX', 'mx 10', 1, '65535'],
    ['MX', '10 mx..example', 7, 'empty'],
    ['MX', '10 .example', 4, 'empty'],
    ['MX', '10 mün.example', 5, 'A-label'],
    ['MX', `10 ${'a'.repeat(64)}.example`, 4 + 64, '63'],
    ['NS', 'a.'.repeat(128), 1, '255'],
    ['NS', 'a\\256.example', 2, 'backslash'],
    ['NS', '"a.example"', 1, 'quoted'],
    ['TXT', '"never closed', 1, 'no end'],
    ['TXT', '"a" "b\\9"', 7, 'backslash'],
    ['TXT', `"${'a'.repeat(256)}"`, 1, '255'],
    ['TXT', '"a — b"', 4, 'not an octet'],
    ['TXT', '( "a"', 1, 'never closed'],
    ['TXT', '"a" )', 5, 'never opened'],
    ['TXT', '"a"\n"b"', 1, 'ends here'],
    ['TLSA', '3 1 1 abc', 7, 'odd'],
    ['TLSA', '3 1 1 xx', 7, 'hexadecimal'],
    ['DNSKEY', '257 3 13 A', 10, 'base64'],
    ['RRSIG', 'MX 13 2 1 20261301000000 0 1 . AAEC', 11, 'no such date'],
    ['TYPE65280', '\\# 2 ab', 6, 'says 2 octets'],
    ['TYPE65280', 'abcd', 1, '\\#'],
    ['A', '\\# 4 c0000201', 1, 'own format'],
  ])('%s %s is refused at column %i: %s', (type, text, column, message) => {
    expect(() => parseData(type, text)).toThrow(RecordSyntaxError)
    expect(() => parseData(type, text)).toThrow(expect.objectContaining({ column, message: expect.stringContaining(message) as string }))
  })

  test('parseData reads back whatever formatData writes', () => {
    fc.assert(fc.property(anyData, ({ type, data }) => {
      expect(parseData(type, formatData(type, data))).toEqual(data)
    }), { numRuns: 2000 })
  })

  test('parseData throws nothing but RecordSyntaxError', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('0', '9', ' ', '\\', '#', '"', '(', ')', ';', '.', '@', '\n', 'a', 'z', '=') }))
    fc.assert(fc.property(anyData, text, fc.nat(), ({ type, data }, noise, at) => {
      const valid = formatData(type, data)
      const cut = at % (valid.length + 1)
      for (const candidate of [noise, valid.slice(0, cut) + noise + valid.slice(cut)]) {
        try {
          parseData(type, candidate, 'example.org')
        } catch (error) {
          expect(error).toBeInstanceOf(RecordSyntaxError)
        }
      }
    }), { numRuns: 2000 })
  })
})

test('makeRecord folds the owner and fills the text', () => {
  expect(makeRecord('_DMARC.Example.COM.', 'TXT', 60, { strings: ['v=DMARC1; ', 'p=none'] })).toEqual({
    name: '_dmarc.example.com', type: 'TXT', ttl: 60, data: { strings: ['v=DMARC1; ', 'p=none'] }, text: '"v=DMARC1; " "p=none"',
  })
})

test('joinedText joins the strings without separator', () => {
  expect(joinedText(makeRecord('example.com', 'TXT', 60, { strings: ['v=spf1 ip4:192.0', '.2.1 -all'] }))).toBe('v=spf1 ip4:192.0.2.1 -all')
})

test('foldName folds ASCII letters alone, and knows an escaped final dot', () => {
  expect(foldName('MX1.Example.COM.')).toBe('mx1.example.com')
  expect(foldName('.')).toBe('')
  expect(foldName('a\\.')).toBe('a\\.')
  expect(foldName('a\\\\.')).toBe('a\\\\')
  expect(foldName('\xc0\u0130')).toBe('\xc0\u0130')
})

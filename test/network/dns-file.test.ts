import { describe, expect, test } from 'vitest'
import { dnsFileNetwork, DnsFileError } from '../../src/network/dns-file.ts'
import type { Question } from '../../src/network/network.ts'
import { outcome } from '../../src/network/network.ts'

/** `NXDOMAIN`, `NODATA`, the records, or the reason why there is no answer. */
async function answerOf(file: string, name: string, type: Question['type']): Promise<string | string[]> {
  const answer = await outcome(dnsFileNetwork(file).query({ name, type }))
  if ('problem' in answer) return answer.problem.reason
  const { rcode, records, aliases } = answer.value
  if (records.length > 0) return [...aliases.map(({ text }) => `via ${text}`), ...records.map(({ text }) => text)]
  return rcode === 'NXDOMAIN' ? rcode : 'NODATA'
}

const yaml = `
Example.COM:
  - SPF: v=spf1 mx -all
  - MX: [10, Mail.Example.com.]
  - MX: [20, ""]
  - A: 192.0.2.1
  - A: 192.0.2.2
  - AAAA: CAFE:BABE::1
mirrored.example:
  - SPF: [ "v=spf1 ", "-all" ]
  - SPF: []
own.example:
  - SPF: v=spf1 +all
  - TXT: v=spf1 -all
none.example:
  - SPF: v=spf1 -all
  - TXT: NONE
octets.example:
  - TXT: "\\xEF\\x00\\x80"
alias.example: [{ CNAME: target.example. }]
target.example: [{ A: 192.0.2.9 }]
loop.example: [{ CNAME: LOOP.example }]
dangling.example: [{ CNAME: gone.example }]
1.2.0.192.in-addr.arpa: [{ PTR: mail.example.com }]
'foo:bar/baz qux.example': [{ A: 192.0.2.3 }]
`

describe('what a file says', () => {
  test.each<[name: string, type: Question['type'], answer: string | string[]]>([
    ['example.com', 'TXT', ['"v=spf1 mx -all"']],
    ['example.com', 'SPF', ['"v=spf1 mx -all"']],
    ['example.com', 'MX', ['10 mail.example.com.', '20 .']],
    ['example.com', 'A', ['192.0.2.1', '192.0.2.2']],
    ['example.com', 'AAAA', ['cafe:babe::1']],
    ['example.com', 'NS', 'NODATA'],
    ['www.example.com', 'A', 'NXDOMAIN'],
    ['com', 'A', 'NXDOMAIN'],
    ['mirrored.example', 'TXT', ['"v=spf1 " "-all"', '']],
    ['own.example', 'TXT', ['"v=spf1 -all"']],
    ['own.example', 'SPF', ['"v=spf1 +all"']],
    ['none.example', 'TXT', 'NODATA'],
    ['octets.example', 'TXT', ['"\\239\\000\\128"']],
    ['alias.example', 'A', ['via target.example.', '192.0.2.9']],
    ['alias.example', 'CNAME', ['target.example.']],
    ['alias.example', 'AAAA', 'NODATA'],
    ['dangling.example', 'A', 'NXDOMAIN'],
    ['loop.example', 'A', 'dns-servfail'],
    ['1.2.0.192.in-addr.arpa', 'PTR', ['mail.example.com.']],
    ['foo:bar/baz\\032qux.example', 'A', ['192.0.2.3']],
  ])('%s %s', async (name, type, answer) => expect(await answerOf(yaml, name, type)).toEqual(answer))

  test('JSON says the same, also by way of \\u', async () => {
    const json = JSON.stringify({ 'example.com': [{ SPF: 'v=spf1 -all' }, { A: '192.0.2.1' }], 'x.example': [{ TXT: '\xff' }] }).replace('\xff', '\\u00ff')
    expect(await answerOf(json, 'example.com', 'TXT')).toEqual(['"v=spf1 -all"'])
    expect(await answerOf(json, 'x.example', 'TXT')).toEqual(['"\\255"'])
    expect(await answerOf('{example.com: [{A: 192.0.2.7}]}', 'example.com', 'A')).toEqual(['192.0.2.7'])
    expect(await answerOf('', 'example.com', 'A')).toBe('NXDOMAIN')
  })

  test('a text is what was written, whatever YAML might take it for', async () => {
    for (const text of ['1.0', '0x10', 'null', 'yes', 'true', '2026-11-23']) expect(await answerOf(`a.example: [{ TXT: ${text} }]`, 'a.example', 'TXT')).toEqual([`"${text}"`])
    expect((await dnsFileNetwork('a.example: [{ AD: true }]').query({ name: 'a.example', type: 'A' })).secure).toBe(true)
    expect((await dnsFileNetwork('a.example: [{ AD: false }]').query({ name: 'a.example', type: 'A' })).secure).toBe(false)
  })

  test('the same name in two spellings is one', async () => {
    const file = JSON.stringify({ 'a.example': [{ A: '192.0.2.1' }], 'A.Example.': [{ A: '192.0.2.2' }] })
    expect(await answerOf(file, 'a.example', 'A')).toEqual(['192.0.2.1', '192.0.2.2'])
  })

  test('a text too long for one string is cut into several', async () => {
    const { records } = await dnsFileNetwork(JSON.stringify({ 'a.example': [{ TXT: 'x'.repeat(600) }] })).query({ name: 'a.example', type: 'TXT' })
    expect(records[0]?.data.strings.map(({ length }) => length)).toEqual([255, 255, 90])
  })

  test('any type, in presentation format', async () => {
    const file = JSON.stringify({
      'a.example': [
        { TLSA: '3 1 1 00ff' }, { CAA: '0 issue "ca.example"' }, { SRV: '10 0 993 imap.example.' }, { TYPE65280: '\\# 4 c0000201' },
        { DS: '12345 13 2 abcd' }, { NS: 'ns.example' }, { SOA: 'ns.example. root.example. 1 2 3 4 5' },
      ],
    })
    expect(await answerOf(file, 'a.example', 'TLSA')).toEqual(['3 1 1 00ff'])
    expect(await answerOf(file, 'a.example', 'CAA')).toEqual(['0 issue "ca.example"'])
    expect(await answerOf(file, 'a.example', 'SRV')).toEqual(['10 0 993 imap.example.'])
    expect(await answerOf(file, 'a.example', 'TYPE65280')).toEqual(['\\# 4 c0000201'])
    expect(await answerOf(file, 'a.example', 'DS')).toEqual(['12345 13 2 abcd'])
    expect(await answerOf(file, 'a.example', 'NS')).toEqual(['ns.example.'])
    expect(await answerOf(file, 'a.example', 'SOA')).toEqual(['ns.example. root.example. 1 2 3 4 5'])
  })
})

describe('what it does not say', () => {
  const zone = (...entries: unknown[]) => JSON.stringify({ 'a.example': entries })
  test.each<[what: string, file: string, type: Question['type'], answer: string | string[]]>([
    ['a bare TIMEOUT, alone', zone('TIMEOUT'), 'A', 'dns-timeout'],
    ['after an entry of the type', zone({ A: '192.0.2.1' }, 'TIMEOUT'), 'A', ['192.0.2.1']],
    ['and of another type', zone({ A: '192.0.2.1' }, 'TIMEOUT'), 'MX', 'dns-timeout'],
    ['before an entry of the type', zone('TIMEOUT', { A: '192.0.2.1' }), 'A', 'dns-timeout'],
    ['SPF before it stands for TXT', zone({ SPF: 'v=spf1' }, 'TIMEOUT'), 'TXT', ['"v=spf1"']],
    ['TXT: NONE is no TXT, so it covers TXT', zone({ SPF: 'v=spf1' }, { TXT: 'NONE' }, 'TIMEOUT'), 'TXT', 'dns-timeout'],
    ['bare words of other kinds', zone('SERVFAIL'), 'A', 'dns-servfail'],
    ['bare REFUSED', zone('REFUSED'), 'A', 'resolver-refused'],
    ['bare NXDOMAIN', zone('NXDOMAIN'), 'A', 'NXDOMAIN'],
    ['the first bare word counts', zone('SERVFAIL', 'TIMEOUT'), 'A', 'dns-servfail'],
    ['a type’s own TIMEOUT', zone({ A: 'TIMEOUT' }, { MX: [1, 'b.example'] }), 'A', 'dns-timeout'],
    ['which leaves others alone', zone({ A: 'TIMEOUT' }, { MX: [1, 'b.example'] }), 'MX', ['1 b.example.']],
    ['a type’s own SERVFAIL', zone({ A: 'SERVFAIL' }), 'A', 'dns-servfail'],
    ['a type’s own REFUSED', zone({ A: 'REFUSED' }), 'A', 'resolver-refused'],
    ['a type’s own NXDOMAIN', zone({ A: 'NXDOMAIN' }, { MX: [1, 'b.example'] }), 'A', 'NXDOMAIN'],
    ['TXT: TIMEOUT, beside SPF', zone({ SPF: 'v=spf1' }, { TXT: 'TIMEOUT' }), 'TXT', 'dns-timeout'],
    ['SPF: TIMEOUT, for TXT as well', zone({ SPF: 'TIMEOUT' }), 'TXT', 'dns-timeout'],
    ['an alias goes on before it', JSON.stringify({ 'a.example': [{ CNAME: 'b.example' }, 'TIMEOUT'], 'b.example': [{ A: '192.0.2.1' }] }), 'A', ['via b.example.', '192.0.2.1']],
    ['and ends where it ends', JSON.stringify({ 'a.example': [{ CNAME: 'b.example' }], 'b.example': ['TIMEOUT'] }), 'A', 'dns-timeout'],
  ])('%s', async (_, file, type, answer) => expect(await answerOf(file, 'a.example', type)).toEqual(answer))
})

test('AD: true makes the answers of a name secure, also that there is none, as far as aliases go', async () => {
  const network = dnsFileNetwork(JSON.stringify({
    'a.example': [{ AD: true }, { A: '192.0.2.1' }], 'b.example': [{ A: '192.0.2.1' }],
    'c.example': [{ AD: true }, { CNAME: 'b.example' }], 'd.example': [{ AD: true }, { CNAME: 'a.example' }], 'e.example': [{ AD: false }, { A: '192.0.2.1' }], 'g.example': [{ CNAME: 'a.example' }],
  }))
  const secure = async (name: string, type: Question['type'] = 'A') => (await network.query({ name, type })).secure
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => secure(`${name}.example`)))).toEqual([true, false, false, true, false, false, false])
  expect(await secure('a.example', 'TLSA')).toBe(true)
  expect((await network.query({ name: 'a.example', type: 'A' })).adTrusted).toBe(true)
})

test('nobody is connected to', async () => {
  const network = dnsFileNetwork('{}')
  await expect(network.connect({ host: 'a.example', address: '192.0.2.1', port: 25, tls: 'starttls' })).rejects.toMatchObject({ reason: 'not-recorded' })
  await expect(network.fetch('https://a.example/')).rejects.toMatchObject({ reason: 'not-recorded' })
})

test.each([
  ['[]', /expected names with a list of records each/],
  ['word', /expected names/],
  ['a.example: [{ A: 192.0.2 }]', /a\.example A: "192\.0\.2" is no IPv4 address/],
  ['a.example: [{ AAAA: 192.0.2.1 }]', /is no IPv6 address/],
  ['a.example: [{ MX: x y }]', /is no preference/],
  ['a.example: [{ TLSA: 3 1 }]', /a\.example TLSA: /],
  ['a.example: [{ QQ: 1 }]', /"QQ" is no record type/],
  ['a.example: [LATER]', /expected TYPE: value or one of TIMEOUT, SERVFAIL, REFUSED, NXDOMAIN, not "LATER"/],
  ['a.example: [{ TXT: { x: 1 } }]', /expected a text/],
  ['a.example: [{ TXT: "€" }]', /no octet/],
  ['a..example: []', /"a\.\.example" cannot be a domain name/],
  [`${'a'.repeat(64)}.example: []`, /cannot be a domain name/],
  ['a.example: [{ CNAME: b..example }]', /cannot be a domain name/],
  ['a.example: [', /./],
  ['{"a.example": [}', /./],
  ['a.example: []\na.example: []', /unique/],
])('%j is refused, in a line', (file, message) => {
  expect(() => dnsFileNetwork(file)).toThrow(DnsFileError)
  expect(() => dnsFileNetwork(file)).toThrow(message)
})

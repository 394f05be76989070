/** check_host() section by section of RFC 7208: what a zone says, who comes, and what becomes of it. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkHost, type SpfRequest, type SpfVerdict } from '../../src/evaluate/check-host.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { drive } from '../../src/probes/drive.ts'

type Zone = Readonly<Record<string, string | readonly unknown[]>>

const usual: SpfRequest = { ip: '192.0.2.1', sender: 'ann@example.com', helo: 'mail.example.com' }

/** A name with a text instead of a list of records has it as its TXT record. */
function evaluate(zone: Zone, request: Partial<SpfRequest> = {}): Promise<SpfVerdict> {
  const entries = Object.entries(zone).map(([name, value]) => [name, typeof value === 'string' ? [{ TXT: value }] : value])
  return drive(checkHost({ ...usual, ...request }), dnsFileNetwork(JSON.stringify(Object.fromEntries(entries))))
}

type Row = readonly [what: string, zone: Zone, result: string, request?: Partial<SpfRequest>]

function table(rows: readonly Row[]): void {
  test.each(rows.map(([what, zone, result, request]) => ({ what, zone, result, request })))('$what', async ({ zone, result, request }) => {
    const verdict = await evaluate(zone, request)
    expect(verdict.result, JSON.stringify(verdict.trace, null, 1)).toBe(result)
  })
}

const label63 = 'a'.repeat(63)

describe('§2.4, §4.1: the identity', () => {
  table([
    ['the sender’s domain', { 'example.com': 'v=spf1 +all' }, 'pass'],
    ['the null reverse-path: postmaster at the HELO name', { 'mail.example.com': 'v=spf1 exists:%{l}.%{o}.test -all', 'postmaster.mail.example.com.test': [{ A: '127.0.0.2' }] }, 'pass', { sender: '' }],
    ['no local part: postmaster', { 'example.com': 'v=spf1 exists:%{l}.test -all', 'postmaster.test': [{ A: '127.0.0.2' }] }, 'pass', { sender: '@example.com' }],
    ['only a domain: postmaster', { 'example.com': 'v=spf1 exists:%{s}.test -all', 'postmaster@example.com.test': [{ A: '127.0.0.2' }] }, 'pass', { sender: 'example.com' }],
    ['a local part with an at sign', { 'example.com': 'v=spf1 +all', 'b"@example.com': 'v=spf1 -all' }, 'pass', { sender: '"a@b"@example.com' }],
    ['another domain to begin with', { 'example.com': 'v=spf1 -all', 'example.net': 'v=spf1 +all' }, 'pass', { domain: 'example.net' }],
    ['letters in any case, a final dot', { 'example.com': 'v=spf1 +all' }, 'pass', { sender: 'ann@EXAMPLE.com.' }],
    ['U-labels (RFC 8616 §4)', { 'xn--mnchen-3ya.de': 'v=spf1 +all' }, 'pass', { sender: 'ann@münchen.de' }],
  ])
  test('what is no address is the caller’s mistake', () => {
    expect(() => checkHost({ ...usual, ip: '192.0.2' }).next()).toThrow(RangeError)
    expect(() => checkHost({ ...usual, ip: 'fe80::1%eth0' }).next()).toThrow(RangeError)
  })
})

describe('§4.3: initial processing asks for nothing but names', () => {
  test.each([
    'localhost', 'localhost.', '[192.0.2.1]', 'a..example.com', '.example.com', `a${label63}.example.com`, `${`${label63}.`.repeat(4)}com`, 'exämple..com', '',
  ])('%j', async domain => {
    const verdict = await evaluate({}, { domain })
    expect(verdict).toMatchObject({ result: 'none', lookups: 0, void: 0, trace: { asked: [], record: null } })
  })
  table([
    ['a name that does not exist', {}, 'none'],
    ['labels and names as long as they may be', { [`${`${label63}.`.repeat(3)}${'b'.repeat(61)}`]: 'v=spf1 +all' }, 'pass', { domain: `${`${label63}.`.repeat(3)}${'b'.repeat(61)}` }],
  ])
})

describe('§4.4: the lookup of the record', () => {
  table([
    ['no answer', { 'example.com': ['TIMEOUT'] }, 'temperror'],
    ['SERVFAIL', { 'example.com': ['SERVFAIL'] }, 'temperror'],
    ['REFUSED', { 'example.com': [{ TXT: 'REFUSED' }] }, 'temperror'],
    ['no TXT record', { 'example.com': [{ A: '192.0.2.1' }] }, 'none'],
    ['only type 99, which nobody asks for', { 'example.com': [{ SPF: 'v=spf1 +all' }, { TXT: 'NONE' }] }, 'none'],
    ['behind an alias', { 'example.com': [{ CNAME: 'spf.example.net' }], 'spf.example.net': 'v=spf1 +all' }, 'pass'],
  ])
})

describe('§3.3, §4.5: which record', () => {
  table([
    ['strings are joined without a space', { 'example.com': [{ TXT: ['v=spf1 ip4:192.0', '.2.1 -all'] }] }, 'pass'],
    ['other TXT records do not matter', { 'example.com': [{ TXT: 'v=spf10 -all' }, { TXT: 'hello' }, { TXT: 'v=spf1 +all' }, { TXT: '\x96' }] }, 'pass'],
    ['the version in any case', { 'example.com': 'V=SPF1 +all' }, 'pass'],
    ['the version alone', { 'example.com': 'v=spf1' }, 'neutral'],
    ['the version, but not at the beginning', { 'example.com': ' v=spf1 +all' }, 'none'],
    ['the version, but not ended by a space', { 'example.com': 'v=spf1\t+all' }, 'none'],
    ['two records', { 'example.com': [{ TXT: 'v=spf1 +all' }, { TXT: 'v=spf1 +all' }] }, 'permerror'],
  ])
})

describe('§4.6: the syntax of the whole record counts, wherever evaluation would end', () => {
  test.each([
    'v=spf1 +all moo', 'v=spf1 +all ip4:192.0.2.0/33', 'v=spf1 +all ip4:192.0.2.0/-1', 'v=spf1 +all ip4:192.0.2.0/1.5', 'v=spf1 +all ip4:192.0.2.0/024',
    'v=spf1 +all ip6:2001:db8::/129', 'v=spf1 +all ip4:192.0.2', 'v=spf1 +all ip4:192.0.2.01', 'v=spf1 +all ip6:192.0.2.1', 'v=spf1 +all a:example',
    'v=spf1 +all a:192.0.2.1', 'v=spf1 +all include', 'v=spf1 +all exists:', 'v=spf1 +all ptr/24', 'v=spf1 +all all:x', 'v=spf1 +all include:%{c}.example',
    'v=spf1 +all include:%{d}x', 'v=spf1 +all redirect=a.example redirect=b.example', 'v=spf1 +all exp=a.example exp=b.example', 'v=spf1 +all redirect=',
    'v=spf1 +all x=%{z}', 'v=spf1 +all \x80', 'v=spf1 +all a:b.example\0', 'v=spf1 +all a:b.example\r',
  ])('%j', async record => {
    const verdict = await evaluate({ 'example.com': record })
    expect(verdict).toMatchObject({ result: 'permerror', matched: null, lookups: 0 })
    expect(verdict.trace.because).toMatch(/^syntax error at column \d+/)
  })
  table([
    ['several spaces, also at the end', { 'example.com': 'v=spf1   +all  ' }, 'pass'],
    ['§4.6.2: from left to right', { 'example.com': 'v=spf1 -ip4:192.0.2.1 +ip4:192.0.2.1' }, 'fail'],
    ['qualifiers: +', { 'example.com': 'v=spf1 +ip4:192.0.2.1' }, 'pass'],
    ['qualifiers: ~', { 'example.com': 'v=spf1 ~ip4:192.0.2.1' }, 'softfail'],
    ['qualifiers: ?', { 'example.com': 'v=spf1 ?ip4:192.0.2.1' }, 'neutral'],
    ['mechanisms in any case', { 'example.com': 'v=spf1 -IP4:192.0.2.1 +All' }, 'fail'],
    ['§4.7: nothing matches', { 'example.com': 'v=spf1 ip4:198.51.100.1' }, 'neutral'],
  ])
})

describe('§4.6.4: the limits', () => {
  const hosts = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`h${i}.test`, [{ A: `198.51.100.${i}` }]]))
  const terms = (count: number) => Array.from({ length: count }, (_, i) => `a:h${i}.test`).join(' ')

  test.each([
    ['ten terms', terms(10), 'pass', 10],
    ['eleven terms', terms(11), 'permerror', 11],
    ['a redirect is one', `${terms(9)} redirect=all.test`, 'pass', 10],
    ['a redirect is one too many', `${terms(10)} redirect=all.test`, 'permerror', 11],
    ['an include, and what is in it', `include:two.test ${terms(7)}`, 'pass', 10],
    ['an include, and what is in it, one too many', `include:two.test ${terms(8)}`, 'permerror', 11],
    ['exists and ptr count', `exists:h0.no.h1.test ptr:none.test ${terms(8)}`, 'pass', 10],
    ['all, ip4, ip6 and unknown modifiers do not', `${terms(10)} ip4:10.0.0.0/8 ip6:::/0 x=y`, 'pass', 10],
    ['a term that cannot be asked for counts', `a:x..test ${terms(10)}`, 'permerror', 11],
    ['%{p} is a lookup of its own', `a:%{p}.test ${terms(8)}`, 'pass', 10],
    ['%{p} in the last term is one too many', `${terms(9)} a:%{p}.test`, 'permerror', 11],
    ['%{p} in an include is one too many', `${terms(9)} include:%{p}.test`, 'permerror', 11],
    ['%{p} is a lookup of its own, one too many', `a:%{p}.test ${terms(9)}`, 'permerror', 11],
  ])('%s', async (_, record, result, lookups) => {
    const zone = { ...hosts, 'example.com': `v=spf1 ${record}${record.includes('redirect') ? '' : ' +all'}`, 'all.test': 'v=spf1 +all', 'two.test': 'v=spf1 a:h10.test a:h11.test -all' }
    expect(await evaluate(zone)).toMatchObject({ result, lookups })
  })

  test('a match ends it before the limit does', async () => {
    expect(await evaluate({ ...hosts, 'example.com': `v=spf1 ip4:192.0.2.1 ${terms(11)}` })).toMatchObject({ result: 'pass', lookups: 0 })
    expect(await evaluate({ ...hosts, 'example.com': `v=spf1 ${terms(11)}` }, { ip: '198.51.100.3' })).toMatchObject({ result: 'pass', lookups: 4 })
  })

  test.each([
    ['two', 'a:x.test a:y.test', 'pass', 2],
    ['three', 'a:x.test a:y.test a:z.test', 'permerror', 3],
    ['three as the last terms', 'a:x.test a:y.test exists:z.test', 'permerror', 3],
    ['no data is as void as no name', 'a:txt.test mx:txt.test exists:txt.test', 'permerror', 3],
    ['in an include, too', 'a:x.test include:voids.test', 'permerror', 3],
    ['an empty PTR answer', 'a:x.test ptr a:y.test', 'permerror', 3],
    ['not %{p}, which is no term', 'a:x.test a:y.test exists:%{p}.here.test', 'pass', 2],
    ['not the addresses of MX hosts', 'mx:mx.test', 'pass', 0],
  ])('void lookups: %s', async (_, record, result, voids) => {
    const zone = {
      'example.com': `v=spf1 ${record} +all`, 'txt.test': 'hello', 'voids.test': 'v=spf1 a:y.test a:z.test -all', 'unknown.here.test': [{ A: '127.0.0.2' }],
      'mx.test': ['a', 'b', 'c'].map((name, i) => ({ MX: [i, `${name}.test`] })),
    }
    expect(await evaluate(zone)).toMatchObject({ result, void: voids })
  })

  test('the record that an include or redirect misses is void', async () => {
    expect(await evaluate({ 'example.com': 'v=spf1 a:x.test include:gone.test' })).toMatchObject({ result: 'permerror', void: 2 })
    expect(await evaluate({ 'example.com': 'v=spf1 redirect=gone.test' })).toMatchObject({ result: 'permerror', lookups: 1, void: 1 })
    expect(await evaluate({ 'example.com': 'v=spf1 redirect=other.test', 'other.test': 'hello' })).toMatchObject({ result: 'permerror', void: 0 })
  })

  test('the term that is one too many is the permerror', async () => {
    for (const last of ['a:h10.test', 'mx', 'ptr', 'exists:h0.test', 'include:all.test', 'redirect=all.test']) {
      const { trace } = await evaluate({ ...hosts, 'example.com': `v=spf1 ${terms(10)} ${last}`, 'all.test': 'v=spf1 +all' })
      expect(trace.terms.at(-1)).toEqual({ term: last, at: trace.record?.lastIndexOf(last), asked: [], outcome: 'permerror', because: 'more than 10 terms ask DNS' })
    }
  })

  test('the record’s own lookup is no term, and never void', async () => {
    expect(await evaluate({ 'example.com': [{ A: '192.0.2.1' }] })).toMatchObject({ result: 'none', lookups: 0, void: 0 })
  })

  const mx = (count: number) => Array.from({ length: count }, (_, i) => ({ MX: [i, `h${i}.test`] }))
  table([
    ['ten MX hosts', { ...hosts, 'example.com': [{ TXT: 'v=spf1 mx -all' }, ...mx(10)] }, 'pass', { ip: '198.51.100.9' }],
    ['eleven MX hosts are a permerror, whoever comes', { ...hosts, 'example.com': [{ TXT: 'v=spf1 mx -all' }, ...mx(11)] }, 'permerror', { ip: '198.51.100.0' }],
  ])
  const names = Array.from({ length: 11 }, (_, i) => ({ PTR: `h${i}.test` }))
  const here = (name: string) => ({ [name]: [{ A: '192.0.2.1' }] })
  table([
    ['the tenth PTR name counts', { 'example.com': 'v=spf1 ptr:h9.test -all', '1.2.0.192.in-addr.arpa': names, ...here('h9.test') }, 'pass'],
    ['the eleventh does not, and is no error', { 'example.com': 'v=spf1 ptr:h10.test -all', '1.2.0.192.in-addr.arpa': names, ...here('h10.test') }, 'fail'],
  ])
})

describe('§4.8, §5: targets and addresses', () => {
  table([
    ['a target that is no name matches nobody', { 'example.com': 'v=spf1 a:x..test mx:x..test exists:x..test ptr:x..test ?all' }, 'neutral'],
    ['an IPv4-mapped address is an IPv4 address', { 'example.com': 'v=spf1 -ip6:::/0 ip4:192.0.2.1' }, 'pass', { ip: '::ffff:192.0.2.1' }],
    ['which asks for A', { 'example.com': [{ TXT: 'v=spf1 a -all' }, { A: '192.0.2.1' }, { AAAA: 'SERVFAIL' }] }, 'pass', { ip: '::FFFF:C000:201' }],
    ['an error is a temperror at once', { 'example.com': 'v=spf1 a:x.test ip4:192.0.2.1', 'x.test': ['SERVFAIL'] }, 'temperror'],
    ['§5.1: all', { 'example.com': 'v=spf1 ~all -ip4:192.0.2.1' }, 'softfail'],
  ])
})

describe('§5.2: include', () => {
  const including = (inner: Zone[string] | undefined): Zone => ({ 'example.com': 'v=spf1 ~include:inner.test -all', ...(inner === undefined ? {} : { 'inner.test': inner }) })
  table([
    ['pass matches', including('v=spf1 +all'), 'softfail'],
    ['fail does not', including('v=spf1 -all'), 'fail'],
    ['softfail does not', including('v=spf1 ~all'), 'fail'],
    ['neutral does not', including('v=spf1 ?all'), 'fail'],
    ['temperror is one', including(['TIMEOUT']), 'temperror'],
    ['permerror is one', including('v=spf1 moo'), 'permerror'],
    ['none is a permerror', including([{ A: '192.0.2.1' }]), 'permerror'],
    ['nobody there is a permerror', including(undefined), 'permerror'],
    ['no name is a permerror', { 'example.com': 'v=spf1 include:a..test +all' }, 'permerror'],
    ['a single label is a permerror', { 'example.com': 'v=spf1 include:%{h} +all', 'mail': 'v=spf1 +all' }, 'permerror', { helo: 'mail' }],
    ['the current domain changes', { 'example.com': 'v=spf1 include:inner.test -all', 'inner.test': [{ TXT: 'v=spf1 a exists:%{d}.here -all' }, { A: '198.51.100.1' }], 'inner.test.here': [{ A: '127.0.0.2' }] }, 'pass'],
    ['and is restored', { 'example.com': [{ TXT: 'v=spf1 include:inner.test a -all' }, { A: '192.0.2.1' }], 'inner.test': 'v=spf1 ?all' }, 'pass'],
    ['the sender stays', { 'example.com': 'v=spf1 include:inner.test -all', 'inner.test': 'v=spf1 exists:%{s}.here -all', 'ann@example.com.here': [{ A: '127.0.0.2' }] }, 'pass'],
    ['a redirect inside it', { 'example.com': 'v=spf1 include:inner.test -all', 'inner.test': 'v=spf1 redirect=other.test', 'other.test': 'v=spf1 +all' }, 'pass'],
    ['itself', { 'example.com': 'v=spf1 include:example.com -all' }, 'permerror'],
  ])
})

describe('§5.3: a', () => {
  const zone = (term: string): Zone => ({ 'example.com': [{ TXT: `v=spf1 ${term} -all` }, { A: '192.0.2.200' }, { AAAA: '2001:db8::200' }], 'host.test': [{ A: '192.0.2.1' }, { A: '198.51.100.1' }, { AAAA: '2001:db8:1::1' }] })
  table([
    ['its own addresses', zone('a'), 'pass', { ip: '192.0.2.200' }],
    ['not others', zone('a'), 'fail'],
    ['of another name', zone('a:host.test'), 'pass'],
    ['any of them', zone('a:host.test'), 'pass', { ip: '198.51.100.1' }],
    ['a prefix', zone('a/24'), 'pass'],
    ['a prefix that is too long', zone('a/25'), 'fail'],
    ['the other family’s prefix', zone('a//24'), 'fail'],
    ['IPv6', zone('a:host.test'), 'pass', { ip: '2001:db8:1::1' }],
    ['IPv6 and a prefix', zone('a:host.test//64'), 'pass', { ip: '2001:db8:1::2' }],
    ['IPv6 and the other prefix', zone('a:host.test/24'), 'fail', { ip: '2001:db8:1::2' }],
    ['both prefixes', zone('a:host.test/31//32'), 'pass', { ip: '2001:db8:ffff::' }],
    ['/0 matches whoever comes', zone('a:host.test/0'), 'pass', { ip: '203.0.113.9' }],
    ['/0 of a name without addresses matches nobody', { 'example.com': 'v=spf1 a/0 -all' }, 'fail'],
    ['an alias', { 'example.com': 'v=spf1 a:www.test -all', 'www.test': [{ CNAME: 'host.test' }], 'host.test': [{ A: '192.0.2.1' }] }, 'pass'],
  ])
})

describe('§5.4: mx', () => {
  const zone = (term: string): Zone => ({
    'example.com': [{ TXT: `v=spf1 ${term} -all` }, { MX: [20, 'b.test'] }, { MX: [10, 'a.test'] }, { A: '192.0.2.99' }],
    'a.test': [{ A: '192.0.2.1' }, { AAAA: '2001:db8::1' }], 'b.test': [{ A: '192.0.2.2' }],
  })
  table([
    ['the first', zone('mx'), 'pass'],
    ['the second', zone('mx'), 'pass', { ip: '192.0.2.2' }],
    ['not the domain’s own address', zone('mx'), 'fail', { ip: '192.0.2.99' }],
    ['prefixes', zone('mx/25//64'), 'pass', { ip: '2001:db8::ffff' }],
    ['no MX: no host, not even the domain itself', { 'example.com': [{ TXT: 'v=spf1 mx -all' }, { A: '192.0.2.1' }] }, 'fail'],
    ['the null MX (RFC 7505)', { 'example.com': [{ TXT: 'v=spf1 mx/0 -all' }, { MX: [0, '.'] }] }, 'fail'],
    ['a host that fails after the one that matches', { ...zone('mx'), 'b.test': ['TIMEOUT'] }, 'pass'],
    ['a host that fails before it', { ...zone('mx'), 'a.test': ['TIMEOUT'] }, 'temperror', { ip: '192.0.2.2' }],
    ['a host without addresses', { ...zone('mx'), 'a.test': [] }, 'pass', { ip: '192.0.2.2' }],
  ])
})

test('nobody asks for the address of the null MX', async () => {
  const { trace } = await evaluate({ 'example.com': [{ TXT: 'v=spf1 mx -all' }, { MX: [0, '.'] }] })
  expect(trace.terms[0]).toMatchObject({ because: 'example.com receives no mail', asked: [{ type: 'MX' }] })
  expect(trace.terms[0]?.asked).toHaveLength(1)
})

describe('§5.5: ptr', () => {
  const zone = (term: string, more: Zone = {}): Zone => ({
    'example.com': `v=spf1 ${term} -all`, '1.2.0.192.in-addr.arpa': [{ PTR: 'liar.test' }, { PTR: 'Mail.Example.COM.' }],
    'mail.example.com': [{ A: '192.0.2.1' }, { AAAA: '2001:db8::1' }], 'liar.test': [{ A: '203.0.113.1' }], ...more,
  })
  table([
    ['a name below the domain', zone('ptr'), 'pass'],
    ['the name itself', zone('ptr:mail.example.com'), 'pass'],
    ['not one that only ends in the same letters', zone('ptr:ample.com'), 'fail'],
    ['not one that does not lead back', zone('ptr:liar.test'), 'fail'],
    ['IPv6', zone('ptr', { [`1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`]: [{ PTR: 'mail.example.com' }] }), 'pass', { ip: '2001:db8::1' }],
    ['a PTR lookup that fails matches nobody', zone('ptr', { '1.2.0.192.in-addr.arpa': ['SERVFAIL'] }), 'fail'],
    ['a name whose lookup fails is skipped', zone('ptr', { 'liar.test': ['TIMEOUT'] }), 'pass'],
  ])
})

describe('§5.6: ip4, ip6', () => {
  test.each([
    ['ip4:192.0.2.1', '192.0.2.1', true], ['ip4:192.0.2.1', '192.0.2.2', false], ['ip4:192.0.2.0/24', '192.0.2.255', true], ['ip4:192.0.2.0/24', '192.0.3.0', false],
    ['ip4:192.0.2.77/24', '192.0.2.0', true], ['ip4:0.0.0.0/0', '255.255.255.255', true], ['ip4:0.0.0.0/0', '::1', false], ['ip4:128.0.0.0/1', '127.255.255.255', false],
    ['ip6:2001:db8::/32', '2001:db8:ffff::', true], ['ip6:2001:db8::/32', '2001:db9::', false], ['ip6:::/0', '192.0.2.1', false], ['ip6:::/0', 'ffff::', true],
    ['ip6:2001:DB8::1', '2001:db8:0:0:0:0:0:1', true], ['ip6:::ffff:192.0.2.1', '192.0.2.1', false], ['ip6:2001:db8::/33', '2001:db8:8000::', false],
    ['ip6:64:ff9b::192.0.2.1', '64:ff9b::c000:201', true],
  ])('%s and %s: %s', async (term, ip, matches) => {
    expect((await evaluate({ 'example.com': `v=spf1 ${term} -all` }, { ip })).result).toBe(matches ? 'pass' : 'fail')
  })
})

describe('§5.7: exists', () => {
  table([
    ['any address will do', { 'example.com': 'v=spf1 exists:x.test -all', 'x.test': [{ A: '127.0.0.2' }] }, 'pass'],
    ['A, whatever the client', { 'example.com': 'v=spf1 exists:x.test -all', 'x.test': [{ A: '127.0.0.2' }] }, 'pass', { ip: '2001:db8::1' }],
    ['AAAA does not count', { 'example.com': 'v=spf1 exists:x.test -all', 'x.test': [{ AAAA: '::1' }] }, 'fail', { ip: '2001:db8::1' }],
    ['an error', { 'example.com': 'v=spf1 exists:x.test -all', 'x.test': [{ A: 'TIMEOUT' }] }, 'temperror'],
  ])
})

describe('§6.1: redirect', () => {
  const zone = (record: string, target?: Zone[string]): Zone => ({ 'example.com': record, ...(target === undefined ? {} : { 'other.test': target }) })
  table([
    ['when nothing matches', zone('v=spf1 ip4:198.51.100.1 redirect=other.test', 'v=spf1 ~all'), 'softfail'],
    ['wherever it stands', zone('v=spf1 redirect=other.test -ip4:192.0.2.1', 'v=spf1 +all'), 'fail'],
    ['not beside all', zone('v=spf1 redirect=other.test ?all', 'v=spf1 +all'), 'neutral'],
    ['to no record', zone('v=spf1 redirect=other.test', 'hello'), 'permerror'],
    ['to no name', zone('v=spf1 redirect=a..test'), 'permerror'],
    ['to nobody', zone('v=spf1 redirect=other.test'), 'permerror'],
    ['to a failure', zone('v=spf1 redirect=other.test', ['SERVFAIL']), 'temperror'],
    ['the current domain changes', { 'example.com': [{ TXT: 'v=spf1 redirect=other.test' }, { A: '198.51.100.1' }], 'other.test': [{ TXT: 'v=spf1 a -all' }, { A: '192.0.2.1' }] }, 'pass'],
    ['round in a circle', { 'example.com': 'v=spf1 redirect=example.com' }, 'permerror'],
  ])
  test('an unknown modifier means nothing', async () => {
    expect(await evaluate({ 'example.com': 'v=spf1 default=pass op=all ip4:192.0.2.1' })).toMatchObject({ result: 'pass', matched: 'ip4:192.0.2.1' })
  })
})

describe('§6.2: exp', () => {
  const zone = (explanation: Zone[string] | undefined, record = 'v=spf1 -all exp=why.test'): Zone => ({ 'example.com': record, ...(explanation === undefined ? {} : { 'why.test': explanation }) })
  const pass = 'v=spf1 +all exp=why.test'
  test.each<[what: string, zone: Zone, explanation: string | null, request?: Partial<SpfRequest>]>([
    ['its text', zone('Go away.'), 'Go away.'],
    ['strings joined', zone([{ TXT: ['Go ', 'away.'] }]), 'Go away.'],
    ['macros', zone('%{i} %{d} %{s} %{h} %{c} %{r} %{t}'), '192.0.2.1 example.com ann@example.com mail.example.com 192.0.2.1 mx.receiver.test 1700000000', { receiver: 'mx.receiver.test', now: new Date(1_700_000_000_999) }],
    ['a receiver who is not named', zone('%{r}'), 'unknown'],
    ['IPv6: %{c} to read, %{i} in nibbles', zone('%{c} %{ir}'), `2001:db8::1 1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2`, { ip: '2001:0db8::1' }],
    ['an IPv4-mapped client', zone('%{c} %{v}'), '192.0.2.1 in-addr', { ip: '::ffff:192.0.2.1' }],
    ['%{p}, which asks', { ...zone('%{p}'), '1.2.0.192.in-addr.arpa': [{ PTR: 'mail.test' }], 'mail.test': [{ A: '192.0.2.1' }] }, 'mail.test'],
    ['%{p}, unknown', zone('%{p}'), 'unknown'],
    ['a target with macros', { 'example.com': 'v=spf1 -all exp=%{l}.why.test', 'ann.why.test': 'For Ann.' }, 'For Ann.'],
    ['not of a pass', zone('Go away.', pass), null],
    ['no TXT record', zone([{ A: '192.0.2.1' }]), null],
    ['no such name', zone(undefined), null],
    ['an error', zone(['TIMEOUT']), null],
    ['two TXT records', zone([{ TXT: 'Go' }, { TXT: 'away.' }]), null],
    ['a syntax error', zone('100%'), null],
    ['an unknown macro', zone('%{z}'), null],
    ['no ASCII', zone('Geh weg, b\xf6ser Wicht.'), null],
    ['no ASCII by way of a macro', zone('Go away, %{l}.'), null, { sender: 'änn@example.com' }],
    ['a line end', zone('Go\r\naway.'), null],
    ['a line end by way of a macro', zone('Go away, %{h}.'), null, { helo: 'mail\r\n250 OK' }],
    ['a target that is no name', zone(undefined, 'v=spf1 -all exp=a..test'), null],
    ['not that of an include', { 'example.com': 'v=spf1 -include:inner.test', 'inner.test': 'v=spf1 -ip4:10.0.0.1 +all exp=why.test', 'why.test': 'Inner.' }, null],
    ['not of a redirect in an include', { 'example.com': 'v=spf1 include:a.test -all', 'a.test': 'v=spf1 redirect=b.test', 'b.test': 'v=spf1 -all exp=why.test', 'why.test': 'Inner.' }, null],
    ['its own beside an include', { 'example.com': 'v=spf1 include:inner.test -all exp=why.test', 'inner.test': 'v=spf1 -all exp=b.test', 'why.test': 'Own.', 'b.test': 'Inner.' }, 'Own.'],
    ['that of the redirect', { 'example.com': 'v=spf1 redirect=other.test exp=why.test', 'other.test': 'v=spf1 -all exp=%{d}.why', 'other.test.why': 'Other.', 'why.test': 'Own.' }, 'Other.'],
    ['never the redirecting domain’s own', { 'example.com': 'v=spf1 redirect=other.test exp=why.test', 'other.test': 'v=spf1 -all', 'why.test': 'Own.' }, null],
  ])('%s', async (_, records, explanation, request) => {
    expect((await evaluate(records, request)).explanation).toBe(explanation)
  })

  test('nobody asks for that of an include', async () => {
    const { trace } = await evaluate({ 'example.com': 'v=spf1 include:a.test -all', 'a.test': 'v=spf1 redirect=b.test', 'b.test': 'v=spf1 -all exp=why.test', 'why.test': 'Inner.' })
    expect(JSON.stringify(trace)).not.toContain('"name":"why.test"')
  })

  test('what it asks counts for nothing', async () => {
    const zone = { 'example.com': 'v=spf1 a:x.test a:y.test -all exp=%{p}.gone.test', 'x.test': [], 'y.test': [] }
    expect(await evaluate(zone)).toMatchObject({ result: 'fail', lookups: 2, void: 2, explanation: null })
  })
})

describe('§7: macros in targets', () => {
  test.each<[record: string, target: string, request?: Partial<SpfRequest>]>([
    ['%{ir}.%{v}._spf.%{d2}', '1.2.0.192.in-addr._spf.example.com'],
    [`%{ir}.%{v}.test`, `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.test`, { ip: '2001:db8::1' }],
    ['%{lr-}.lp._spf.%{d2}', 'bad.strong.lp._spf.example.com', { sender: 'strong-bad@example.com' }],
    ['%{L}.%{d}', 'a%2Fb.example.com', { sender: 'a/b@example.com' }],
    ['%{h2}.test', 'example.com.test'],
    ['%{o}.%{d}', 'example.com.example.com'],
    ['%{d}', 'EXAMPLE.com', { sender: 'ann@EXAMPLE.com' }],
    // §7.3: labels are taken off the left until 253 characters are left.
    [`${'abcdefghi.'.repeat(20)}%{d}.${'jklmnopqr.'.repeat(4)}test`, `${'abcdefghi.'.repeat(19)}example.com.${'jklmnopqr.'.repeat(4)}test`],
  ])('%s is %s', async (spec, target, request) => {
    const { trace } = await evaluate({ 'example.com': `v=spf1 exists:${spec} -all` }, request)
    expect(trace.terms[0]?.target).toBe(target)
    expect(trace.terms[0]?.asked.map(({ name }) => name)).toEqual([target.toLowerCase()])
  })

  test('%{p}: the domain, else a name below it, else any', async () => {
    const records = (...names: string[]): Zone => ({
      '1.2.0.192.in-addr.arpa': names.map(PTR => ({ PTR })), ...Object.fromEntries(names.map(name => [name, [{ A: '192.0.2.1' }]])),
      'example.com': [{ TXT: 'v=spf1 exists:%{p}.test -all' }, { A: '192.0.2.1' }],
    })
    const target = async (...names: string[]) => (await evaluate(records(...names))).trace.terms[0]?.target
    expect(await target('other.org', 'www.example.com', 'example.com')).toBe('example.com.test')
    expect(await target('other.org', 'www.example.com')).toBe('www.example.com.test')
    expect(await target('other.org')).toBe('other.org.test')
    expect(await target()).toBe('unknown.test')
  })

  test('RFC 8616 §4: a local part that is not ASCII matches nothing', async () => {
    const zone = (term: string): Zone => ({ 'example.com': `v=spf1 ${term} ?all` })
    for (const term of ['exists:%{l}.test', '-include:%{s}.test', 'a:%{L}.test', 'ptr:%{l}.test']) {
      expect(await evaluate(zone(term), { sender: 'änn@example.com' }), term).toMatchObject({ result: 'neutral', lookups: 1, trace: { terms: [{ outcome: 'no-match', asked: [] }, {}] } })
    }
    expect(await evaluate({ 'example.com': 'v=spf1 redirect=%{l}.test' }, { sender: 'änn@example.com' })).toMatchObject({ result: 'permerror' })
  })
})

describe('the trace', () => {
  test('each term in order: what was asked, what came back, why it matched or not, nested for includes', async () => {
    const verdict = await evaluate({
      'example.com': [{ TXT: 'v=spf1 a:gone.test include:inner.test redirect=other.test' }],
      'inner.test': 'v=spf1 mx ~all', 'other.test': [{ CNAME: 'end.test' }], 'end.test': 'v=spf1 -all exp=why.test', 'why.test': 'Go away.',
    })
    expect(verdict).toEqual({
      result: 'fail', explanation: 'Go away.', lookups: 4, void: 2, matched: '-all',
      trace: {
        domain: 'example.com', record: 'v=spf1 a:gone.test include:inner.test redirect=other.test', result: 'fail', because: 'other.test says so',
        asked: [{ name: 'example.com', type: 'TXT', rcode: 'NOERROR', records: ['v=spf1 a:gone.test include:inner.test redirect=other.test'] }],
        terms: [
          { term: 'a:gone.test', at: 7, target: 'gone.test', outcome: 'no-match', because: 'gone.test has no such record', asked: [{ name: 'gone.test', type: 'A', rcode: 'NXDOMAIN', records: [] }] },
          {
            term: 'include:inner.test', at: 19, target: 'inner.test', outcome: 'no-match', because: 'it gives softfail', asked: [],
            inner: {
              domain: 'inner.test', record: 'v=spf1 mx ~all', result: 'softfail', because: '~all matches',
              asked: [{ name: 'inner.test', type: 'TXT', rcode: 'NOERROR', records: ['v=spf1 mx ~all'] }],
              terms: [
                { term: 'mx', at: 7, target: 'inner.test', outcome: 'no-match', because: 'inner.test has no such record', asked: [{ name: 'inner.test', type: 'MX', rcode: 'NOERROR', records: [] }] },
                { term: '~all', at: 10, outcome: 'match', because: 'it matches every client', asked: [] },
              ],
            },
          },
          {
            term: 'redirect=other.test', at: 38, target: 'other.test', outcome: 'followed', because: 'it gives fail', asked: [],
            inner: {
              domain: 'other.test', record: 'v=spf1 -all exp=why.test', result: 'fail', because: '-all matches',
              asked: [{ name: 'other.test', type: 'TXT', rcode: 'NOERROR', records: ['v=spf1 -all exp=why.test'], alias: 'end.test' }],
              terms: [
                { term: '-all', at: 7, outcome: 'match', because: 'it matches every client', asked: [] },
                { term: 'exp=why.test', at: 12, target: 'why.test', outcome: 'used', because: 'Go away.', asked: [{ name: 'why.test', type: 'TXT', rcode: 'NOERROR', records: ['Go away.'] }] },
              ],
            },
          },
        ],
      },
    })
  })

  test('the client’s names are asked for once, and shown wherever they count', async () => {
    const asked: string[] = []
    const network = dnsFileNetwork(JSON.stringify({
      'example.com': [{ TXT: 'v=spf1 ptr:a.test ptr:b.test exists:%{p}.gone -all exp=why.%{p}' }], '1.2.0.192.in-addr.arpa': [{ PTR: 'mail.test' }], 'mail.test': [{ A: '192.0.2.1' }],
    }))
    const { trace } = await drive(checkHost(usual), {
      ...network,
      query: question => {
        asked.push(`${question.name} ${question.type}`)
        return network.query(question)
      },
    })
    expect(asked).toEqual(['example.com TXT', '1.2.0.192.in-addr.arpa PTR', 'mail.test A', 'mail.test.gone A', 'why.mail.test TXT'])
    const names = ['1.2.0.192.in-addr.arpa', 'mail.test']
    expect(trace.terms.map(step => step.asked.map(({ name }) => name))).toEqual([names, names, [...names, 'mail.test.gone'], [], [...names, 'why.mail.test']])
  })

  test('what failed, and where', async () => {
    const { trace, matched } = await evaluate({ 'example.com': 'v=spf1 include:inner.test -all', 'inner.test': 'v=spf1 a:x.test -all', 'x.test': ['REFUSED'] })
    expect(matched).toBeNull()
    expect(trace).toMatchObject({
      result: 'temperror', because: 'include:inner.test: a:x.test: dns-file answers REFUSED for x.test A',
      terms: [{ outcome: 'temperror', inner: { terms: [{ outcome: 'temperror', asked: [{ rcode: null, problem: 'dns-file answers REFUSED for x.test A' }] }] } }],
    })
  })

  test('questions that need not wait for each other are asked together', () => {
    const evaluation = checkHost(usual)
    const answer = (records: object[]) => [{ value: { rcode: 'NOERROR', records, aliases: [] } }] as never
    expect(evaluation.next().value).toEqual([{ name: 'example.com', type: 'TXT' }])
    expect(evaluation.next(answer([{ type: 'TXT', data: { strings: ['v=spf1 mx -all'] } }])).value).toEqual([{ name: 'example.com', type: 'MX' }])
    expect(evaluation.next(answer([{ type: 'MX', data: { preference: 20, exchange: 'b.test' } }, { type: 'MX', data: { preference: 10, exchange: 'a.test' } }])).value)
      .toEqual([{ name: 'a.test', type: 'A' }, { name: 'b.test', type: 'A' }])
  })
})

test('whatever the zone and the sender are made of: a result, within the limits', async () => {
  const word = fc.oneof(
    fc.constantFrom('a', 'mx', 'ptr', 'include:a.test', 'include:b.test', 'exists:%{i}.%{l}.a.test', 'a:%{p}', 'mx:%{d1r}.test', 'redirect=b.test', 'exp=a.test', '-all', '?all', 'ip4:192.0.2.0/30', 'ip6:::/0', 'a:%{S}.%{H}', 'x=%{t}'),
    fc.string({ unit: fc.nat(255).map(code => String.fromCharCode(code)), maxLength: 8 }),
  )
  const name = fc.array(fc.oneof(
    fc.array(word, { maxLength: 8 }).map(words => ({ TXT: ['v=spf1', ...words].join(' ') })),
    fc.constantFrom({ A: '192.0.2.1' }, { AAAA: '2001:db8::1' }, { MX: [1, 'a.test'] }, { MX: [2, 'b.test'] }, { PTR: 'a.test' }, { CNAME: 'b.test' }, 'TIMEOUT', { A: 'SERVFAIL' }),
  ), { maxLength: 4 })
  const identity = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('ann@a.test', '', '@b.test', 'x@[192.0.2.1]'))
  await fc.assert(fc.asyncProperty(name, name, name, identity, identity, fc.constantFrom('192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'), async (a, b, reverse, sender, helo, ip) => {
    const verdict = await evaluate({ 'a.test': a, 'b.test': b, '1.2.0.192.in-addr.arpa': reverse }, { ip, sender, helo, domain: 'a.test' })
    expect(['none', 'neutral', 'pass', 'fail', 'softfail', 'temperror', 'permerror']).toContain(verdict.result)
    expect(verdict.lookups).toBeLessThanOrEqual(11)
    expect(verdict.void).toBeLessThanOrEqual(3)
    if (verdict.explanation !== null) expect(verdict.result).toBe('fail')
  }), { numRuns: 500 })
})

import { expect, test } from 'vitest'
import { checkHost } from '../../src/evaluate/check-host.ts'
import { spfSets, type SpfSource } from '../../src/evaluate/spf-set.ts'
import { walkSpf } from '../../src/evaluate/spf-tree.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { drive } from '../../src/probes/drive.ts'
import { renderSpf } from '../../src/report/spf.ts'
import { comparisonJson, renderComparison } from '../../src/report/spf-comparison.ts'
import { expansionJson, renderExpansion } from '../../src/report/spf-expansion.ts'

const network = dnsFileNetwork(JSON.stringify({
  'example.com': [{ TXT: 'v=spf1 ip4:192.0.2.0/24 mx include:_spf.provider.test exists:%{i}.%{d} -all exp=why.%{d}' }, { MX: [10, 'mx.example.com'] }],
  'mx.example.com': [{ A: '198.51.100.25' }, { AAAA: '2001:db8::25' }],
  '_spf.provider.test': [{ TXT: 'v=spf1 ip4:192.0.2.0/25 ip4:203.0.113.0/25 ip6:2001:db8:1::/48 include:gone.test ~all' }],
  'gone.test': [{ TXT: 'v=spf1 -all' }],
  'why.example.com': [{ TXT: 'Ask \x1b[31m%{l}' }],
  'calm.example': [{ TXT: 'v=spf1 -all exp=calm.why' }], 'calm.why': [{ TXT: 'Not %{i}.' }],
}))
const plain = { colour: false }

test('an evaluation as a tree', async () => {
  const request = { ip: '203.0.113.200', sender: 'ann@example.com', helo: 'mail.example.com' }
  expect(renderSpf(request, await drive(checkHost(request), network), plain)).toBe(`fail: 203.0.113.200 may not send mail as example.com
  because       -all matches
  matched       -all
  explanation   none given
  DNS lookups   4 of at most 10
  void lookups  1 of at most 2

example.com: v=spf1 ip4:192.0.2.0/24 mx include:_spf.provider.test exists:%{i}.%{d} -all exp=why.%{d}
├─ ip4:192.0.2.0/24  no match, 203.0.113.200 is not in it
├─ mx  no match, 203.0.113.200 is at none of its MX hosts
│     example.com MX: 10 mx.example.com.
│     mx.example.com A: 198.51.100.25
├─ include:_spf.provider.test  no match, it gives softfail
│  _spf.provider.test: v=spf1 ip4:192.0.2.0/25 ip4:203.0.113.0/25 ip6:2001:db8:1::/48 include:gone.test ~all
│  ├─ ip4:192.0.2.0/25  no match, 203.0.113.200 is not in it
│  ├─ ip4:203.0.113.0/25  no match, 203.0.113.200 is not in it
│  ├─ ip6:2001:db8:1::/48  no match, 203.0.113.200 is not in it
│  ├─ include:gone.test  no match, it gives fail
│  │  gone.test: v=spf1 -all
│  │  └─ -all  match, it matches every client
│  └─ ~all  match, it matches every client
├─ exists:%{i}.%{d} = 203.0.113.200.example.com  no match, 203.0.113.200.example.com has no such record
│     203.0.113.200.example.com A: no such name
├─ -all  match, it matches every client
└─ exp=why.%{d} = why.example.com  ignored, syntax error at column 5 of the explanation
      why.example.com TXT: Ask \\x1b[31m%{l}
`)
})

test('an explanation is its domain’s', async () => {
  const request = { ip: '203.0.113.200', sender: 'ann@calm.example', helo: 'mail.example.com' }
  expect(renderSpf(request, await drive(checkHost(request), network), plain)).toContain('  explanation   calm.example explains: Not 203.0.113.200.\n')
})

test.each([
  [{ sender: 'ann@gone.example' }, 'none: gone.example has no SPF policy\n  because       gone.example does not exist\n'],
  [{ sender: 'ann@[192.0.2.1]' }, 'none: [192.0.2.1] has no SPF policy\n'],
  [{ sender: 'ann@example.com', ip: '192.0.2.1' }, 'pass: 192.0.2.1 may send mail as example.com\n'],
])('%j', async (changed, text) => {
  const request = { ip: '203.0.113.200', helo: 'mail.example.com', ...changed }
  expect(renderSpf(request, await drive(checkHost(request), network), plain)).toContain(text)
})

const providerOf = (target: string) => target.endsWith('provider.test') ? 'Provider' : null
const expansion = async (domain: string) => ({ tree: await drive(walkSpf(domain), network), sets: await drive(spfSets({ domain }), network), providerOf })

test('an expansion as a tree, and its ranges', async () => {
  expect(renderExpansion(await expansion('example.com'), plain)).toBe(`example.com authorises 385 IPv4 addresses and about 1.2×10^24 IPv6 addresses, with 4 of at most 10 DNS lookups in the worst case

example.com: v=spf1 ip4:192.0.2.0/24 mx include:_spf.provider.test exists:%{i}.%{d} -all exp=why.%{d}
├─ 1 network (ip4, ip6): no lookup, passes 256 IPv4 addresses
├─ mx: 1 lookup, passes 1 IPv4 address and 1 IPv6 address
├─ include:_spf.provider.test (Provider): 2 lookups, passes 128 IPv4 addresses and 65,536 IPv6 /64 networks
│  _spf.provider.test: v=spf1 ip4:192.0.2.0/25 ip4:203.0.113.0/25 ip6:2001:db8:1::/48 include:gone.test ~all
│  ├─ 3 networks (ip4, ip6): no lookup
│  └─ include:gone.test: 1 lookup
│     gone.test: v=spf1 -all
└─ exists:%{i}.%{d}: 1 lookup, depends on the message

  192.0.2.0/24     256 IPv4 addresses
  198.51.100.25    1 IPv4 address
  203.0.113.0/25   128 IPv4 addresses
  2001:db8::25     1 IPv6 address
  2001:db8:1::/48  65,536 IPv6 /64 networks

fail for every other IPv4 address and every other IPv6 address

depends on the message, and is taken to match nobody here
  exists:%{i}.%{d} in example.com: depends on the client’s address
`)
})

test('an expansion for programs: sizes are exact', async () => {
  expect(expansionJson(await expansion('example.com'))).toMatchObject({
    domain: 'example.com', lookups: 4, lookupsAtLeast: false,
    ipv4: { addresses: '385', ranges: ['192.0.2.0/24', '198.51.100.25', '203.0.113.0/25'] },
    ipv6: { addresses: String(2n ** 80n + 1n), ranges: ['2001:db8::25', '2001:db8:1::/48'] },
    terms: [{ term: 'ip4:192.0.2.0/24', at: 7 }, { term: 'mx', at: 24 }, { term: 'include:_spf.provider.test', at: 27, ipv4: { addresses: '128', ranges: ['203.0.113.0/25'] } }],
    others: [{ result: 'fail', ipv4: String(2 ** 32 - 385) }],
    includes: [
      { term: 'mx', lookups: 1, state: 'asked' },
      { term: 'include:_spf.provider.test', target: '_spf.provider.test', lookups: 2, provider: 'Provider', includes: [{ term: 'include:gone.test', lookups: 1, provider: null, includes: [] }] },
      { term: 'exists:%{i}.%{d}', state: 'runtime', target: null, lookups: 1 },
    ],
    apart: [{ domain: 'example.com', term: 'exists:%{i}.%{d}', dependsOn: 'the client’s address' }], problems: [],
  })
})

test('nothing to expand', async () => {
  expect(renderExpansion(await expansion('gone.example'), plain)).toBe('gone.example: no SPF record\n')
  expect(expansionJson(await expansion('gone.example'))).toMatchObject({ record: null, ipv4: { addresses: '0', ranges: [] }, problems: ['gone.example has no SPF record'] })
})

const side = async (source: SpfSource, name: string) => ({ name, sets: await drive(spfSets(source), network) })

test('a comparison', async () => {
  const before = await side({ domain: 'example.com' }, 'example.com')
  const record = 'v=spf1 ip4:192.0.2.128/25 ip4:192.0.3.0/30 mx ~all'
  const after = await side({ domain: 'example.com', record }, record)
  expect(renderComparison(before, after, plain)).toBe(`before  example.com: passes 385 IPv4 addresses and about 1.2×10^24 IPv6 addresses
after   v=spf1 ip4:192.0.2.128/25 ip4:192.0.3.0/30 mx ~all: passes 133 IPv4 addresses and 1 IPv6 address

gained  4 IPv4 addresses
  + 192.0.3.0/30  4 IPv4 addresses
lost    256 IPv4 addresses and 65,536 IPv6 /64 networks
  - 192.0.2.0/25     128 IPv4 addresses
  - 203.0.113.0/25   128 IPv4 addresses
  - 2001:db8:1::/48  65,536 IPv6 /64 networks
  softfail for 256 IPv4 addresses and 65,536 IPv6 /64 networks of them

not passed before or after
  fail becomes softfail for every other IPv4 address and every other IPv6 address

before:
depends on the message, and is taken to match nobody here
  exists:%{i}.%{d} in example.com: depends on the client’s address
`)
  expect(comparisonJson(before, after)).toMatchObject({
    gained: { ipv4: { addresses: '4', ranges: ['192.0.3.0/30'] }, ipv6: { addresses: '0', ranges: [] } },
    lost: { ipv4: { addresses: '256', ranges: ['192.0.2.0/25', '203.0.113.0/25'] }, ipv6: { addresses: String(2n ** 80n), ranges: ['2001:db8:1::/48'] } },
    changes: [{ from: 'fail', to: 'pass' }, { from: 'pass', to: 'softfail' }, { from: 'fail', to: 'softfail' }],
    apart: { before: [{ term: 'exists:%{i}.%{d}' }], after: [] }, problems: { before: [], after: [] },
  })
})

test.each([
  ['v=spf1 ip6:8000::/1 -all', '2^127 IPv6 addresses'], ['v=spf1 ip6:::/0 -all', 'every IPv6 address'], ['v=spf1 ip4:0.0.0.0/0 -all', 'every IPv4 address'],
  ['v=spf1 ip4:0.0.0.0/1 -all', '2,147,483,648 IPv4 addresses'], ['v=spf1 ip6:2001:db8::/64 -all', '1 IPv6 /64 network'], ['v=spf1 ip6:2001:db8::/112 -all', '65,536 IPv6 addresses'],
  ['v=spf1 -all', 'nobody'],
])('%s passes %s', async (record, words) => {
  const one = await side({ domain: null, record }, 'a')
  expect(renderComparison(one, one, plain)).toMatch(`before  a: passes ${words}\n`)
})

test('records that differ only as texts', async () => {
  const before = await side({ domain: null, record: 'v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 -all' }, 'a')
  const after = await side({ domain: null, record: 'v=spf1 ip4:192.0.2.9/24 -all' }, 'b')
  expect(renderComparison(before, after, plain)).toBe('before  a: passes 256 IPv4 addresses\nafter   b: passes 256 IPv4 addresses\n\ngained  nobody\nlost    nobody\n')
})

import { describe, expect, test } from 'vitest'
import check from '../../../src/checks/spf/syntax-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const wrong = (term: string, code: string) => ({ zone: `example.com TXT "v=spf1 mx ${term} -all"`, expect: { 'example.com': code }, args: { 'example.com': { term, column: 11, count: 1 } } })

checkTable(check, {
  'every mechanism and modifier': {
    zone: 'example.com TXT "v=spf1 +a:%{d2}/24//64 mx ptr ip4:192.0.2.0/24 ip6:2001:db8::/32 " "?exists:%{i}._spf.example.com include:_spf.example.net exp=e.example.com x-tag=1 ~all"',
    expect: { 'example.com': 'pass' },
  },
  'macros that a provider asks for': {
    zone: 'example.com TXT "v=spf1 include:%{ir}.%{v}.%{d}.spf.has.pphosted.com exists:%{i}._i.%{d}._d.espf.example.net ~all"',
    expect: { 'example.com': 'pass' },
  },
  'redirect alone': { zone: 'example.com TXT "v=spf1 redirect=_spf.example.com"', expect: { 'example.com': 'pass' } },
  'a word that is no mechanism': wrong('moo', 'failed'),
  'an error behind all counts too': {
    zone: 'example.com TXT "v=spf1 mx -all ip4:192.0.2.300"', expect: { 'example.com': 'bad-ip4' },
    args: { 'example.com': { term: 'ip4:192.0.2.300', column: 16, count: 1 } },
  },
  'several errors are one finding': {
    zone: 'example.com TXT "v=spf1 moo ip4:1.2.3 -all"', expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'moo', column: 8, count: 2 } },
  },
  'no value': wrong('include:', 'missing-argument'),
  'something behind all': wrong('-all.', 'surplus-argument'),
  'redirect with a colon': wrong('redirect:example.net', 'colon-modifier'),
  'no domain name': wrong('a:localhost', 'bad-domain'),
  'an address for a name': wrong('a:192.0.2.1', 'address-as-domain'),
  'a stray percent sign': wrong('exists:%(i).example.com', 'bad-macro'),
  'a letter for explanations only': wrong('exists:%{t}.example.com', 'bad-macro-letter'),
  'no IPv4 address': wrong('ip4:192.0.2', 'bad-ip4'),
  'no IPv6 address': wrong('ip6:2001:db8', 'bad-ip6'),
  'IPv6 under ip4': wrong('ip4:2001:db8::1', 'wrong-family'),
  'a prefix too long': wrong('ip4:192.0.2.0/33', 'bad-prefix-length'),
  'redirect twice': {
    zone: 'example.com TXT "v=spf1 redirect=a.example.net redirect=b.example.net"', expect: { 'example.com': 'repeated-modifier' },
  },
  'a dash that a word processor made': {
    zone: 'example.com TXT "v=spf1 mx \\226\\128\\147all"', expect: { 'example.com': 'bad-character' },
  },
  'more than fits': {
    zone: `example.com TXT "v=spf1 "${' "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"'.repeat(600)}`,
    expect: { 'example.com': 'too-long' },
  },
  'no record': { zone: 'example.com TXT "hello"', expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (refused)', expect: { 'example.com': 'unknown:resolver-refused' } },
})

describe('what can only be meant one way is written out', () => {
  test.each([
    ['redirect:_spf.example.net', 'redirect=_spf.example.net'],
    ['ip4:2001:db8::/32', 'ip6:2001:db8::/32'],
    ['-ip6:192.0.2.1', '-ip4:192.0.2.1'],
    ['a:192.0.2.1', 'ip4:192.0.2.1'],
    ['include:2001:db8::1', 'ip6:2001:db8::1'],
    ['ip:192.0.2.0/24', 'ip4:192.0.2.0/24'],
  ])('%s', async (term, mended) => {
    const [finding] = await judgeWorld([check], { zone: `example.com TXT "v=spf1 mx ${term}"` })
    expect(finding?.remedy?.records?.set).toEqual([`example.com. TXT "v=spf1 mx ${mended}"`])
  })

  test('-all;', async () => {
    const [finding] = await judgeWorld([check], { zone: 'example.com TXT "v=spf1 mx -all;"' })
    expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 mx -all"'])
    expect(finding?.evidence).toEqual([{ from: 'dns', name: 'example.com', type: 'TXT', text: '"v=spf1 mx -all;"', ttl: 3600, at: 10 }])
  })

  test('the rest is left to the owner', async () => {
    const [finding] = await judgeWorld([check], { zone: 'example.com TXT "v=spf1 mx moo -all"' })
    expect(finding?.remedy?.records).toBeUndefined()
  })
})

import check from '../../../src/checks/spf/within-void-limit.ts'
import { checkTable } from '../../check-table.ts'

checkTable(check, {
  'two terms that lead to nothing': {
    zone: 'example.com TXT "v=spf1 a:gone1.example.com exists:gone2.example.com ip4:192.0.2.1 -all"', expect: { 'example.com': 'pass' },
  },
  'three': {
    zone: 'example.com TXT "v=spf1 a:gone1.example.com mx:gone2.example.com exists:gone3.example.com ip4:192.0.2.1 -all"',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 3, family: 'any client', terms: ['a:gone1.example.com', 'mx:gone2.example.com', 'exists:gone3.example.com'] } },
  },
  'a name without the type is as void as no name': {
    zone: `
      example.com TXT "v=spf1 a a:t.example.com mx:t.example.com -all"
      t.example.com TXT "x"`,
    expect: { 'example.com': 'failed' },
  },
  'hosts without AAAA are void for IPv6 clients': {
    zone: `
      example.com TXT "v=spf1 a a:web.example.com a:mail.example.com mx -all"
      example.com A 192.0.2.1
      example.com MX 10 mx.example.com
      web.example.com A 192.0.2.2
      mail.example.com A 192.0.2.3
      mx.example.com AAAA 2001:db8::25`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 3, family: 'IPv6 clients', terms: ['a', 'a:web.example.com', 'a:mail.example.com'] } },
  },
  'hosts without AAAA, where nobody sends over IPv6': {
    zone: `
      example.com TXT "v=spf1 a a:web.example.com a:mail.example.com mx ip4:192.0.2.9 ?ip6:2001:db8::/32 include:_spf.example.net -all"
      _spf.example.net TXT "v=spf1 ip4:192.0.2.0/24 -ip6:2001:db8::/32 ~all"
      example.com A 192.0.2.1
      example.com MX 10 mail.example.com
      web.example.com A 192.0.2.2
      mail.example.com A 192.0.2.3`,
    expect: { 'example.com': 'pass' },
  },
  'the same, and an included service sends over IPv6': {
    zone: `
      example.com TXT "v=spf1 a:h1.example.com a:h2.example.com a:h3.example.com include:_spf.example.net -all"
      _spf.example.net TXT "v=spf1 ip6:2001:db8::/32 ~all"
      h1.example.com A 192.0.2.1
      h2.example.com A 192.0.2.2
      h3.example.com A 192.0.2.3`,
    expect: { 'example.com': 'failed' },
  },
  'the same, and an MX host that cannot be looked up might': {
    zone: `
      example.com TXT "v=spf1 a:h1.example.com a:h2.example.com a:h3.example.com mx -all"
      example.com MX 10 mx.example.com
      mx.example.com A 192.0.2.9
      mx.example.com AAAA (timeout)
      h1.example.com A 192.0.2.1
      h2.example.com A 192.0.2.2
      h3.example.com A 192.0.2.3`,
    expect: { 'example.com': 'failed' },
  },
  'hosts without A are void for IPv4 clients': {
    zone: `
      example.com TXT "v=spf1 a:h1.example.com a:h2.example.com a:h3.example.com ip4:192.0.2.9 -all"
      h1.example.com AAAA 2001:db8::1
      h2.example.com AAAA 2001:db8::2
      h3.example.com AAAA 2001:db8::3`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 3, family: 'IPv4 clients', terms: ['a:h1.example.com', 'a:h2.example.com', 'a:h3.example.com'] } },
  },
  'the addresses of MX names do not count': {
    zone: `
      example.com TXT "v=spf1 mx mx:a.example.com mx:b.example.com -all"
      example.com MX 10 gone.example.com
      a.example.com MX 10 gone.example.com
      b.example.com MX 10 gone.example.com`,
    expect: { 'example.com': 'pass' },
  },
  'those of an include count with the rest': {
    zone: `
      example.com TXT "v=spf1 a:gone.example.com include:_spf.example.net -all"
      _spf.example.net TXT "v=spf1 exists:gone1.example.net exists:gone2.example.net -all"`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { count: 3, family: 'any client',
      terms: ['a:gone.example.com', 'exists:gone1.example.net (in the record of _spf.example.net)', 'exists:gone2.example.net (in the record of _spf.example.net)'] } },
  },
  'exp is looked up only afterwards, macros and ptr depend on the message, nothing behind all is reached': {
    zone: 'example.com TXT "v=spf1 ptr exists:%{i}.a.example.com a:%{h} exp=gone.example.com -all a:g1.example.com a:g2.example.com a:g3.example.com"',
    expect: { 'example.com': 'pass' },
  },
  'the same dead name three times': {
    zone: 'example.com TXT "v=spf1 a:gone.example.com a:gone.example.com a:gone.example.com -all"', expect: { 'example.com': 'failed' },
  },
  'includes without TXT count, when the rest is over the limit by itself too': {
    zone: 'example.com TXT "v=spf1 include:g1.example.net include:g2.example.net include:g3.example.net -all"', expect: { 'example.com': 'failed' },
  },
  'an answer that failed could be the third': {
    zone: 'example.com TXT "v=spf1 a:gone1.example.com a:gone2.example.com a:h.example.com -all"\nh.example.com A (servfail)\nh.example.com AAAA 2001:db8::1',
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'an answer that failed could only be the second': {
    zone: 'example.com TXT "v=spf1 a:gone1.example.com a:h.example.com -all"\nh.example.com A (servfail)', expect: { 'example.com': 'pass' },
  },
  'two records': { zone: 'example.com TXT "v=spf1 -all"\nexample.com TXT "v=spf1 a"', expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

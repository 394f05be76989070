import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/includes-resolve.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

checkTable(check, {
  'includes that lead to records, two levels down': {
    zone: `
      example.com TXT "v=spf1 include:_spf.example.net redirect=_end.example.net"
      _spf.example.net TXT "v=spf1 include:_a.example.net ~all"
      _a.example.net TXT "v=spf1 ip4:192.0.2.0/24 ~all"
      _end.example.net TXT "verification=1"
      _end.example.net TXT "v=spf1 -all"`,
    expect: { 'example.com': 'pass' },
  },
  'a target that does not exist': {
    zone: 'example.com TXT "v=spf1 include:_spf.gone.example ~all"',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'include:_spf.gone.example', target: '_spf.gone.example', count: 1 } },
  },
  'a target without an SPF record, and a redirect': {
    zone: 'example.com TXT "v=spf1 redirect=_spf.example.net"\n_spf.example.net TXT "hello"',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'redirect=_spf.example.net', target: '_spf.example.net', count: 1 } },
  },
  'a target that cannot be a name': {
    zone: 'example.com TXT "v=spf1 include:a..example.net ~all"',
    expect: { 'example.com': 'failed' },
  },
  'a defect in somebody else’s record': {
    zone: `
      example.com TXT "v=spf1 include:_spf.example.net include:b.gone.example ~all"
      _spf.example.net TXT "v=spf1 include:a.gone.example ~all"`,
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'include:a.gone.example (in the record of _spf.example.net)', target: 'a.gone.example', count: 2 } },
  },
  'a target with two records': {
    zone: `
      example.com TXT "v=spf1 include:_spf.example.net ~all"
      _spf.example.net TXT "v=spf1 -all"
      _spf.example.net TXT "v=spf1 ip4:192.0.2.1 -all"`,
    expect: { 'example.com': 'several' },
    args: { 'example.com': { term: 'include:_spf.example.net', target: '_spf.example.net', records: 2, count: 1 } },
  },
  'a target with a syntax error': {
    zone: 'example.com TXT "v=spf1 include:_spf.example.net ~all"\n_spf.example.net TXT "v=spf1 ip4:1.2.3 -all"',
    expect: { 'example.com': 'invalid' },
    args: { 'example.com': { term: 'include:_spf.example.net', target: '_spf.example.net', at: 'ip4:1.2.3', count: 1 } },
  },
  'an include that depends on the message is not looked up': {
    zone: 'example.com TXT "v=spf1 include:%{ir}.%{v}.spf.example.net ~all"',
    expect: { 'example.com': 'pass' },
  },
  'the domain is known, so its macro is': {
    zone: 'example.com TXT "v=spf1 include:%{d}.spf.example.net ~all"',
    expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'include:%{d}.spf.example.net', target: 'example.com.spf.example.net', count: 1 } },
  },
  'what stands behind all is never reached': {
    zone: 'example.com TXT "v=spf1 -all include:_spf.gone.example redirect=_spf.gone.example"',
    expect: { 'example.com': 'skip' },
  },
  'a target that is not answered is not missing': {
    zone: 'example.com TXT "v=spf1 include:_spf.example.net ~all"\n_spf.example.net TXT (servfail)',
    expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'a missing target beside one that is not answered': {
    zone: 'example.com TXT "v=spf1 include:_spf.example.net include:gone.example ~all"\n_spf.example.net TXT (servfail)',
    expect: { 'example.com': 'failed' },
  },
  'nothing included': { zone: 'example.com TXT "v=spf1 mx -all"', expect: { 'example.com': 'skip' } },
  'two records of its own': { zone: 'example.com TXT "v=spf1 include:a.example -all"\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test('the remedy is the record without the dead include, and the evidence shows both ends', async () => {
  const [finding] = await judgeWorld([check], { zone: 'example.com TXT "v=spf1 mx include:_spf.gone.example -all"' })
  expect(finding?.remedy?.records).toEqual({
    set: ['example.com. TXT "v=spf1 mx -all"'], remove: ['example.com. TXT "v=spf1 mx include:_spf.gone.example -all"'],
  })
  expect(finding?.evidence).toMatchObject([
    { name: 'example.com', at: 10 }, { name: '_spf.gone.example', type: 'TXT', text: '(nxdomain)' },
  ])
})

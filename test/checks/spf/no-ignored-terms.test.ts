import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/no-ignored-terms.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`

checkTable(check, {
  'nothing but what counts': { zone: record('v=spf1 mx exp=why.example.com -all'), expect: { 'example.com': 'pass' } },
  'modifiers may stand anywhere': { zone: record('v=spf1 -all exp=why.example.com'), expect: { 'example.com': 'pass' } },
  'those of RFC 6652': { zone: record('v=spf1 mx -all ra=postmaster rp=10 rr=e'), expect: { 'example.com': 'pass' } },
  'redirect without all': { zone: record('v=spf1 redirect=_spf.example.net'), expect: { 'example.com': 'pass' } },
  'a term after all': {
    zone: record('v=spf1 mx -all ip4:192.0.2.1'), expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'ip4:192.0.2.1', all: '-all', count: 1 } },
  },
  'a second all': { zone: record('v=spf1 mx ~all -all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { term: '-all', all: '~all', count: 1 } } },
  'redirect beside all': {
    zone: record('v=spf1 redirect=_spf.example.net ~all'), expect: { 'example.com': 'redirect' }, args: { 'example.com': { term: 'redirect=_spf.example.net', all: '~all', count: 1 } },
  },
  'a mechanism with the wrong sign': {
    zone: record('v=spf1 ip4=192.0.2.1 include=_spf.example.net -all'), expect: { 'example.com': 'meant' },
    args: { 'example.com': { term: 'ip4=192.0.2.1', meant: 'ip4:192.0.2.1', count: 2 } },
  },
  'a modifier that nobody knows': { zone: record('v=spf1 mx foo=bar -all'), expect: { 'example.com': 'unknown' }, args: { 'example.com': { term: 'foo=bar', count: 1 } } },
  'in a record of one’s own that is included': {
    zone: `${record('v=spf1 include:_spf.example.com -all')}\n_spf.example.com TXT "v=spf1 -all mx"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'mx (in the record of _spf.example.com)', all: '-all', count: 1 } },
  },
  'in a record of somebody else’s': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 -all mx"`, expect: { 'example.com': 'pass' } },
  'two records': { zone: `${record('v=spf1 -all mx')}\n${record('v=spf1 mx')}`, expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy writes the mechanism that is meant', async () => {
  const [finding] = await judgeWorld([check], { zone: record('v=spf1 mx ip4=192.0.2.1 -all') })
  expect(finding?.remedy?.records?.set).toEqual(['example.com. TXT "v=spf1 mx ip4:192.0.2.1 -all"'])
  expect(finding?.evidence).toMatchObject([{ at: 10 }])
  const [idle] = await judgeWorld([check], { zone: record('v=spf1 mx -all a') })
  expect(idle?.remedy).toEqual({ text: 'Move the term before "all" if it names a sender of yours; otherwise remove it.' })
})

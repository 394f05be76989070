import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/parked-denies-all.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const parked = (record: string) => `example.com MX 0 .\nexample.com TXT "${record}"`
const found = (text: string) => ({ 'example.com': { domain: 'example.com', found: text } })

checkTable(check, {
  'the record that denies all': { zone: parked('v=spf1 -all'), expect: { 'example.com': 'pass' } },
  'in other letters, with an explanation': { zone: parked('V=spf1  -ALL exp=why.example.com'), expect: { 'example.com': 'pass' } },
  'handed over to one that does': { zone: `${parked('v=spf1 redirect=_none.example.net')}\n_none.example.net TXT "v=spf1 -all"`, expect: { 'example.com': 'pass' } },
  'no record': { zone: 'example.com MX 0 .', expect: { 'example.com': 'failed' }, args: found('no SPF record') },
  'a softer one': { zone: parked('v=spf1 ~all'), expect: { 'example.com': 'failed' }, args: found('"v=spf1 ~all"') },
  'one that says nothing': { zone: parked('v=spf1'), expect: { 'example.com': 'failed' } },
  'one that denies by parts': { zone: parked('v=spf1 -mx -all'), expect: { 'example.com': 'failed' } },
  'one that lets somebody send, of a domain that is declared to be parked': {
    zone: parked('v=spf1 mx -all'), scope: { context: { parked: 'yes' } }, expect: { 'example.com': 'failed' }, args: found('"v=spf1 mx -all"'),
  },
  'handed over to one that does not': { zone: `${parked('v=spf1 redirect=_none.example.net')}\n_none.example.net TXT "v=spf1 ?all"`, expect: { 'example.com': 'failed' } },
  'two records': { zone: `${parked('v=spf1 -all')}\nexample.com TXT "v=spf1 ~all"`, expect: { 'example.com': 'failed' }, args: found('2 SPF records') },
  'an error in it': { zone: parked('v=spf1 -all ip4:x'), expect: { 'example.com': 'failed' } },
  'the other record of a domain that is declared to be parked is not answered': {
    zone: `${parked('v=spf1 exp=x.de redirect=_none.example.net')}\n_none.example.net TXT (timeout)`, scope: { context: { parked: 'yes' } }, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'a domain with mail': { zone: 'example.com MX 10 mx1.example.com\nexample.com TXT "v=spf1 mx ~all"', expect: { 'example.com': 'skip' } },
  'a domain that does not exist': { zone: 'example.net MX 0 .', expect: { 'example.com': 'skip' } },
  'the other record is not answered': {
    zone: `${parked('v=spf1 redirect=_none.example.net')}\n_none.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'TXT is not answered': { zone: 'example.com MX 0 .\nexample.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'nobody knows whether it is parked': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy replaces what is there', async () => {
  const [bare] = await judgeWorld([check], { zone: 'example.com MX 0 .' })
  expect(bare?.remedy?.records).toEqual({ set: ['example.com. TXT "v=spf1 -all"'] })
  const [finding] = await judgeWorld([check], { zone: parked('v=spf1 ~all') })
  expect(finding?.remedy?.records).toEqual({ set: ['example.com. TXT "v=spf1 -all"'], remove: ['example.com. TXT "v=spf1 ~all"'] })
})

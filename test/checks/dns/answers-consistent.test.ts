import { expect, test } from 'vitest'
import check from '../../../src/checks/dns/answers-consistent.ts'
import { transferState } from '../../../src/checks/zone-serial.ts'
import { checkTable } from '../../check-table.ts'
import { servers, zone } from './zone.ts'

const { ns2 } = servers
const old = (serial: number) => `${zone}\n; at ${ns2} example.com MX 10 old.example.com
  ; at ${ns2} example.com SOA ns1.example.com hostmaster.example.com ${serial} 7200 3600 1209600 3600`

checkTable(check, {
  'all say the same': { zone, expect: { 'example.com': 'pass' } },
  'one has another MX': {
    zone: `${zone}\n; at ${ns2} example.com MX 10 old.example.com`, expect: { 'example.com': 'failed' },
    args: { 'example.com': {
      name: 'example.com', type: 'MX', host1: 'ns1.example.com (9.9.9.1)', value1: ['10 mx1.example.com.'],
      host2: 'ns2.example.net (9.9.9.2)', value2: ['10 old.example.com.'], count: 1,
    } },
  },
  'one lacks a record, and another has changed': {
    zone: `${zone}\n; at ${ns2} _dmarc.example.com TXT (nxdomain)\n; at ${ns2} example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': {
      name: 'example.com', type: 'TXT', host1: 'ns1.example.com (9.9.9.1)', value1: ['"v=spf1 mx -all"'],
      host2: 'ns2.example.net (9.9.9.2)', value2: ['"v=spf1 -all"'], count: 2,
    } },
  },
  'one has no DMARC record': {
    zone: `${zone}\n; at ${ns2} _dmarc.example.com TXT (nodata)`, expect: { 'example.com': 'failed' },
    args: { 'example.com': {
      name: '_dmarc.example.com', type: 'TXT', host1: 'ns1.example.com (9.9.9.1)', value1: ['"v=DMARC1; p=reject"'],
      host2: 'ns2.example.net (9.9.9.2)', value2: ['none'], count: 1,
    } },
  },
  'an old version, long after the change': { zone: old(2026110101), now: '2026-11-25T12:00:00Z', expect: { 'example.com': 'failed' } },
  'an old version, shortly after the change': { zone: old(2026111901), now: '2026-11-20T12:00:00Z', expect: { 'example.com': 'skip' } },
  'versions by numbers that tell no time': { zone: old(7).replaceAll('2026112001', '8'), expect: { 'example.com': 'unknown:history-too-short' } },
  'an old version with the same records': {
    zone: `${zone}\n; at ${ns2} example.com SOA ns1.example.com hostmaster.example.com 7 7200 3600 1209600 3600`, expect: { 'example.com': 'pass' },
  },
  'an error of one is no difference': { zone: `${zone}\n; at ${ns2} example.com MX (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'silence of one about one name': { zone: `${zone}\n; at ${ns2} _dmarc.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'one whose address is not answered': { zone: zone.replace(/^(\s*ns2\S*) A .*$/m, '$1 A (timeout)'), expect: { 'example.com': 'unknown:dns-timeout' } },
  'what one does not know with authority is no difference': { zone: `${zone}\n; at ${ns2} lame`, expect: { 'example.com': 'skip' } },
  'only one can be asked': { zone: `${zone}\n; at ${ns2} * (malformed)`, expect: { 'example.com': 'unknown:dns-malformed' } },
  'none can be asked': { zone: `${zone}\n; at ${servers.ns1} * (timeout)\n; at ${ns2} * (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})

test.each([
  ['one version', [5, 5], '2026-11-25T00:00:00Z', 'settled'],
  ['a date long ago', [2026110101, 2026103001], '2026-11-25T00:00:00Z', 'settled'],
  ['a date of today', [2026112501, 2026103001], '2026-11-25T12:00:00Z', 'changing'],
  ['a date of yesterday', [2026112401, 2026103001], '2026-11-25T12:00:00Z', 'changing'],
  ['seconds, an hour ago', [1795604400, 1795000000], '2026-11-25T12:00:00Z', 'changing'],
  ['seconds, three hours ago', [1795597200, 1795000000], '2026-11-25T12:00:00Z', 'settled'],
  ['the newest by serial arithmetic (RFC 1982)', [4294967295, 3], '2026-11-25T12:00:00Z', 'unknown'],
  ['a date that is none', [2026139901, 7], '2026-11-25T12:00:00Z', 'unknown'],
  ['a date in the future', [2027010101, 7], '2026-11-25T12:00:00Z', 'unknown'],
])('%s', (_, serials, now, expected) => {
  expect(transferState(serials.map(serial => ({ serial, refresh: 7200 })), new Date(now))).toBe(expected)
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/record-found.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { servers, zone } from '../dns/zone.ts'

const mx = 'example.com MX 10 mx1.example.com'
const sub = { domain: 'eu.mail.example.com' }

const without = zone.replace('_dmarc.example.com TXT "v=DMARC1; p=reject"', '')

checkTable(check, {
  'the zone’s own servers have one': {
    zone: `${without}\n; at ${servers.ns1} _dmarc.example.com TXT "v=DMARC1; p=none"\n; at ${servers.ns2} _dmarc.example.com TXT "v=DMARC1; p=none"`,
    expect: { 'example.com': 'unknown:split-view' },
  },
  'the zone’s own servers have none either': { zone: without, expect: { 'example.com': 'failed' } },
  'a record': { zone: `${mx}\n_dmarc.example.com TXT "v=DMARC1; p=none"`, expect: { 'example.com': 'pass' } },
  'behind an alias, beside other TXT': {
    zone: `${mx}\n_dmarc.example.com CNAME dmarc.example.net\ndmarc.example.net TXT "hello"\ndmarc.example.net TXT "v = DMARC1 ;p=none"`, expect: { 'example.com': 'pass' },
  },
  'none': {
    zone: mx, expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com', names: ['_dmarc.example.com', '_dmarc.com'] } },
  },
  'the version in small letters is none': { zone: `${mx}\n_dmarc.example.com TXT "v=dmarc1; p=none"`, expect: { 'example.com': 'failed' } },
  'that of the organizational domain is inherited': {
    zone: 'eu.mail.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=reject"', scope: sub, expect: { 'eu.mail.example.com': 'pass' },
  },
  'none at either': {
    zone: 'eu.mail.example.com MX 10 mx1.example.com', scope: sub, expect: { 'eu.mail.example.com': 'failed' },
    args: { 'eu.mail.example.com': { domain: 'eu.mail.example.com', names: ['_dmarc.eu.mail.example.com', '_dmarc.mail.example.com', '_dmarc.example.com', '_dmarc.com'] } },
  },
  'a parked domain': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${mx}\n_dmarc.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'the organizational domain is not answered': {
    zone: 'eu.mail.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT (servfail)', scope: sub, expect: { 'eu.mail.example.com': 'unknown:dns-servfail' },
  },
  'one between them is found by the walk': {
    zone: 'eu.mail.example.com MX 10 mx1.example.com\n_dmarc.mail.example.com TXT "v=DMARC1; p=reject"', scope: sub, expect: { 'eu.mail.example.com': 'pass' },
  },
  'that of the public suffix is better than none': { zone: `${mx}\n_dmarc.com TXT "v=DMARC1; p=none; psd=y"`, expect: { 'example.com': 'pass' } },
  'the public suffix is not answered: it might have one': { zone: `${mx}\n_dmarc.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'its failure hides nothing from a domain with a record': {
    zone: `${mx}\n_dmarc.com TXT (timeout)\n_dmarc.example.com TXT "v=DMARC1; p=none"`, expect: { 'example.com': 'pass' },
  },
  'nobody knows whether the domain has mail': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('the remedy begins with reports', async () => {
  const [finding] = await judgeWorld([check], { zone: mx })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.example.com. TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"'])
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/legacy-agrees.ts'
import single from '../../../src/checks/dmarc/record-single.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const own = '_dmarc.example.com TXT "v=DMARC1; p=reject"'
const sub = { domain: 'mail.example.com' }
const differ = (newer: string, older: string, domain = 'mail.example.com') => ({ args: { [domain]: { domain, new: newer, old: older } } })

checkTable(check, {
  'a domain of its own': { zone: own, expect: { 'example.com': 'pass' } },
  'a subdomain that inherits': { zone: own, scope: sub, expect: { 'mail.example.com': 'pass' } },
  'a subdomain with a record': { zone: `${own}\n_dmarc.mail.example.com TXT "v=DMARC1; p=none"`, scope: sub, expect: { 'mail.example.com': 'pass' } },
  'a public suffix that says so': { zone: `${own}\n_dmarc.com TXT "v=DMARC1; p=none; psd=y"`, expect: { 'example.com': 'pass' } },
  'a public suffix that does not': { zone: `${own}\n_dmarc.com TXT "v=DMARC1; p=none"`, expect: { 'example.com': 'organization' }, ...differ('com', 'example.com', 'example.com') },
  'one that only the walk finds': {
    zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=reject"', scope: { domain: 'eu.mail.example.com' }, expect: { 'eu.mail.example.com': 'failed' },
    ...differ('reject', 'no policy', 'eu.mail.example.com'),
  },
  'psd=n below the apex': {
    zone: `${own}\n_dmarc.mail.example.com TXT "v=DMARC1; p=none; psd=n"`, scope: { domain: 'eu.mail.example.com' }, expect: { 'eu.mail.example.com': 'failed' },
    ...differ('none', 'reject', 'eu.mail.example.com'),
  },
  'a subdomain with the only record': { zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=none"', scope: sub, expect: { 'mail.example.com': 'organization' }, ...differ('mail.example.com', 'example.com') },
  'where alignment is strict nothing depends on it': { zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=none; adkim=s; aspf=s"', scope: sub, expect: { 'mail.example.com': 'pass' } },
  'np, for a name that does not exist': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; np=reject"', scope: sub, expect: { 'mail.example.com': 'failed' }, ...differ('reject', 'none') },
  't and pct are other findings': { zone: '_dmarc.example.com TXT "v=DMARC1; p=reject; t=y; pct=20"', expect: { 'example.com': 'pass' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'what is above is not answered': { zone: `${own}\n_dmarc.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('two records are not also a disagreement', async () => {
  const findings = await judgeWorld([single, check], { zone: `${own}\n_dmarc.mail.example.com TXT "v=DMARC1; p=none"\n_dmarc.mail.example.com TXT "v=DMARC1; p=reject"`, scope: sub })
  expect(findings.map(({ check: id, code }) => [id, code])).toEqual([['dmarc/record-single', 'failed'], ['dmarc/legacy-agrees', 'deferred']])
})

test.each([
  [`${own}\n_dmarc.com TXT "v=DMARC1; p=none"`, 'example.com', /psd=n to the record at _dmarc\.example\.com/],
  ['_dmarc.mail.example.com TXT "v=DMARC1; p=none"', 'mail.example.com', /record at _dmarc\.example\.com, too/],
  ['_dmarc.example.com TXT "v=DMARC1; p=none; np=reject"', 'mail.example.com', /record at _dmarc\.mail\.example\.com itself/],
])('%s, %s: %s', async (zone, domain, expected) => {
  const [finding] = await judgeWorld([check], { zone, scope: { domain } })
  expect(finding?.remedy?.text).toMatch(expected)
})

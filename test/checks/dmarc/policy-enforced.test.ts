import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/policy-enforced.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com'
const row = (record: string, code: string) => ({ zone: `${mx}\n_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code } })
const sub = (record: string, code: string) => ({
  zone: `mail.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "${record}"`, scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': code },
})

checkTable(check, {
  'reject': row('v=DMARC1; p=reject', 'pass'),
  'quarantine': row('v=DMARC1; p=quarantine; rua=mailto:d@example.com', 'pass'),
  'none': { ...row('v=DMARC1; p=none; sp=reject', 'failed'), args: { 'example.com': { domain: 'example.com' } } },
  'no p, which counts as none': row('v=DMARC1; rua=mailto:d@example.com', 'implied'),
  'a subdomain takes sp': sub('v=DMARC1; p=none; sp=reject', 'pass'),
  'a subdomain that sp leaves open': {
    ...sub('v=DMARC1; p=reject; sp=none', 'inherited'), args: { 'mail.example.com': { domain: 'mail.example.com', tag: 'sp', name: '_dmarc.example.com' } },
  },
  'a subdomain without sp takes p': sub('v=DMARC1; p=none', 'inherited'),
  'one that the older standard does not find': {
    zone: `eu.mail.example.com MX 10 mx1.example.com\n_dmarc.mail.example.com TXT "v=DMARC1; p=none; psd=n"\n_dmarc.example.com TXT "v=DMARC1; p=reject"`,
    scope: { domain: 'eu.mail.example.com' }, expect: { 'eu.mail.example.com': 'inherited-now' },
    args: { 'eu.mail.example.com': { domain: 'eu.mail.example.com', tag: 'p', name: '_dmarc.mail.example.com', legacy: 'reject' } },
  },
  'a domain that does not exist takes np': {
    zone: `_dmarc.example.com TXT "v=DMARC1; p=none; np=reject"`, scope: { domain: 'gone.example.com', context: { parked: 'no' } }, expect: { 'gone.example.com': 'pass' },
  },
  'a record of its own goes first, and there sp is for what is below': {
    zone: `mail.example.com MX 10 mx1.example.com\n_dmarc.mail.example.com TXT "v=DMARC1; p=reject; sp=none"\n_dmarc.example.com TXT "v=DMARC1; p=none"`,
    scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'pass' },
  },
  'a record that counts as none at all': row('v=DMARC1; p=rejct', 'skip'),
  'a policy that nobody knows is another finding': row('v=DMARC1; p=rejct; rua=mailto:d@example.com', 'skip'),
  'a parked domain': { zone: 'example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'skip' } },
  'two records': { zone: `${mx}\n_dmarc.example.com TXT "v=DMARC1; p=none"\n_dmarc.example.com TXT "v=DMARC1; p=reject"`, expect: { 'example.com': 'skip' } },
  'no record': { zone: mx, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${mx}\n_dmarc.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
})

test.each([
  ['v=DMARC1; p=none; rua=mailto:d@example.com', 'v=DMARC1; p=quarantine; rua=mailto:d@example.com'],
  ['v=DMARC1;p = None', 'v=DMARC1;p = quarantine'],
  ['v=DMARC1; sp=none; rua=mailto:p=none@example.com; p=none', 'v=DMARC1; sp=none; rua=mailto:p=none@example.com; p=quarantine'],
  ['v=DMARC1; rua=mailto:d@example.com', 'v=DMARC1; p=quarantine; rua=mailto:d@example.com'],
])('%s: publish %s', async (record, next) => {
  const [finding] = await judgeWorld([check], { zone: `${mx}\n_dmarc.example.com TXT "${record}"` })
  expect(finding?.remedy?.records?.set).toEqual([`_dmarc.example.com. TXT "${next}"`])
})

test('a record of its own reports to whom the inherited one does', async () => {
  const zone = 'mail.example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com,mailto:r@example.net; fo=1"'
  const [finding] = await judgeWorld([check], { zone, scope: { domain: 'mail.example.com' } })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.mail.example.com. TXT "v=DMARC1; p=quarantine; rua=mailto:d@example.com,mailto:r@example.net"'])
})

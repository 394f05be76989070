import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/subdomains-enforced.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string, args?: Record<string, unknown>) => ({
  zone: `example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': args } } : {},
})

checkTable(check, {
  'p alone': row('v=DMARC1; p=reject', 'pass'),
  'all alike': row('v=DMARC1; p=quarantine; sp=quarantine; np=quarantine', 'pass'),
  'sp stricter': row('v=DMARC1; p=quarantine; sp=reject', 'pass'),
  'np weaker, but not none': row('v=DMARC1; p=reject; np=quarantine', 'pass'),
  'sp none': row('v=DMARC1; p=reject; sp=none', 'failed', { tag: 'sp', value: 'none', p: 'reject', count: 1 }),
  'sp none, np reject': row('v=DMARC1; p=reject; sp=none; np=reject', 'failed'),
  'sp none, np none': row('v=DMARC1; p=reject; sp=none; np=none', 'failed', { tag: 'sp', value: 'none', p: 'reject', count: 2 }),
  'sp quarantine below reject': row('v=DMARC1; p=reject; sp=quarantine', 'weaker', { tag: 'sp', value: 'quarantine', p: 'reject', count: 1 }),
  'np none': row('v=DMARC1; p=reject; np=none', 'absent', { tag: 'np', value: 'none', p: 'reject', legacy: 'reject' }),
  'np none below sp': row('v=DMARC1; p=reject; sp=reject; np=none', 'absent'),
  'p none': row('v=DMARC1; p=none; sp=none', 'skip'),
  'a record that only counts as none': row('v=DMARC1; sp=none; rua=mailto:d@example.com', 'skip'),
  'below the organizational domain sp is nothing': {
    zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=reject; sp=none"\n_dmarc.example.com TXT "v=DMARC1; p=none"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'skip' },
  },
  'inherited': { zone: '_dmarc.example.com TXT "v=DMARC1; p=reject; sp=none"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'skip' } },
  'nobody knows what is the organizational domain': {
    zone: '_dmarc.example.com TXT "v=DMARC1; p=reject; sp=none"\n_dmarc.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' },
  },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test.each([
  ['v=DMARC1; p=reject; sp=none', 'v=DMARC1; p=reject'],
  ['v=DMARC1; p=reject; np=none; rua=mailto:d@example.com', 'v=DMARC1; p=reject; np=reject; rua=mailto:d@example.com'],
])('%s: publish %s', async (record, next) => {
  const [finding] = await judgeWorld([check], { zone: `_dmarc.example.com TXT "${record}"` })
  expect(finding?.remedy?.records?.set).toEqual([`_dmarc.example.com. TXT "${next}"`])
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/not-testing.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string, args?: Record<string, unknown>) => ({
  zone: `_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': args } } : {},
})

checkTable(check, {
  'in force': row('v=DMARC1; p=reject', 'pass'),
  't=n': row('v=DMARC1; p=reject; t=n', 'pass'),
  'reject under test': row('v=DMARC1; p=reject; t=y', 'failed', { policy: 'reject', effective: 'quarantine', legacy: 'reject' }),
  'quarantine under test': row('v=DMARC1; p=quarantine; t=Y', 'failed', { policy: 'quarantine', effective: 'none', legacy: 'quarantine' }),
  'none': row('v=DMARC1; p=none; t=y', 'skip'),
  'inherited': {
    zone: 'mail.example.com A 192.0.2.1\n_dmarc.example.com TXT "v=DMARC1; p=none; sp=quarantine; t=y"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' },
  },
  'of a name that does not exist': {
    zone: '_dmarc.example.com TXT "v=DMARC1; p=none; np=reject; t=y"', scope: { domain: 'gone.example.com' }, expect: { 'gone.example.com': 'failed' },
    args: { 'gone.example.com': { policy: 'reject', effective: 'quarantine', legacy: 'none' } },
  },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a record of which nothing is made': row('v=DMARC1; p=x; t=y', 'skip'),
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy takes t away and leaves the rest', async () => {
  const [finding] = await judgeWorld([check], { zone: '_dmarc.example.com TXT "v=DMARC1;p=reject;t=y;rua=mailto:d@example.com"' })
  expect(finding?.remedy?.records).toEqual({
    set: ['_dmarc.example.com. TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"'], remove: ['_dmarc.example.com. TXT "v=DMARC1;p=reject;t=y;rua=mailto:d@example.com"'],
  })
})

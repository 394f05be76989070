import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/no-idle-content.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string, args?: Record<string, unknown>) => ({
  zone: `_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': { name: '_dmarc.example.com', count: 1, ...args } } } : {},
})

checkTable(check, {
  'a record with everything that counts': row('v=DMARC1; p=reject; sp=quarantine; np=reject; psd=n; t=n; adkim=s; aspf=r; rua=mailto:d@example.com; ruf=mailto:d@example.com; fo=1:d:s;', 'pass'),
  'pct': row('v=DMARC1; p=none; pct=100', 'failed', { item: 'pct=100' }),
  'rf and ri': row('v=DMARC1; p=none; rf=afrf; ri=86400', 'failed', { item: 'rf=afrf', count: 2 }),
  'a size': row('v=DMARC1; p=none; rua=mailto:d@example.com!10m', 'size', { item: '!10m' }),
  'a tag that nobody knows': row('v=DMARC1; p=none; comment=hello', 'unknown', { item: 'comment=hello' }),
  'a typing error': row('v=DMARC1; p=none; adkmi=s', 'unknown-near', { item: 'adkmi=s', meant: 'adkim' }),
  'what is no tag': row('v=DMARC1; p=none; mailto:d@example.com', 'malformed', { item: 'mailto:d@example.com' }),
  'a value that nobody knows': row('v=DMARC1; p=none; adkim=strict', 'value', { item: 'adkim=strict' }),
  'no value': row('v=DMARC1; p=none; aspf=', 'value', { item: 'aspf' }),
  'fo without ruf': row('v=DMARC1; p=none; fo=1', 'failure-options', { item: 'fo=1' }),
  'fo with 0 and 1': row('v=DMARC1; p=none; ruf=mailto:d@example.com; fo=0:1', 'failure-options-both', { item: 'fo=0:1' }),
  'sp below the organizational domain': {
    zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=none; sp=none; np=reject"\n_dmarc.example.com TXT "v=DMARC1; p=none"', scope: { domain: 'mail.example.com' },
    expect: { 'mail.example.com': 'below-organization' }, args: { 'mail.example.com': { item: 'sp=none', name: '_dmarc.mail.example.com', count: 2 } },
  },
  'sp below a domain without policy counts': {
    zone: '_dmarc.mail.example.com TXT "v=DMARC1; p=none; sp=none"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'pass' },
  },
  'another TXT': { ...row('v=DMARC1; p=none"\n_dmarc.example.com TXT "google-site-verification=x', 'other-record', { item: 'google-site-verification=x' }) },
  'inherited from above': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; sp=none"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'pass' } },
  'values of policies are another finding': row('v=DMARC1; p=x; sp=y; rua=d@example.com', 'pass'),
  'no record': { zone: '_dmarc.example.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('what was removed can go at once', async () => {
  const [finding] = await judgeWorld([check], { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; pct=100; ri=3600; foo=1"' })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.example.com. TXT "v=DMARC1; p=none; foo=1"'])
})

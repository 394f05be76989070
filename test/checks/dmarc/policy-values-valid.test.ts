import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/policy-values-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (record: string, code: string, args?: Record<string, unknown>) => ({
  zone: `_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': args } } : {},
})

checkTable(check, {
  'all three, in any case of letters': row('v=DMARC1; p=Reject; sp=QUARANTINE; np=reject', 'pass'),
  'p behind other tags, and tags that nobody knows': row('v=DMARC1; rua=mailto:d@example.com; foo=bar; pct=100; p=none', 'pass'),
  'no p, but reports': row('v=DMARC1; rua=mailto:d@example.com', 'pass'),
  'neither p nor reports': row('v=DMARC1; adkim=s', 'missing', { outcome: 'no DMARC record' }),
  'no p, and reports that go nowhere': row('v=DMARC1; rua=d@example.com', 'missing', { outcome: 'no DMARC record' }),
  'a typing error': row('v=DMARC1; p=quarantaine', 'failed', { tag: 'p', value: 'quarantaine', outcome: 'no DMARC record', count: 1 }),
  'a typing error, with reports': row('v=DMARC1; p=rejet; rua=mailto:d@example.com', 'failed', { tag: 'p', value: 'rejet', outcome: 'p=none', count: 1 }),
  'in sp and np': row('v=DMARC1; p=reject; sp=off; np=', 'failed', { tag: 'sp', value: 'off', outcome: 'no DMARC record', count: 2 }),
  'in np alone, which the older standard does not know': row('v=DMARC1; p=reject; np=rejected', 'unknown-before',
    { tag: 'np', value: 'rejected', outcome: 'no DMARC record', legacy: 'reject', count: 1 }),
  'a semicolon forgotten': row('v=DMARC1; p=none rua=mailto:d@example.com', 'failed'),
  'a tag twice': row('v=DMARC1; p=none; p=reject', 'duplicate', { tag: 'p', outcome: 'no DMARC record', count: 1 }),
  'in the record that is inherited': {
    zone: '_dmarc.example.com TXT "v=DMARC1; p=no"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' },
  },
  'several records': { zone: '_dmarc.example.com TXT "v=DMARC1; p=x"\n_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'skip' } },
  'none': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test.each([
  ['v=DMARC1; p=rejected; sp=none', 'v=DMARC1; p=reject; sp=none'],
  ['v=DMARC1; p=reject; sp = quarantaine ;', 'v=DMARC1; p=reject; sp = quarantine ;'],
  ['v=DMARC1; p=monitor', undefined],
  ['v=DMARC1; p=none; p=reject', undefined],
])('%s: publish %s', async (record, mended) => {
  const [finding] = await judgeWorld([check], { zone: `_dmarc.example.com TXT "${record}"` })
  expect(finding?.remedy?.records?.set?.[0]).toBe(mended === undefined ? undefined : `_dmarc.example.com. TXT "${mended}"`)
})

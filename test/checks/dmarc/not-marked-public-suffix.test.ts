import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/not-marked-public-suffix.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

checkTable(check, {
  'no psd': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'pass' } },
  'psd=n': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; psd=n"', expect: { 'example.com': 'pass' } },
  'psd=y': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; psd=y"', expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com' } } },
  'psd=y above a subdomain': {
    zone: '_dmarc.example.com TXT "v=DMARC1; p=none; psd=y"\n_dmarc.mail.example.com TXT "v=DMARC1; p=none"', scope: { domain: 'mail.example.com' },
    expect: { 'mail.example.com': 'failed' }, args: { 'mail.example.com': { domain: 'example.com' } },
  },
  'of a public suffix, as it has to be': { zone: '_dmarc.co.uk TXT "v=DMARC1; p=none; psd=y"', scope: { domain: 'co.uk' }, expect: { 'co.uk': 'skip' } },
  'of the suffix above': { zone: '_dmarc.com TXT "v=DMARC1; p=none; psd=y"', expect: { 'example.com': 'pass' } },
  'of a hosting service that the list has as a suffix': {
    zone: '_dmarc.github.io TXT "v=DMARC1; p=none; psd=y"', scope: { domain: 'shop.github.io' }, expect: { 'shop.github.io': 'pass' },
  },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy takes psd away where it stands', async () => {
  const [finding] = await judgeWorld([check], { zone: '_dmarc.example.com TXT "v=DMARC1; p=reject; psd=y"', scope: { domain: 'a.example.com' } })
  expect(finding?.remedy?.records?.set).toEqual(['_dmarc.example.com. TXT "v=DMARC1; p=reject"'])
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/parked-rejects.ts'
import subdomains from '../../../src/checks/dmarc/subdomains-enforced.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const parked = 'example.com MX 0 .'
const row = (record: string, code: string, found?: readonly string[]) => ({
  zone: `${parked}\n_dmarc.example.com TXT "${record}"`, expect: { 'example.com': code }, ...found ? { args: { 'example.com': { domain: 'example.com', found } } } : {},
})

checkTable(check, {
  'a domain with mail': { zone: 'example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'skip' } },
  'reject': row('v=DMARC1; p=reject', 'pass'),
  'reject throughout': row('v=DMARC1; p=reject; sp=reject; np=reject', 'pass'),
  'quarantine': row('v=DMARC1; p=quarantine', 'failed', ['p=quarantine']),
  'none': row('v=DMARC1; p=none', 'failed', ['p=none']),
  'names below that are let through': row('v=DMARC1; p=reject; sp=none; np=quarantine', 'failed', ['sp=none', 'np=quarantine']),
  'no policy, which counts as none': row('v=DMARC1; rua=mailto:d@example.com', 'failed', ['a record that counts as p=none']),
  'no record': { zone: parked, expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com', found: ['no DMARC policy'] } } },
  'an unreadable record': row('v=DMARC1; p=x', 'failed', ['no DMARC policy']),
  'inherited': { zone: 'shop.example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=none; sp=reject"', scope: { domain: 'shop.example.com' }, expect: { 'shop.example.com': 'pass' } },
  'inherited, and weak': {
    zone: 'shop.example.com MX 0 .\n_dmarc.example.com TXT "v=DMARC1; p=reject; sp=none"', scope: { domain: 'shop.example.com' }, expect: { 'shop.example.com': 'failed' },
  },
  'what only the new standard finds': {
    zone: 'a.shop.example.com MX 0 .\n_dmarc.shop.example.com TXT "v=DMARC1; p=none; psd=n"\n_dmarc.example.com TXT "v=DMARC1; p=reject"', scope: { domain: 'a.shop.example.com' },
    expect: { 'a.shop.example.com': 'failed-now' }, args: { 'a.shop.example.com': { domain: 'a.shop.example.com', found: ['p=none'], legacy: 'reject' } },
  },
  'not answered': { zone: `${parked}\n_dmarc.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'nobody knows whether it has mail': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  'nobody knows, and it rejects in any case': { zone: 'example.com MX (timeout)\n_dmarc.example.com TXT "v=DMARC1; p=reject"', expect: { 'example.com': 'pass' } },
})

test('weak subdomains of a parked domain are one finding', async () => {
  const findings = await judgeWorld([check, subdomains], { zone: `${parked}\n_dmarc.example.com TXT "v=DMARC1; p=reject; sp=none"` })
  expect(findings.map(({ check: id, code }) => [id, code])).toEqual([['dmarc/parked-rejects', 'failed'], ['dmarc/subdomains-enforced', 'deferred']])
})

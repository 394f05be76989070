import { expect, test } from 'vitest'
import found from '../../../src/checks/dmarc/record-found.ts'
import check from '../../../src/checks/dmarc/record-single.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const two = '_dmarc.example.com TXT "v=DMARC1; p=none"\n_dmarc.example.com TXT "v=DMARC1; p=reject"'

checkTable(check, {
  'one beside other TXT': { zone: '_dmarc.example.com TXT "v=DMARC1; p=none"\n_dmarc.example.com TXT "hello"', expect: { 'example.com': 'pass' } },
  'two': { zone: two, expect: { 'example.com': 'none' }, args: { 'example.com': { count: 2, name: '_dmarc.example.com' } } },
  'two below a domain that has one': {
    zone: `${two.replaceAll('example.com', 'mail.example.com')}\n_dmarc.example.com TXT "v=DMARC1; p=reject; sp=quarantine"`, scope: { domain: 'mail.example.com' },
    expect: { 'mail.example.com': 'failed' }, args: { 'mail.example.com': { count: 2, name: '_dmarc.mail.example.com', policy: 'quarantine', legacy: 'no policy' } },
  },
  'two at the organizational domain, none here': { zone: two, scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'none' } },
  'two here, the parent not answered': {
    zone: `${two.replaceAll('example.com', 'mail.example.com')}\n_dmarc.example.com TXT (timeout)`, scope: { domain: 'mail.example.com' },
    expect: { 'mail.example.com': 'failed' },
  },
  'two between a domain and its organizational domain, where one would have been the policy': {
    zone: two.replaceAll('example.com', 'mail.example.com'), scope: { domain: 'eu.mail.example.com' }, expect: { 'eu.mail.example.com': 'none' },
    args: { 'eu.mail.example.com': { count: 2, name: '_dmarc.mail.example.com' } },
  },
  'two above a domain that has one are another domain’s fault': {
    zone: `${two}\n_dmarc.mail.example.com TXT "v=DMARC1; p=none"`, scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'pass' },
  },
  'two between that change nothing': {
    zone: `${two.replaceAll('example.com', 'mail.example.com')}\n_dmarc.example.com TXT "v=DMARC1; p=reject"`, scope: { domain: 'eu.mail.example.com' },
    expect: { 'eu.mail.example.com': 'pass' },
  },
  'none': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('two records are not also called none', async () => {
  const findings = await judgeWorld([check, found], { zone: `example.com MX 10 mx1.example.com\n${two}` })
  expect(findings.map(({ check: id, code }) => [id, code])).toEqual([['dmarc/record-single', 'none'], ['dmarc/record-found', 'deferred']])
})

test('which of two records to keep is only said where they mean the same', async () => {
  const records = async (second: string) => {
    const [finding] = await judgeWorld([check], { zone: `_dmarc.example.com TXT "v=DMARC1; p=reject"\n_dmarc.example.com TXT "${second}"` })
    return finding?.remedy?.records
  }
  expect(await records('v=DMARC1; p=none')).toBeUndefined()
  expect(await records('v=DMARC1; p=reject; np=none')).toBeUndefined()
  expect(await records('v=DMARC1; p=Reject; rua=mailto:d@example.com')).toEqual({
    set: ['_dmarc.example.com. TXT "v=DMARC1; p=Reject; rua=mailto:d@example.com"'], remove: ['_dmarc.example.com. TXT "v=DMARC1; p=reject"'],
  })
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/record-recognised.ts'
import found from '../../../src/checks/dmarc/record-found.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (text: string, code: string, name = '_dmarc.example.com') => ({ zone: `${name} TXT "${text}"`, expect: { 'example.com': code } })

checkTable(check, {
  'a policy': row('v=DMARC1; p=none', 'skip'),
  'white space round the equals sign is legal': row('v = DMARC1 ; p=none', 'skip'),
  'nothing at all': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'pass' } },
  'other TXT, there and elsewhere': { zone: '_dmarc.example.com TXT "v=spf1 -all"\nexample.com TXT "v=spf1 mx -all"\ndmarc.example.com TXT "hello"', expect: { 'example.com': 'pass' } },
  'small letters': {
    ...row('v=dmarc1; p=reject', 'version-case'), args: { 'example.com': { record: 'v=dmarc1; p=reject', name: '_dmarc.example.com', count: 1 } },
  },
  'the version is not first': row('p=reject; v=DMARC1', 'version-late'),
  'no version': row('p=reject; rua=mailto:d@example.com', 'failed'),
  'the version without its tag': row('DMARC1; p=reject', 'failed'),
  'another version': row('v=DMARC2; p=reject', 'failed'),
  'no semicolon': row('v=DMARC1 p=reject', 'failed'),
  'white space before it': row(' v=DMARC1; p=reject', 'failed'),
  'in quotation marks': row('\\"v=DMARC1; p=reject\\"', 'failed'),
  'at the domain itself': {
    ...row('v=DMARC1; p=reject', 'misplaced', 'example.com'),
    args: { 'example.com': { record: 'v=DMARC1; p=reject', name: 'example.com', right: '_dmarc.example.com', count: 1 } },
  },
  'without the underscore': row('v=DMARC1; p=reject', 'misplaced', 'dmarc.example.com'),
  'at _dmarc twice': row('v=DMARC1; p=reject', 'misplaced', '_dmarc._dmarc.example.com'),
  'misplaced, beside one that is found': {
    zone: 'example.com TXT "v=DMARC1; p=reject"\n_dmarc.example.com TXT "v=DMARC1; p=none"', expect: { 'example.com': 'skip' },
  },
  'of the organizational domain': {
    zone: '_dmarc.example.com TXT "v=dmarc1; p=none"', scope: { domain: 'mail.example.com' }, expect: { 'mail.example.com': 'version-case' },
  },
  'above it, somebody else’s': { zone: '_dmarc.com TXT "v=dmarc1; p=none"', expect: { 'example.com': 'pass' } },
  'the policy is not answered': { zone: '_dmarc.example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  'another place is not answered': { zone: 'dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test.each([
  ['_dmarc.example.com', 'v=dmarc1; p=reject; rua=mailto:d@example.com', '_dmarc.example.com. TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"'],
  ['_dmarc.example.com', 'p=reject; v=DMARC1; sp=none', '_dmarc.example.com. TXT "v=DMARC1; p=reject; sp=none"'],
  ['_dmarc.example.com', 'DMARC1; p=reject', '_dmarc.example.com. TXT "v=DMARC1; p=reject"'],
  ['_dmarc.example.com', 'v=DMARC1 p=reject', undefined],
  ['dmarc.example.com', 'v=DMARC1; p=none', '_dmarc.example.com. TXT "v=DMARC1; p=none"'],
  ['example.com', 'V=dmarc1; p=none', '_dmarc.example.com. TXT "v=DMARC1; p=none"'],
])('%s %s: publish %s', async (name, text, mended) => {
  const [finding] = await judgeWorld([check], { zone: `${name} TXT "${text}"` })
  expect(finding?.remedy?.records).toEqual({ ...mended === undefined ? {} : { set: [mended] }, remove: [`${name}. TXT "${text}"`] })
})

test('a record that is not recognised is not also missing', async () => {
  const findings = await judgeWorld([found, check], { zone: 'example.com MX 10 mx1.example.com\n_dmarc.example.com TXT "v=dmarc1; p=none"' })
  expect(findings.map(({ check: id, code }) => [id, code])).toEqual([['dmarc/record-found', 'deferred'], ['dmarc/record-recognised', 'version-case']])
})

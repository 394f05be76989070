import { expect, test } from 'vitest'
import check from '../../../src/checks/dkim/key-found.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { given, mails } from '../reports/received.ts'
import { ed25519, txt } from './keys.ts'

const mx = 'example.com MX 10 mx1.example.com'
const s1 = 's1._domainkey.example.com'
const declared = { selectors: ['s1'] }

checkTable(check, {
  'a declared selector with a key': { zone: `${mx}\n${txt(s1, ed25519)}`, scope: declared, expect: { [s1]: 'pass' } },
  'a declared selector, spelled otherwise, behind an alias': {
    zone: `${mx}\n${s1} CNAME s1.keys.example.net\n${txt('s1.keys.example.net', ed25519)}`, scope: { selectors: ['S1', 's1'] }, expect: { [s1]: 'pass' },
  },
  'a declared selector that does not exist': {
    zone: mx, scope: declared, expect: { [s1]: 'failed' }, args: { [s1]: { selector: 's1', domain: 'example.com' } },
  },
  'a declared selector without TXT': { zone: `${mx}\n${s1} A 192.0.2.1`, scope: declared, expect: { [s1]: 'empty' } },
  'an alias that leads nowhere': {
    zone: `${mx}\n${s1} CNAME s1.gone.example`, scope: declared, expect: { [s1]: 'dangling' },
    args: { [s1]: { selector: 's1', domain: 'example.com', target: 's1.gone.example' } },
  },
  'an alias that leads nowhere beside a key: both are declared to be in use': {
    zone: `${mx}\n${s1} CNAME s1.gone.example\n${txt('s2._domainkey.example.com', ed25519)}`, scope: { selectors: ['s1', 's2'] },
    expect: { [s1]: 'dangling', 's2._domainkey.example.com': 'pass' },
  },
  'one of two declared selectors': {
    zone: `${mx}\n${txt(s1, ed25519)}`, scope: { selectors: ['s1', 's2'] }, expect: { [s1]: 'pass', 's2._domainkey.example.com': 'failed' },
  },
  'a wildcard answers for a declared selector, as it does for verifiers': {
    zone: `${mx}\n${txt('*._domainkey.example.com', ed25519)}`, scope: declared, expect: { [s1]: 'pass' },
  },
  'a declared selector that is not answered': {
    zone: `${mx}\n${s1} TXT (timeout)`, scope: declared, expect: { [s1]: 'unknown:dns-timeout' },
  },
  'one that receivers saw hold lately': { zone: mx, scope: given(mails(3)).scope, expect: { [s1]: 'failed' } },
  'one that they saw long ago, and that is gone': { zone: mx, scope: given(mails(20)).scope, expect: { 'example.com': 'unknown:selector-unknown' } },
  'one that they saw long ago': { zone: `${mx}\n${txt(s1, ed25519)}`, scope: given(mails(20)).scope, expect: { [s1]: 'pass' } },
  'one whose signatures they saw fail': { zone: mx, scope: given(mails(3, { dkim: 'fail' })).scope, expect: { 'example.com': 'unknown:selector-unknown' } },
  'one of another domain': { zone: mx, scope: given(mails(3, { signer: 'esp.example' })).scope, expect: { 'example.com': 'unknown:selector-unknown' } },
  'a guessed one': {
    zone: `${mx}\n${txt('default._domainkey.example.com', ed25519)}`, expect: { 'default._domainkey.example.com': 'pass' },
  },
  'nothing declared, and no guess meets a key': { zone: mx, expect: { 'example.com': 'unknown:selector-unknown' } },
  'a wildcard makes no guess count': {
    zone: `${mx}\n*._domainkey.example.com TXT "v=DKIM1; p="`, expect: { 'example.com': 'unknown:selector-unknown' },
  },
  'a wildcard that is no key makes no guess count': {
    zone: `${mx}\n*.example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'unknown:selector-unknown' },
  },
  'a key of its own beside the wildcard counts': {
    zone: `${mx}\n*._domainkey.example.com TXT "v=DKIM1; p="\n${txt('mail._domainkey.example.com', ed25519)}`,
    expect: { 'mail._domainkey.example.com': 'pass' },
  },
  'the selectors of the provider in MX': {
    zone: `
      example.com MX 0 example-com.mail.protection.outlook.com
      selector1._domainkey.example.com CNAME selector1-example-com._domainkey.tenant.example
      selector2._domainkey.example.com CNAME selector2-example-com._domainkey.tenant.example
      ${txt('selector1-example-com._domainkey.tenant.example', ed25519)}`,
    // The second is published when keys are rotated; nothing that is signed today needs it.
    expect: { 'selector1._domainkey.example.com': 'pass', 'selector2._domainkey.example.com': 'pass' },
  },
  'both aliases of a provider lead nowhere': {
    zone: `
      example.com MX 0 example-com.mail.protection.outlook.com
      selector1._domainkey.example.com CNAME selector1-example-com._domainkey.tenant.example
      selector2._domainkey.example.com CNAME selector2-example-com._domainkey.tenant.example`,
    expect: { 'selector1._domainkey.example.com': 'dangling', 'selector2._domainkey.example.com': 'dangling' },
  },
  'the selector of a provider in SPF, found through another include': {
    zone: `
      ${mx}
      example.com TXT "v=spf1 include:_spf.example.com -all"
      _spf.example.com TXT "v=spf1 include:servers.mcsv.net -all"
      servers.mcsv.net TXT "v=spf1 ip4:192.0.2.0/24 ~all"
      ${txt('k2._domainkey.example.com', ed25519)}`,
    expect: { 'k2._domainkey.example.com': 'pass' },
  },
  'every question fails': {
    zone: 'example.com MX (servfail)\nexample.com TXT (servfail)', scope: { context: { sending: 'yes' }, selectors: [] }, expect: { 'example.com': 'unknown:selector-unknown' },
  },
  'a domain that sends nothing': { zone: 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
})

test('what was tried is told, and why, and how to name a selector', async () => {
  const google = 'example.com MX 1 aspmx.l.google.com\nexample.com TXT "v=spf1 include:_spf.google.com include:amazonses.com ~all"'
  const [finding] = await judgeWorld([check], { zone: google })
  expect(finding?.detail).toMatch(new RegExp('^tried google \\(used by Google Workspace, seen in MX aspmx.l.google.com\\); default, dkim, .* \\(common names\\); '
    + 'Amazon SES, seen in SPF amazonses.com, gives each customer names of its own; name yours with --selector NAME, .*DKIM-Signature'))
  const [everywhere] = await judgeWorld([check], { zone: `${google}\n*._domainkey.example.com TXT "v=DKIM1; p="` })
  expect(everywhere?.detail).toContain('; a wildcard gives all of them the same answer; name yours')
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/message/dmarc-passes.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { mail, usual, zone } from './mail.ts'

const domain = 'example.com'

checkTable(check, {
  'SPF and DKIM': { zone, ...mail(), expect: { [domain]: 'pass' } },
  'DKIM alone': { zone, ...mail({ received: null }), expect: { [domain]: 'pass' } },
  'SPF alone': { zone, ...mail({ sign: null }), expect: { [domain]: 'pass' } },
  'signed by somebody else, sent by somebody else': {
    zone: zone.replace('ip4:11.25.1.7', 'ip4:11.25.1.8'), ...mail({ sign: { domain: 'esp.example' } }), expect: { [domain]: 'failed' },
    args: { [domain]: { from: 'example.com', spf: 'fail for example.com', dkim: 'permerror for esp.example' } },
  },
  'changed on the way': {
    zone: zone.replace('ip4:11.25.1.7', 'ip4:11.25.1.8'), ...mail({ arrived: 'Hello Eve\r\n' }), expect: { [domain]: 'failed' },
    args: { [domain]: { from: 'example.com', spf: 'fail for example.com', dkim: 'fail for example.com' } },
  },
  'not signed, and nobody says who sent it': { zone, ...mail({ sign: null, received: null }), expect: { [domain]: 'unknown:not-disclosed' } },
  'the key is not answered': { zone: zone.replace(/^s1.*$/m, 's1._domainkey.example.com TXT (servfail)').replace('11.25.1.7', '11.25.1.8'), ...mail(), expect: { [domain]: 'unknown:dns-servfail' } },
  'the policy is not answered': { zone: zone.replace(/^_dmarc.*$/m, '_dmarc.example.com TXT (timeout)'), ...mail(), expect: { [domain]: 'unknown:dns-timeout' } },
  'no policy': { zone: zone.replace(/^_dmarc.*$/m, ''), ...mail(), expect: { [domain]: 'skip' } },
  'two authors of two domains': {
    zone, ...mail({ fields: ['From: ann@example.com, bob@example.org', ...usual.slice(1)] }), expect: { [domain]: 'author' },
    args: { [domain]: { why: 'From has several domains: example.com, example.org' } },
  },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
  'without the flag': { zone, expect: { [domain]: 'skip:needs-flag' } },
})

test('the remedy speaks of the signature that does not hold', async () => {
  const [finding] = await judgeWorld([check], { zone: zone.replace('11.25.1.7', '11.25.1.8'), ...mail({ arrived: 'x\r\n' }) })
  expect(finding?.remedy?.text).toMatch(/^The signature of example\.com does not hold \(the body was changed/)
})

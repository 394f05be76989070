import { expect, test } from 'vitest'
import dmarcPasses from '../../../src/checks/message/dmarc-passes.ts'
import check from '../../../src/checks/message/spf-and-dkim-aligned.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'
import { mail, zone } from './mail.ts'

const domain = 'example.com'
const elsewhere = zone.replace('11.25.1.7', '11.25.1.8')

checkTable(check, {
  both: { zone, ...mail(), expect: { [domain]: 'pass' } },
  'SPF alone': { zone, ...mail({ sign: null }), expect: { [domain]: 'failed' }, args: { [domain]: { mechanism: 'SPF' } } },
  'DKIM alone': { zone: elsewhere, ...mail(), expect: { [domain]: 'failed' }, args: { [domain]: { mechanism: 'DKIM' } } },
  neither: { zone: elsewhere, ...mail({ sign: null }), expect: { [domain]: 'neither' } },
  'nobody says who sent it': { zone, ...mail({ received: null }), expect: { [domain]: 'unknown:not-disclosed' } },
  'the user says it': { zone, ...mail({ received: null, given: { ip: '11.25.1.7', helo: 'mail.example.com' } }), expect: { [domain]: 'pass' } },
  'SPF is not answered': { zone: zone.replace(/^example\.com TXT.*$/m, 'example.com TXT (servfail)'), ...mail(), expect: { [domain]: 'unknown:dns-servfail' } },
  'no policy': { zone: zone.replace(/^_dmarc.*$/m, ''), ...mail(), expect: { [domain]: 'skip' } },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})

test('where DMARC fails, that says it', async () => {
  const findings = await judgeWorld([dmarcPasses, check], { zone: elsewhere, ...mail({ sign: null }) })
  expect(findings.map(({ verdict, code }) => [verdict, code])).toEqual([['fail', 'failed'], ['skip', 'deferred']])
})

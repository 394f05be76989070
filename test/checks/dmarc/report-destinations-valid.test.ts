import { expect, test } from 'vitest'
import check from '../../../src/checks/dmarc/report-destinations-valid.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const row = (tags: string, code: string, zone = '', args?: Record<string, unknown>) => ({
  zone: `_dmarc.example.com TXT "v=DMARC1; p=none; ${tags}"\n${zone}`, expect: { 'example.com': code }, ...args ? { args: { 'example.com': { count: 1, ...args } } } : {},
})
const mx = 'example.com MX 10 mx1.example.com'

checkTable(check, {
  'a host with MX': row('rua=mailto:d@example.com', 'pass', mx),
  'with addresses alone': row('rua=mailto:d@example.com', 'pass', 'example.com AAAA 2001:db8::1'),
  'with a size, and upper case': row('rua=MAILTO:d@Example.COM!10m', 'pass', mx),
  'several': row('rua=mailto:d@example.com, mailto:e@example.net; ruf=mailto:f@example.net', 'pass', `${mx}\nexample.net MX 10 mx.example.net`),
  'an address without mailto': row('rua=d@example.com', 'failed', mx, { tag: 'rua', uri: 'd@example.com' }),
  'in ruf': row('rua=mailto:d@example.com; ruf=e@example.com', 'failed', mx, { tag: 'ruf', uri: 'e@example.com' }),
  'no domain': row('rua=mailto:d', 'failed', mx),
  'an exclamation mark': row('rua=mailto:d!e@example.com', 'failed', mx),
  'https alone': row('rua=https://reports.example.com/d', 'scheme', mx, { tag: 'rua', uri: 'https://reports.example.com/d' }),
  'https beside mailto harms nobody': row('rua=https://reports.example.com/d,mailto:d@example.com', 'pass', mx),
  'a domain that does not exist': row('rua=mailto:d@exmaple.com', 'no-domain', mx, { tag: 'rua', uri: 'mailto:d@exmaple.com' }),
  'one without MX and address': row('rua=mailto:d@example.net', 'no-route', 'example.net TXT "hello"'),
  'null MX at itself': row('rua=mailto:d@example.com', 'null-mx', 'example.com MX 0 .', { tag: 'rua', uri: 'mailto:d@example.com' }),
  'several of them wrong': row('rua=mailto:d@example.com,mailto:a@x.example,b', 'no-domain', mx, { tag: 'rua', uri: 'mailto:a@x.example', count: 2 }),
  'an address literal is left alone': row('rua=mailto:d@[192.0.2.1]', 'pass'),
  'the destination is not answered': row('rua=mailto:d@example.net', 'unknown:dns-timeout', 'example.net MX (timeout)'),
  'nor is its address': row('rua=mailto:d@example.net', 'unknown:dns-timeout', 'example.net A (timeout)'),
  'one is wrong, whatever the other is': row('rua=mailto:d@example.net,mailto:d@x.example', 'no-domain', 'example.net MX (timeout)'),
  'no reports': row('fo=1', 'skip'),
  'no record': { zone: mx, expect: { 'example.com': 'skip' } },
  'not answered': { zone: '_dmarc.example.com TXT (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('a forgotten mailto is named', async () => {
  const [finding] = await judgeWorld([check], { zone: '_dmarc.example.com TXT "v=DMARC1; p=none; rua=d@example.com"' })
  expect(finding?.remedy?.text).toBe('Write rua=mailto:d@example.com')
})

import { expect, test } from 'vitest'
import check from '../../../src/checks/mx/host-not-alias.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com'
const alias = `${mx}\nmx1.example.com CNAME a.example.org\na.example.org CNAME b.example.org\nb.example.org A 192.0.2.1`

checkTable(check, {
  'a host of its own': { zone: `${mx}\nmx1.example.com A 192.0.2.1`, expect: { 'mx1.example.com': 'pass' } },
  'an alias of an alias': {
    zone: alias,
    expect: { 'mx1.example.com': 'failed' },
    args: { 'mx1.example.com': { host: 'mx1.example.com', target: 'b.example.org' } },
  },
  'an alias that leads nowhere': { zone: `${mx}\nmx1.example.com CNAME gone.example.org`, expect: { 'mx1.example.com': 'failed' } },
  'an alias over one family, the other cannot be asked': {
    zone: `${mx}\nmx1.example.com CNAME a.example.org\na.example.org A 192.0.2.1\na.example.org AAAA (servfail)`,
    expect: { 'mx1.example.com': 'failed' },
  },
  'no such host': { zone: mx, expect: { 'mx1.example.com': 'skip' } },
  'a host that cannot be asked': { zone: `${mx}\nmx1.example.com A (servfail)\nmx1.example.com AAAA (servfail)`, expect: { 'mx1.example.com': 'unknown:dns-servfail' } },
  'an implicit MX behind an alias is followed': { zone: 'example.com CNAME web.example.org\nweb.example.org A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('the remedy names the end of the chain, with the same preference', async () => {
  const [finding] = await judgeWorld([check], { zone: alias })
  expect(finding?.remedy?.records).toEqual({ set: ['example.com. MX 10 b.example.org.'], remove: ['example.com. MX 10 mx1.example.com.'] })
})

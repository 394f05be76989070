/** What most healthy domains publish, in the shapes that the large providers give it: nothing of it may be called wrong. */
import { expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { judgeWorld } from '../check-table.ts'
import { rsaKey, txt } from './dkim/keys.ts'

const ours = checks.filter(({ topic }) => topic === 'spf' || topic === 'dkim')
const key = `v=DKIM1; k=rsa; p=${rsaKey(2048)}`
const enforced = '_dmarc.example.com TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"'

const google = `
  example.com MX 1 aspmx.l.google.com
  example.com MX 5 alt1.aspmx.l.google.com
  aspmx.l.google.com A 142.250.27.26
  aspmx.l.google.com AAAA 2a00:1450:4025:401::1a
  alt1.aspmx.l.google.com A 142.250.153.26
  example.com TXT "v=spf1 include:_spf.google.com ~all"
  example.com TXT "google-site-verification=0123456789012345678901234567890123456789012"
  _spf.google.com TXT "v=spf1 include:_netblocks.google.com include:_netblocks2.google.com include:_netblocks3.google.com ~all"
  _netblocks.google.com TXT "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:66.249.80.0/20 ip4:72.14.192.0/18 ip4:74.125.0.0/16 ip4:108.177.8.0/21 ip4:173.194.0.0/16 ip4:209.85.128.0/17 ip4:216.58.192.0/19 ip4:216.239.32.0/19 ~all"
  _netblocks2.google.com TXT "v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ip6:2607:f8b0:4000::/36 ip6:2800:3f0:4000::/36 ip6:2a00:1450:4000::/36 ip6:2c0f:fb50:4000::/36 ~all"
  _netblocks3.google.com TXT "v=spf1 ip4:172.217.0.0/19 ip4:142.250.0.0/15 ip4:130.211.0.0/22 ip4:35.191.0.0/16 ~all"
  ${txt('google._domainkey.example.com', key)}
  ${enforced}`

const microsoft = `
  example.com MX 0 example-com.mail.protection.outlook.com
  example-com.mail.protection.outlook.com A 52.101.68.3
  example.com TXT "v=spf1 include:spf.protection.outlook.com -all"
  spf.protection.outlook.com TXT "v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip4:52.100.0.0/15 ip4:52.102.0.0/16 ip4:52.103.0.0/17 ip4:104.47.0.0/17 ip6:2a01:111:f400::/48 ip6:2a01:111:f403::/49 -all"
  selector1._domainkey.example.com CNAME selector1-example-com._domainkey.example.onmicrosoft.com
  selector2._domainkey.example.com CNAME selector2-example-com._domainkey.example.onmicrosoft.com
  ${txt('selector1-example-com._domainkey.example.onmicrosoft.com', key)}
  ${enforced}`

const macros = `
  example.com MX 10 mx1.example.net
  mx1.example.net A 11.0.0.1
  example.com TXT "v=spf1 include:%{ir}.%{v}.%{d}.spf.has.example.net ip4:11.0.0.0/28 -all"
  example.com TXT "ms=ms12345678"
  ${txt('s1._domainkey.example.com', key)}
  _dmarc.example.com TXT "v=DMARC1; p=reject"`

const own = `
  example.com MX 10 mx1.example.com
  example.com A 11.0.0.2
  mx1.example.com A 11.0.0.1
  mx1.example.com AAAA 2a00:1::1
  mx1.example.com TXT "v=spf1 a -all"
  example.com TXT "v=spf1 mx ip4:11.0.0.64/26 exp=why.example.com -all"
  why.example.com TXT "%{i} is none of ours"
  ${txt('s2026._domainkey.example.com', key)}`

test.each([
  ['Google Workspace', google, []],
  ['Microsoft 365, its second key not yet published', microsoft, []],
  ['everything behind a macro', macros, ['s1']],
  ['a mail server of one’s own', own, ['s2026']],
  ['a wildcard that revokes what is not in use', `${own}\n*._domainkey.example.com TXT "v=DKIM1; p="`, ['s2026']],
  ['a parked domain', 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"\n*._domainkey.example.com TXT "v=DKIM1; p="\n_dmarc.example.com TXT "v=DMARC1; p=reject"', []],
  ['a web site without mail', 'example.com A 11.0.0.2\nexample.com TXT "v=spf1 -all"\n*._domainkey.example.com TXT "p="', []],
])('%s', async (_, zone, selectors) => {
  const findings = await judgeWorld(ours, { zone, scope: { selectors } })
  const wrong = findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown')
  expect(wrong.map(({ check, subject, code, args, detail }) => [check, subject, code, args, detail])).toEqual([])
})

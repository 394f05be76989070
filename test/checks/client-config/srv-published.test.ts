import check from '../../../src/checks/client-config/srv-published.ts'
import { checkTable } from '../../check-table.ts'
import { judgeWorld } from '../../check-table.ts'
import { expect, test } from 'vitest'
import { imaps } from '../transcripts.ts'

const mx = 'example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.25'

checkTable(check, {
  'one service is enough': { zone: `${mx}\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com`, expect: { 'example.com': 'pass' } },
  'the older labels do as well': { zone: `${mx}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`, expect: { 'example.com': 'pass' } },
  'that nothing is offered is published too': { zone: `${mx}\n_imap._tcp.example.com SRV 0 0 0 .`, expect: { 'example.com': 'pass' } },
  'no record': { zone: mx, expect: { 'example.com': 'failed' } },
  'a domain without mail': { zone: 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"', expect: { 'example.com': 'skip' } },
  'a lookup that fails': { zone: `${mx}\n_imaps._tcp.example.com SRV (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'a record in spite of a lookup that fails': { zone: `${mx}\n_imaps._tcp.example.com SRV (servfail)\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com`, expect: { 'example.com': 'pass' } },
})

test('the records to publish are those of what works', async () => {
  const [finding] = await judgeWorld([check], { zone: `${mx}\nmail.example.com A 192.0.2.5`, sessions: { 'mail.example.com[192.0.2.5]:993': imaps } })
  expect(finding?.remedy?.records?.set).toEqual(['_imaps._tcp.example.com. SRV 0 1 993 mail.example.com.'])
})

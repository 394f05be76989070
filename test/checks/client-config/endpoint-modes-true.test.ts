import { expect, test } from 'vitest'
import check from '../../../src/checks/client-config/endpoint-modes-true.ts'
import { checks } from '../../../src/checks/index.ts'
import { checkTable, judgeWorld, type Row } from '../../check-table.ts'
import { imap, imapInClear, imaps, submissions } from '../transcripts.ts'
import { autoconfig, autoconfigUrl, autodiscover, autodiscoverUrl, hosts } from './set-up.ts'

const at = (port: number): string => `mail.example.com[192.0.2.5]:${port}`
const srv = (label: string, port: number): string => `_${label}._tcp.example.com SRV 0 1 ${port} mail.example.com\nmail.example.com A 192.0.2.5`
const row = (zone: string, sessions: Readonly<Record<string, string>>, expected: string, args?: object): Row =>
  ({ zone, sessions, expect: { 'example.com': expected }, ...(args ? { args: { 'example.com': args as Readonly<Record<string, unknown>> } } : {}) })
const file = (server: string): Row => ({ zone: hosts, pages: { [autoconfigUrl]: autoconfig([server]) }, expect: {} })

checkTable(check, {
  'implicit TLS as advertised': row(srv('imaps', 993), { [at(993)]: imaps }, 'pass'),
  'STARTTLS as advertised': row(srv('imap', 143), { [at(143)]: imap }, 'pass'),
  'implicit TLS at a port of its own': row(srv('imaps', 1993), { [at(1993)]: imaps }, 'pass'),
  'a record that names the other port': row(srv('imaps', 143), { [at(143)]: imap }, 'failed', {
    source: 'SRV _imaps._tcp.example.com', endpoint: 'mail.example.com:143', mode: 'implicit TLS', actual: 'STARTTLS',
  }),
  'the other way round': row(srv('submission', 465), { [at(465)]: submissions }, 'failed', {
    source: 'SRV _submission._tcp.example.com', endpoint: 'mail.example.com:465', mode: 'STARTTLS', actual: 'implicit TLS',
  }),
  'the right port of a server that begins in clear is the server’s fault': row(srv('imaps', 993), { [at(993)]: '* handshake "what the peer sent is not TLS"' }, 'skip'),
  'no STARTTLS is the server’s fault': row(srv('imap', 143), { [at(143)]: imapInClear('IMAP4rev1') }, 'skip'),
  'closed': row(srv('imaps', 993), {}, 'skip'),
  'silent': row(srv('imaps', 993), { [at(993)]: '* timeout' }, 'unknown:connect-timeout'),
  'greets with a farewell': row(srv('imaps', 993), { [at(993)]: '* tls\nS: * BYE later' }, 'pass'),
  'without TLS, though there is': {
    ...file('imap mail.example.com 143 plain'), sessions: { [at(143)]: imap }, expect: { 'example.com': 'failed' },
    args: { 'example.com': { source: 'autoconfig', endpoint: 'mail.example.com:143', mode: 'no TLS', actual: 'STARTTLS' } },
  },
  'without TLS, as there is none': { ...file('imap mail.example.com 143 plain'), sessions: { [at(143)]: imapInClear('IMAP4rev1') }, expect: { 'example.com': 'skip' } },
  'a file that names the other mode': {
    ...file('imap mail.example.com 993 STARTTLS'), sessions: { [at(993)]: imaps }, expect: { 'example.com': 'failed' },
    args: { 'example.com': { source: 'autoconfig', endpoint: 'mail.example.com:993', mode: 'STARTTLS', actual: 'implicit TLS' } },
  },
  'autodiscover, which says only that there is TLS': {
    zone: hosts, pages: { [autodiscoverUrl]: autodiscover('IMAP mail.example.com 143') }, sessions: { [at(143)]: imap }, expect: { 'example.com': 'pass' },
  },
  'nothing is advertised': { zone: 'mail.example.com A 192.0.2.5', sessions: { [at(993)]: imaps }, expect: { 'example.com': 'skip' } },
  'a lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('one slip of the pen is one finding', async () => {
  const selected = checks.filter(({ topic }) => ['imap', 'tls', 'access', 'client-config'].includes(topic))
  const findings = await judgeWorld(selected, {
    zone: `example.com MX 10 mx.example.com\n; secure example.com\n${srv('imaps', 143)}`, sessions: { [at(143)]: imap },
  })
  expect(findings.filter(({ verdict, severity }) => verdict === 'fail' && severity !== 'notice').map(({ check: id, subject }) => `${id} ${subject}`))
    .toEqual(['imap/implicit-tls-offered mail.example.com[192.0.2.5]:993', 'client-config/endpoint-modes-true example.com'])
})

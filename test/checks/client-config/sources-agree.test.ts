import check from '../../../src/checks/client-config/sources-agree.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { autoconfig, autoconfigUrl, autodiscover, autodiscoverUrl, hosts, wellKnownUrl } from './set-up.ts'

const srv = '_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_submissions._tcp.example.com SRV 0 1 465 mail.example.com'
const row = (records: string, servers: readonly string[], expected: string, args?: object): Row => ({
  zone: `${hosts}\n${records}`, pages: { [autoconfigUrl]: autoconfig(servers) }, expect: { 'example.com': expected },
  ...(args ? { args: { 'example.com': args as Readonly<Record<string, unknown>> } } : {}),
})

checkTable(check, {
  'the same': row(srv, ['imap mail.example.com 993 SSL', 'smtp mail.example.com 465 SSL'], 'pass'),
  'the same in other letters': row(srv, ['imap MAIL.Example.com. 993 SSL', 'smtp mail.%EMAILDOMAIN% 465 SSL'], 'pass'),
  'one knows more': row(srv, ['imap imap.example.com 993 SSL', 'imap mail.example.com 993 SSL', 'pop3 pop.example.com 995 SSL'], 'pass'),
  'each a service of its own': row('_imaps._tcp.example.com SRV 0 1 993 mail.example.com', ['imap mail.example.com 143 STARTTLS'], 'pass'),
  'another host': row(srv, ['imap imap.example.com 993 SSL'], 'failed', {
    service: 'imaps', source1: 'SRV', value1: 'mail.example.com:993 (implicit TLS)', source2: 'autoconfig', value2: 'imap.example.com:993 (implicit TLS)',
  }),
  'another port': row(srv, ['smtp mail.example.com 2465 SSL'], 'failed', {
    service: 'submissions', source1: 'SRV', value1: 'mail.example.com:465 (implicit TLS)', source2: 'autoconfig', value2: 'mail.example.com:2465 (implicit TLS)',
  }),
  'another mode': row(srv, ['imap mail.example.com 993 STARTTLS'], 'failed', {
    service: 'imaps', source1: 'SRV', value1: 'mail.example.com:993 (implicit TLS)', source2: 'autoconfig', value2: 'mail.example.com:993 (STARTTLS)',
  }),
  'several faults': row(srv, ['imap imap.example.com 993 SSL', 'smtp smtp.example.com 465 SSL'], 'failed'),
  'not offered': row('_imap._tcp.example.com SRV 0 0 0 .\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com', ['imap mail.example.com 143 STARTTLS'], 'failed', {
    service: 'imap', source1: 'SRV', value1: 'not offered', source2: 'autoconfig', value2: 'mail.example.com:143 (STARTTLS)',
  }),
  'two files that differ': {
    zone: hosts, pages: { [autoconfigUrl]: autoconfig(['imap mail.example.com 993 SSL']), [wellKnownUrl]: autoconfig(['imap old.example.com 993 SSL']) },
    expect: { 'example.com': 'failed' },
    args: { 'example.com': {
      service: 'imaps', source1: autoconfigUrl, value1: 'mail.example.com:993 (implicit TLS)', source2: wellKnownUrl, value2: 'old.example.com:993 (implicit TLS)',
    } },
  },
  'autodiscover differs': {
    zone: `${hosts}\n${srv}`, pages: { [autodiscoverUrl]: autodiscover('IMAP old.example.com 993') }, expect: { 'example.com': 'failed' },
  },
  'SRV alone': { zone: `${hosts}\n${srv}`, expect: { 'example.com': 'skip' } },
  'nothing': { zone: hosts, expect: { 'example.com': 'skip' } },
  'a lookup that fails beside sources that agree': {
    ...row(`${srv}\n_pop3._tcp.example.com SRV (servfail)`, ['imap mail.example.com 993 SSL'], 'unknown:dns-servfail'),
  },
})

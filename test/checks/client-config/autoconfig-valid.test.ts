import check from '../../../src/checks/client-config/autoconfig-valid.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { autoconfig, autoconfigUrl, clearUrl, hosts, wellKnownUrl } from './set-up.ts'

const servers = ['imap mail.example.com 993 SSL', 'smtp mail.example.com 465 SSL']
const file = autoconfig(servers)
const row = (page: string, expected: string, args?: object): Row => ({
  zone: hosts, pages: { [autoconfigUrl]: page }, expect: { 'example.com': expected },
  certificates: { old: { names: ['autoconfig.example.com'], notAfter: '2026-11-01T00:00:00Z' }, early: { names: ['autoconfig.example.com'], notBefore: '2026-12-01T00:00:00Z' } },
  ...(args ? { args: { 'example.com': { url: autoconfigUrl, count: 1, ...args } } } : {}),
})

checkTable(check, {
  'a file in order': row(file, 'pass'),
  'several domains': row(file.replace('<domain>', '<domain>example.org</domain><domain>'), 'pass'),
  'the domain as people write it': { ...row(file.replace('<domain>example.com', '<domain>Example.COM.'), 'pass') },
  'a placeholder for the domain': row(file.replace('<domain>example.com', '<domain>%EMAILDOMAIN%'), 'pass'),
  'servers of other kinds beside it': row(file.replace('<incomingServer', '<incomingServer type="ews"><url>https://example.com/</url></incomingServer><incomingServer'), 'pass'),
  'not well-formed': row(file.replace('</emailProvider>', ''), 'failed'),
  'an entity of its own': row(file.replace('<clientConfig', '<!DOCTYPE x [<!ENTITY y "z">]><clientConfig'), 'failed'),
  'no provider': row('<clientConfig version="1.1"></clientConfig>', 'no-provider', {}),
  'no domain': row(file.replace('<domain>example.com</domain>', ''), 'no-domain', {}),
  'another domain': row(file.replace('<domain>example.com', '<domain>example.net'), 'other-domain', { domains: ['example.net'], domain: 'example.com' }),
  'nothing to read with': row(autoconfig(servers.slice(1)), 'no-incoming', {}),
  'nothing to send with': row(autoconfig(servers.slice(0, 1)), 'no-outgoing', {}),
  'no host': row(autoconfig(['imap - 993 SSL', 'smtp mail.example.com 465 SSL']), 'bad-hostname', { line: 5, what: '-' }),
  'no port': row(autoconfig(['imap mail.example.com TLS SSL', 'smtp mail.example.com 465 SSL']), 'bad-port', { line: 5, what: 'TLS' }),
  'no kind of socket': row(autoconfig(['imap mail.example.com 993 secure', 'smtp mail.example.com 465 SSL']), 'bad-socket-type', { line: 5, what: 'secure' }),
  'without TLS alone': { zone: hosts, pages: { [clearUrl]: file }, expect: { 'example.com': 'in-clear' } },
  'without TLS too': { zone: hosts, pages: { [clearUrl]: file, [autoconfigUrl]: file }, expect: { 'example.com': 'pass' } },
  'a certificate of nobody': row(`* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer\n${file}`, 'untrusted'),
  'a certificate for another host': row(`* tls cert=other.example.net\n${file}`, 'other-name'),
  'a certificate that has ended': row(`* tls cert=old\n${file}`, 'expired'),
  'a certificate that has not begun': row(`* tls cert=early\n${file}`, 'not-yet-valid'),
  'a web site with a certificate of nobody': row('* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer\n<html></html>', 'skip'),
  'two files, one of them broken': {
    zone: hosts, pages: { [autoconfigUrl]: file, [wellKnownUrl]: file.replace('</emailProvider>', '') }, expect: { 'example.com': 'failed' },
  },
  'the provider’s own file': {
    zone: `${hosts.replace('10 mx.example.com', '10 mx.provider.example')}\nautoconfig.provider.example A 192.0.2.91`,
    pages: { 'https://autoconfig.provider.example/mail/config-v1.1.xml?emailaddress=postmaster%40example.com': autoconfig(servers, 'provider.example') },
    expect: { 'example.com': 'pass' },
  },
  'no file': { zone: hosts, expect: { 'example.com': 'skip' } },
  'silence': row('(timeout)', 'unknown:connect-timeout'),
})

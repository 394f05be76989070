import check from '../../../src/checks/client-config/set-up-served.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { autoconfig, autoconfigUrl, autodiscover, autodiscoverUrl, clearUrl, hosts, wellKnownUrl } from './set-up.ts'

const file = autoconfig(['imap mail.example.com 993 SSL', 'smtp mail.example.com 465 SSL'])
const answer = autodiscover('IMAP mail.example.com 993')
const row = (pages: Readonly<Record<string, string>>, expected: string, kind?: string, zone = hosts): Row => ({
  zone, pages, expect: { 'example.com': expected }, ...(kind === undefined ? {} : { args: { 'example.com': { domain: 'example.com', kind } } }),
})
const both = { [autoconfigUrl]: file, [autodiscoverUrl]: answer }
const elsewhere = 'https://autodiscover.example.net/autodiscover/autodiscover.xml'

checkTable(check, {
  'both': row(both, 'pass'),
  'the other place of autoconfig': row({ [wellKnownUrl]: file, [autodiscoverUrl]: answer }, 'pass'),
  'autodiscover at the domain itself': row({ [autoconfigUrl]: file, 'https://example.com/autodiscover/autodiscover.xml': answer }, 'pass'),
  'autodiscover wants a login': row({ [autoconfigUrl]: file, [autodiscoverUrl]: 'HTTP/1.1 401 Unauthorized\nwww-authenticate: Negotiate' }, 'pass'),
  'autodiscover by way of an alias': row(both, 'pass', undefined,
    `${hosts.replace('autodiscover.example.com A 192.0.2.82', 'autodiscover.example.com CNAME autodiscover.example.net')}\nautodiscover.example.net A 192.0.2.90`),
  'autodiscover by way of SRV': row({ [autoconfigUrl]: file, [elsewhere]: answer }, 'pass', undefined,
    `${hosts}\n_autodiscover._tcp.example.com SRV 0 0 443 autodiscover.example.net\nautodiscover.example.net A 192.0.2.90`),
  'autodiscover shows the way': row({
    [autoconfigUrl]: file, [elsewhere]: 'HTTP/1.1 401 Unauthorized\nwww-authenticate: Basic',
    'http://autodiscover.example.com/autodiscover/autodiscover.xml': `HTTP/1.1 302 Found\nlocation: ${elsewhere}`,
  }, 'pass', undefined, `${hosts}\nautodiscover.example.net A 192.0.2.90`),
  'autodiscover shows the way to one that tells everybody': row({
    [autoconfigUrl]: file, [elsewhere]: answer, 'http://autodiscover.example.com/autodiscover/autodiscover.xml': `HTTP/1.1 302 Found\nlocation: ${elsewhere}`,
  }, 'pass', undefined, `${hosts}\nautodiscover.example.net A 192.0.2.90`),
  'autodiscover shows a way that leads nowhere': row({
    [autoconfigUrl]: file, [autodiscoverUrl]: 'HTTP/1.1 301 Moved\nlocation: https://www.example.com/', 'https://www.example.com/': '<html></html>',
  }, 'failed', 'autodiscover', `${hosts}\nwww.example.com A 192.0.2.90`),
  'autodiscover shows a way to a neighbour': row({
    [autoconfigUrl]: file, [autodiscoverUrl]: 'HTTP/1.1 301 Moved\nlocation: https://inside.example.com/', 'https://inside.example.com/': answer,
  }, 'failed', 'autodiscover', `${hosts}\ninside.example.com A 10.0.0.1`),
  'neither': row({}, 'failed', 'autoconfig and no autodiscover'),
  'no autoconfig': row({ [autodiscoverUrl]: answer }, 'failed', 'autoconfig'),
  'no autodiscover': row({ [autoconfigUrl]: file }, 'failed', 'autodiscover'),
  'a web site for every name': row({ [autoconfigUrl]: '<html></html>', [wellKnownUrl]: '<html></html>', [autodiscoverUrl]: '<html></html>' }, 'failed', 'autoconfig and no autodiscover'),
  'the file of a neighbour on the same machine': row({ [autoconfigUrl]: `* tls cert=other.example.net\n${answer}`, [autodiscoverUrl]: answer }, 'failed', 'autoconfig'),
  'a broken file is a file': row({ ...both, [autoconfigUrl]: file.replace('</clientConfig>', '') }, 'pass'),
  'a file without TLS is a file': row({ [clearUrl]: file, [autodiscoverUrl]: answer }, 'pass'),
  'a file with a certificate that has ended is a file': row({ ...both, [autoconfigUrl]: `* tls cert=old\n${file}` }, 'pass'),
  'the provider has the file': row({ 'https://autoconfig.provider.example/mail/config-v1.1.xml?emailaddress=postmaster%40example.com': file, [autodiscoverUrl]: answer }, 'pass', undefined,
    `${hosts.replace('10 mx.example.com', '10 mx.provider.example')}\nautoconfig.provider.example A 192.0.2.91`),
  'the domain of the MX host has the file': row({ 'https://autoconfig.eu.provider.example/.well-known/mail-v1.xml?emailaddress=postmaster%40example.com': file, [autodiscoverUrl]: answer }, 'pass', undefined,
    `${hosts.replace('10 mx.example.com', '10 mx.eu.provider.example')}\nautoconfig.eu.provider.example A 192.0.2.91`),
  'a redirect to the file': row({ ...both, [autoconfigUrl]: 'HTTP/1.1 301 Moved\nlocation: /other.xml', 'https://autoconfig.example.com/other.xml': file }, 'pass'),
  'a web server that does not answer': row({ [autoconfigUrl]: '(timeout)', [autodiscoverUrl]: answer }, 'unknown:connect-timeout'),
  'one that does not answer, and one that does': row({ [autoconfigUrl]: '(timeout)', [wellKnownUrl]: file, [autodiscoverUrl]: answer }, 'pass'),
  'a host that cannot be looked up': row({ [autodiscoverUrl]: answer }, 'unknown:dns-servfail', undefined, hosts.replace('autoconfig.example.com A 192.0.2.81', 'autoconfig.example.com A (servfail)')),
  'a domain without mail': row({}, 'skip', undefined, 'example.com MX 0 .\nexample.com TXT "v=spf1 -all"'),
})

import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import check from '../../../src/checks/bimi/logo-valid.ts'
import { createAuthority, toPem, type CertificateOptions } from '../../../src/lab/certificates.ts'
import { checkTable, judgeWorld, type Row } from '../../check-table.ts'
import { announced, logoUrl as url, markUrl, proven, svg, withoutLogo } from './logos.ts'

const root = await createAuthority('Mark Root', { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') })
const issuer = await root.intermediate('Mark Issuer', { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01') })

const purpose = '1.3.6.1.5.5.7.3.31'
async function mark(options: CertificateOptions = {}, alone = false): Promise<string> {
  const dates = { notBefore: new Date('2026-06-01'), notAfter: new Date('2027-06-01') }
  const { chain } = await issuer.issue({ names: ['example.com'], purposes: [purpose], ...dates, ...options })
  return chain.slice(0, alone ? 1 : undefined).map(der => toPem(der)).join('')
}
const [good, lone, other, ended, early, web, ofSelector] = await Promise.all([
  mark(), mark({}, true), mark({ names: ['example.org'] }), mark({ notAfter: new Date('2026-11-01') }), mark({ notBefore: new Date('2026-12-01') }),
  mark({ purposes: ['1.3.6.1.5.5.7.3.1'] }), mark({ names: ['default._bimi.example.com'] }),
])

const row = (page: string, code: string, args?: Record<string, unknown>): Row => ({
  zone: announced, pages: { [url]: page }, expect: { 'example.com': code }, ...(args ? { args: { 'example.com': { url, ...args } } } : {}),
})
const marked = (page: string, code: string, args?: Record<string, unknown>): Row => ({
  zone: proven, pages: { [url]: svg(), [markUrl]: page }, expect: { 'example.com': code }, ...(args ? { args: { 'example.com': { url: markUrl, ...args } } } : {}),
})
const octets = (text: string): string => gzipSync(text).toString('latin1')

checkTable(check, {
  'a logo': row(svg(), 'pass'),
  'a packed logo': row(octets(svg()), 'pass'),
  'what unpacks to a flood': row(octets(svg('', ' '.repeat(100_000))), 'no-svg'),
  'what looks packed': row('\x1f\x8b hello', 'no-svg'),
  'not found': row('HTTP/1.1 404 Not Found\n\n', 'failed', { status: 404 }),
  'moved': row('HTTP/1.1 302 Found\nLocation: https://cdn.example.net/logo.svg\n\n', 'redirect'),
  'refused': { ...row('', 'refused'), pages: {} },
  'silent': row('(timeout)', 'unknown:connect-timeout'),
  'no TLS': row('(handshake)', 'handshake'),
  'no HTTP': row('(malformed)', 'no-http'),
  'far too long': row('(too-long)', 'too-long'),
  'no address': { zone: announced.replace('logo.example.com A 192.0.2.80', ''), expect: { 'example.com': 'no-address' } },
  'a certificate of a stranger': row(`* tls unknown-issuer\n${svg()}`, 'untrusted'),
  'a certificate for another host': { ...row(`* tls trusted cert=a\n${svg()}`, 'other-name'), certificates: { a: { names: ['www.example.org'] } } },
  'a certificate that ended': { ...row(`* tls trusted cert=a\n${svg()}`, 'expired'), certificates: { a: { names: ['logo.example.com'], notBefore: '2026-08-01T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' } } },
  'a certificate to come': { ...row(`* tls trusted cert=a\n${svg()}`, 'not-yet-valid'), certificates: { a: { names: ['logo.example.com'], notBefore: '2026-11-23T00:00:00Z' } } },
  'a web page': row('<html><title>x</title></html>', 'no-svg', { what: 'html', count: 3 }),
  'no XML': row('hello', 'no-svg'),
  'an octet that is no UTF-8': row(svg('', '<desc>\xe9</desc>'), 'no-svg', { what: 'it is not in UTF-8', count: 1 }),
  'more than 32 KB': row(svg('', `<desc>${'x'.repeat(33_000)}</desc>`), 'too-large'),
  'another profile': row(svg().replace('tiny-ps', 'tiny'), 'profile', { line: 1, what: 'baseProfile="tiny"', count: 1 }),
  'x and y': row(svg(' x="0" y="0"'), 'root-attribute', { line: 1, what: 'x', count: 2 }),
  'no title': row(svg().replace(/<title>.*<\/title>/, ''), 'title', { line: 1, what: 'title', count: 1 }),
  'not square': row(svg().replace('0 0 9 9', '0 0 16 9'), 'not-square', { line: 1, what: 'viewBox="0 0 16 9"', count: 1 }),
  'a script': row(svg('', '<script>alert(1)</script>'), 'forbidden', { line: 1, what: 'script', count: 1 }),
  'a picture from elsewhere': row(svg('', '<path fill="url(https://example.net/x)"/>'), 'forbidden'),
  'a mark certificate': marked(good, 'pass'),
  'a mark certificate for the selector': marked(ofSelector, 'pass'),
  'a mark certificate with its root': marked(good + root.pem, 'pass'),
  'for the organizational domain': { ...marked(good, ''), scope: { domain: 'news.example.com' }, expect: { 'news.example.com': 'pass' } },
  'no certificate': marked('<html></html>', 'no-mark', {}),
  'what cannot be read': marked(`-----BEGIN CERTIFICATE-----\nabcd\n-----END CERTIFICATE-----`, 'no-mark'),
  'a certificate for web servers': marked(web, 'mark-purpose', { subject: 'CN=example.com', issuer: 'CN=Mark Issuer' }),
  'a mark certificate that ended': marked(ended, 'mark-expired', { date: '2026-11-01T00:00:00Z' }),
  'a mark certificate to come': marked(early, 'mark-not-yet-valid', { date: '2026-12-01T00:00:00Z' }),
  'without its issuer': marked(lone, 'mark-unchained', { issuer: 'CN=Mark Issuer' }),
  'with another issuer': marked(lone + root.pem, 'mark-unchained'),
  'for another domain': marked(other, 'mark-name', { domain: 'example.com', names: ['example.org'] }),
  'a mark certificate that is not served': marked('HTTP/1.1 403 Forbidden\n\n', 'failed', { status: 403 }),
  'a mark certificate that does not come': marked('(timeout)', 'unknown:connect-timeout'),
  ...withoutLogo,
})

test('what cures a fault names the file that has it', async () => {
  const [finding] = await judgeWorld([check], marked('HTTP/1.1 404 Not Found\n\n', ''))
  expect(finding?.remedy?.text).toContain(`the mark certificate, with its issuer’s, at ${markUrl}`)
})


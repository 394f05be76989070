import check from '../../../src/checks/dns/route-origin-valid.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { zone } from './zone.ts'

const permissions = new Set(['thirdParties'] as const)
const watched = `${zone}\nstat.ripe.net A 9.9.9.80`
const data = (members: object): string => JSON.stringify({ status: 'ok', data: members })
const at = (call: string, query: string): string => `https://stat.ripe.net/data/${call}/data.json?${query}&sourceapp=mailcheck`
const info = (address: string): string => at('network-info', `resource=${address}`)
const roas = (asn: number, prefix = '9.9.9.0/24'): string => at('rpki-validation', `resource=${asn}&prefix=${prefix}`)
const roa = (origin: number | string, prefix = '9.9.9.0/24', maxLength = 24): object => ({ origin, prefix, max_length: maxLength, validity: 'whatever' })
const route = data({ asns: ['64496'], prefix: '9.9.9.0/24' })
/** All hosts lie in one prefix. */
const announced = (answer = route): Record<string, string> => Object.fromEntries(['9.9.9.25', '9.9.9.1', '9.9.9.2'].map(address => [info(address), answer]))
const covered = (status: string, ...validating: object[]): string => data({ status, validating_roas: validating })
const row = (pages: NonNullable<Row['pages']>, expected: string, args?: Record<string, unknown>): Row => ({
  zone: watched, pages, scope: { permissions }, expect: { 'example.com': expected }, ...(args ? { args: { 'example.com': args } } : {}),
})
const judged = (expected: string, status: string, ...validating: object[]): Row => row({ ...announced(), [roas(64_496)]: covered(status, ...validating) }, expected)

checkTable(check, {
  'valid': judged('pass', 'valid', roa('64496')),
  'no ROA': judged('pass', 'unknown'),
  'a ROA of the whole block': judged('pass', 'valid', roa('AS64496', '9.0.0.0/8', 24)),
  'another ROA beside it': judged('pass', 'valid', roa(64_511), roa(64_496)),
  'for another': {
    ...row({ ...announced(), [roas(64_496)]: covered('invalid_asn', roa(64_511)), [at('as-overview', 'resource=64496')]: data({ holder: 'EXAMPLE-NET' }) }, 'failed', {
      prefix: '9.9.9.0/24', host: 'mx1.example.com', asn: 'AS64496', count: 1,
    }),
  },
  'for shorter prefixes': judged('failed', 'invalid_length', roa(64_496, '9.9.0.0/16', 20)),
  'for nobody': judged('failed', 'invalid_asn', roa(0)),
  'of other addresses': judged('pass', 'invalid_asn', roa(64_511, '9.9.8.0/24')),
  'of longer prefixes': judged('pass', 'invalid_asn', roa(64_511, '9.9.9.0/25', 25)),
  'one of two announces it without leave': {
    ...row({ ...announced(data({ asns: [64_496, 'AS64500'], prefix: '9.9.9.0/24' })), [roas(64_496)]: covered('valid', roa(64_496)), [roas(64_500)]: covered('invalid_asn', roa(64_496)) }, 'failed', {
      prefix: '9.9.9.0/24', host: 'mx1.example.com', asn: 'AS64500', count: 1,
    }),
  },
  'a name server’s': row({
    ...announced(), [info('9.9.9.2')]: data({ asns: ['64500'], prefix: '9.9.9.2/32' }), [roas(64_496)]: covered('valid', roa(64_496)), [roas(64_500, '9.9.9.2/32')]: covered('invalid_asn', roa(64_496)),
  }, 'failed', { prefix: '9.9.9.2/32', host: 'ns2.example.net', asn: 'AS64500', count: 1 }),
  'nobody announces them': row(announced(data({ asns: [], prefix: '' })), 'skip'),
  'nobody announces one of them': row({ ...announced(), [info('9.9.9.25')]: data({ asns: [], prefix: '' }), [roas(64_496)]: covered('valid', roa(64_496)) }, 'pass'),
  'one cannot be told': row({ ...announced(), [info('9.9.9.25')]: '(timeout)', [roas(64_496)]: covered('valid', roa(64_496)) }, 'unknown:registry-silent'),
  'one cannot be told, another is wrong': row({ ...announced(), [info('9.9.9.25')]: '(timeout)', [roas(64_496)]: covered('invalid_asn', roa(64_511)) }, 'failed'),
  'the watcher is silent': row({}, 'unknown:registry-silent'),
  'asked too often': row(announced('HTTP/1.1 429\n\n'), 'unknown:registry-silent'),
  'what it says has an error': row(announced('{"status":"error","data":{}}'), 'unknown:registry-silent'),
  'an origin that is none': row(announced(data({ asns: ['{1,2}'], prefix: '9.9.9.0/24' })), 'unknown:registry-silent'),
  'a prefix that is none': row(announced(data({ asns: ['1'], prefix: '9.9.9.0/33' })), 'unknown:registry-silent'),
  'ROAs that contradict what is said of them': judged('unknown:registry-silent', 'invalid_asn'),
  'a ROA that cannot be read': judged('unknown:registry-silent', 'invalid_asn', roa(64_511, 'x')),
  'a ROA with a length below its own': judged('unknown:registry-silent', 'invalid_asn', roa(64_511, '9.9.9.0/24', 23)),
  'a certificate that nobody vouches for': row({ ...announced(), [roas(64_496)]: `* tls self-signed\n${covered('invalid_asn', roa(64_511))}` }, 'unknown:registry-silent'),
  'addresses of documentation': {
    zone: 'example.com SOA ns1.example.com h.example.com 1 2 3 4 5\nexample.com NS ns1.example.com\nexample.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1\nns1.example.com A 192.0.2.2',
    scope: { permissions }, expect: { 'example.com': 'skip' },
  },
  'IPv6': {
    zone: watched.replace('mx1.example.com A 9.9.9.25', 'mx1.example.com AAAA 2620:fe::9'), scope: { permissions },
    pages: { ...announced(), [info('2620:fe::9')]: data({ asns: ['64500'], prefix: '2620:fe::/48' }), [roas(64_496)]: covered('valid', roa(64_496)), [roas(64_500, '2620:fe::/48')]: covered('invalid_asn', roa(64_496, '2620:fe::/47', 48)) },
    expect: { 'example.com': 'failed' },
  },
  'the MX cannot be looked up': { ...row({ ...announced(), [roas(64_496)]: covered('valid', roa(64_496)) }, 'unknown:dns-servfail'), zone: watched.replace('example.com MX 10 mx1.example.com', 'example.com MX (servfail)') },
  'a watcher of the user’s own': {
    zone, scope: { permissions, thirdParties: { routeOrigins: 'http://127.0.0.1:9000/' } }, expect: { 'example.com': 'failed' },
    pages: {
      ...Object.fromEntries(['9.9.9.25', '9.9.9.1', '9.9.9.2'].map(address => [`http://127.0.0.1:9000/data/network-info/data.json?resource=${address}&sourceapp=mailcheck`, route])),
      'http://127.0.0.1:9000/data/rpki-validation/data.json?resource=64496&prefix=9.9.9.0/24&sourceapp=mailcheck': covered('invalid_asn', roa(64_511)),
    },
  },
  'no such domain': { zone: 'example.org A 9.9.9.9', scope: { permissions }, expect: { 'example.com': 'skip' } },
  'nobody permitted it': { ...row({}, ''), scope: {}, expect: { 'example.com': 'skip:needs-flag' } },
})

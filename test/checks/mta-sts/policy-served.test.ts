import check from '../../../src/checks/mta-sts/policy-served.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { announced, policy, policyUrl as url, serves } from './policies.ts'

const host = 'mta-sts.example.com'
const without = announced.replace(/\n.*$/, '')
const shows = (definition: NonNullable<Row['certificates']>[string], expected: string, args?: Record<string, unknown>): Row =>
  serves(`* tls trusted cert=a\n${policy('enforce')}`, expected, { certificates: { a: definition }, ...(args ? { args: { 'example.com': { url, ...args } } } : {}) })
const faulty = (page: string, code: string, args: Record<string, unknown>): Row => serves(page, code, { args: { 'example.com': { url, ...args } } })

checkTable(check, {
  'served': serves(policy('enforce'), 'pass'),
  'what it says is for others': serves('hello', 'pass'),
  'not found': faulty('HTTP/1.1 404 Not Found\n\nnothing', 'failed', { status: 404 }),
  'an error of the server': faulty('HTTP/1.1 500 Oops\n\n', 'failed', { status: 500 }),
  'moved': faulty('HTTP/1.1 301 Moved\nLocation: https://www.example.com/mta-sts.txt\n\n', 'redirect', { status: 301, location: 'https://www.example.com/mta-sts.txt' }),
  'not modified leads nowhere': faulty('HTTP/1.1 304 Not Modified\n\n', 'failed', { status: 304 }),
  'no address': { zone: without, expect: { 'example.com': 'no-address' }, args: { 'example.com': { url, host } } },
  'an address of this machine': { zone: `${without}\n${host} A 127.0.0.1`, expect: { 'example.com': 'no-address' } },
  'an address that cannot be looked up': { zone: `${without}\n${host} A (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'one address is enough': { ...serves(policy('enforce'), 'pass'), zone: `${announced}\n${host} AAAA (timeout)` },
  'behind an alias': { ...serves(policy('enforce'), 'pass'), zone: `${without}\n${host} CNAME sts.example.org\nsts.example.org A 192.0.2.80` },
  'refused': { ...serves('', 'refused'), pages: {} },
  'silent': serves('(timeout)', 'unknown:connect-timeout'),
  'lost': serves('(closed)', 'unknown:connection-lost'),
  'no way there': serves('(unreachable)', 'unknown'),
  'no TLS': serves('(handshake)', 'handshake'),
  'no HTTP': serves('(malformed)', 'no-http'),
  'more than 64 KiB': serves('(too-long)', 'too-long'),
  'a certificate of a stranger': serves(`* tls unknown-issuer\n${policy('enforce')}`, 'untrusted'),
  'a self-signed certificate': serves(`* tls self-signed\n${policy('enforce')}`, 'untrusted'),
  'another name': shows({ names: ['example.com', 'www.example.com'] }, 'other-name', { host, names: ['example.com', 'www.example.com'] }),
  'a common name alone': shows({ names: [], commonName: host }, 'other-name'),
  'a wildcard': shows({ names: ['*.example.com'] }, 'pass'),
  'expired': shows({ names: [host], notBefore: '2026-08-01T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' }, 'expired', { date: '2026-11-21T00:00:00Z' }),
  'to come': shows({ names: [host], notBefore: '2026-11-23T00:00:00Z' }, 'not-yet-valid', { date: '2026-11-23T00:00:00Z' }),
  'no record': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'two records': { zone: `${announced}\n_mta-sts.example.com TXT "v=STSv1; id=2;"`, expect: { 'example.com': 'skip' } },
  'a record that is not answered': { zone: `${announced}\n_mta-sts.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

import check from '../../../src/checks/tls-rpt/record-valid.ts'
import { checkTable, type Row } from '../../check-table.ts'

const name = '_smtp._tls.example.com'
const mail = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const row = (text: string, code: string, zone = '', args?: Record<string, unknown>): Row => ({
  zone: `${mail}\n${name} TXT "${text}"\n${zone}`, expect: { 'example.com': code }, ...(args ? { args: { 'example.com': args } } : {}),
})
const uri = 'mailto:tls@example.net'
const at = (zone: string, code: string): Row => row(`v=TLSRPTv1; rua=${uri}`, code, zone, code.includes(':') || code === 'pass' ? undefined : { uri, count: 1 })
const web = 'https://tls.example.net/v1/report?id=7'
const collector = (page: string | null, code: string, zone = 'tls.example.net A 192.0.2.80'): Row => ({
  ...row(`v=TLSRPTv1; rua=${web}`, code, zone), ...(page === null ? {} : { pages: { 'https://tls.example.net/': page } }),
})

checkTable(check, {
  'a mailbox of the domain': row('v=TLSRPTv1; rua=mailto:tls@example.com', 'pass'),
  'a mailbox elsewhere': at('example.net MX 10 mx.example.net', 'pass'),
  'a mailbox at a host without MX': at('example.net A 192.0.2.9', 'pass'),
  'two places': row(`v=TLSRPTv1; rua=mailto:tls@example.com,${uri};`, 'pass', 'example.net MX 10 mx.example.net'),
  'two records': {
    zone: `${mail}\n${name} TXT "v=TLSRPTv1; rua=mailto:a@example.com"\n${name} TXT "v=TLSRPTv1; rua=mailto:b@example.com"`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { name, records: 2 } },
  },
  'a field that is none': row('v=TLSRPTv1; rua=mailto:tls@example.com; report daily', 'malformed', '', { text: 'report daily', count: 1 }),
  'a space round the equals sign': row('v=TLSRPTv1; rua =mailto:tls@example.com', 'malformed'),
  'no rua': row('v=TLSRPTv1;', 'missing-rua', '', { text: 'v=TLSRPTv1;', count: 1 }),
  'no mailto': row('v=TLSRPTv1; rua=tls@example.com', 'bad-uri', '', { uri: 'tls@example.com', count: 1 }),
  'no address': row('v=TLSRPTv1; rua=mailto:tls', 'bad-uri'),
  'nothing between two commas': row('v=TLSRPTv1; rua=mailto:tls@example.com,,mailto:b@example.com', 'bad-uri'),
  'another scheme': row('v=TLSRPTv1; rua=http://tls.example.net/', 'scheme', '', { uri: 'http://tls.example.net/', count: 1 }),
  'another scheme beside a mailbox': row('v=TLSRPTv1; rua=mailto:tls@example.com,ftp://tls.example.net/', 'scheme'),
  'a domain that does not exist': at('', 'no-domain'),
  'a domain without mail': at('example.net TXT "hello"', 'no-route'),
  'a domain that takes none': at('example.net MX 0 .', 'null-mx'),
  'a domain whose MX are not answered': at('example.net MX (timeout)', 'unknown:dns-timeout'),
  'a domain whose addresses are not answered': at('example.net A (servfail)', 'unknown:dns-servfail'),
  'one of two leads nowhere': row(`v=TLSRPTv1; rua=mailto:tls@example.com,${uri}`, 'no-domain', '', { uri, count: 1 }),
  'a collector that answers': collector('hello', 'pass'),
  'a collector that has no front page': collector('HTTP/1.1 404 Not Found\n\n', 'pass'),
  'a collector with a certificate of its own': collector('* tls self-signed\nhello', 'pass'),
  'a collector without address': collector(null, 'unreachable', 'tls.example.net TXT "hello"'),
  'a collector that refuses': collector(null, 'unreachable'),
  'a collector without TLS': collector('(handshake)', 'unreachable'),
  'a collector that is silent': collector('(timeout)', 'unknown:connect-timeout'),
  'a collector that says too much': collector('(too-long)', 'pass'),
  'a collector whose address is not answered': collector(null, 'unknown:dns-timeout', 'tls.example.net A (timeout)'),
  'no record': { zone: mail, expect: { 'example.com': 'skip' } },
  'something else': { zone: `${mail}\n${name} TXT "hello"`, expect: { 'example.com': 'skip' } },
  'not answered': { zone: `${mail}\n${name} TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
})

import check from '../../../src/checks/client-config/srv-certificate-covers.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps } from '../transcripts.ts'

const endpoint = 'mail.example.com[192.0.2.5]:993'
const zone = '_imaps._tcp.example.com SRV 0 1 993 mail.example.com\nmail.example.com A 192.0.2.5'
const served = (cert: string): string => imaps.replace('* tls', `* tls cert=${cert}`)
const row = (session: string, expected: string, rest: Partial<Row> = {}): Row => ({
  zone, sessions: { [endpoint]: session }, certificates: { both: { names: ['mail.example.com', 'example.com'] }, wild: { names: ['*.example.com'] }, srv: { names: ['mail.example.com'], srvNames: ['_imaps.example.com'] }, 'other-srv': { names: ['mail.example.com'], srvNames: ['_pop3s.example.com'] }, nobody: { names: [] } },
  expect: { 'example.com': expected }, ...rest,
})

checkTable(check, {
  'a certificate for the domain too': row(served('both'), 'pass'),
  'an SRV-ID': row(served('srv'), 'pass'),
  'an SRV-ID for another service': row(served('other-srv'), 'failed'),
  'the host alone': row(imaps, 'failed', { args: { 'example.com': { endpoint, names: ['mail.example.com'], domain: 'example.com' } } }),
  'a wildcard below the domain': row(served('wild'), 'failed'),
  'no name at all': row(served('nobody'), 'nameless'),
  'a signed zone': row(imaps, 'skip', { zone: `; secure example.com\n${zone}` }),
  'a resolver that nobody trusts': row(imaps, 'unknown:ad-untrusted', { zone: `; ad-untrusted\n${zone}` }),
  'a resolver that nobody trusts, where it does not matter': row(served('both'), 'pass', { zone: `; ad-untrusted\n${zone}` }),
  'no records': { zone: 'mail.example.com A 192.0.2.5', sessions: { [endpoint]: imaps }, expect: { 'example.com': 'skip' } },
  'nothing answers': { zone, expect: { 'example.com': 'skip' } },
  'silence': row('* timeout', 'unknown:connect-timeout'),
  'a lookup that fails': { zone: '_imaps._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

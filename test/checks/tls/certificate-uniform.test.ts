import check from '../../../src/checks/tls/certificate-uniform.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtpUpgrading } from '../transcripts.ts'

const host = 'mx1.example.com'
const [v4, v6, other] = ['192.0.2.1', '2001:db8::1', '192.0.2.2']
const at = (address: string): string => `${host}[${address}]:25`
const zone = `example.com MX 10 ${host}\n${host} A ${v4}\n${host} AAAA ${v6}`
const session = (certificate: string): string => smtpUpgrading('220 go', `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed cert=${certificate}\nC: EHLO *\nS: 250 ok`)
const suite = 'TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 X25519'
const certificates = {
  a: { names: [host, 'mail.example.com'] }, again: { names: ['MAIL.example.com', host], key: 'ec384' as const }, b: { names: ['mx2.example.com'] },
  cn: { names: [], commonName: host },
}

/** Two addresses with these certificates, and answers to further hellos at the first. */
function row(one: string, two: string, expected: string, offers: readonly string[] = [], args?: Record<string, unknown>): Row {
  return {
    zone, certificates, sessions: { [at(v4)]: session(one), [at(v6)]: session(two) }, offers: { [at(v4)]: offers }, expect: { [host]: expected },
    ...(args ? { args: { [host]: { host, ...args } } } : {}),
  }
}

checkTable(check, {
  'the same certificate everywhere': row('a', 'a', 'pass'),
  'two certificates for the same names, in another order and case': row('a', 'again', 'pass'),
  'two certificates': row('a', 'b', 'failed', [], { address1: v4, name1: ['mail.example.com', host], address2: v6, name2: ['mx2.example.com'] }),
  'another one without SNI': row('a', 'a', 'without-name', [`tls-1.2-nameless ${suite} cert=b`], { address: v4, name1: ['mail.example.com', host], name2: ['mx2.example.com'] }),
  'the same names without SNI': row('a', 'a', 'pass', [`tls-1.2-nameless ${suite} cert=again`]),
  'TLS 1.3 alone, and the same without SNI': row('a', 'a', 'pass', ['tls-1.2-nameless alert=70']),
  'TLS 1.3 alone, and another without SNI': row('a', 'a', 'without-name', ['tls-1.2-nameless alert=70', 'nameless tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 cert=b']),
  'nothing without SNI': row('a', 'a', 'named-only', ['tls-1.2-nameless alert=112', 'nameless handshake "TLS alert 112, unrecognized_name"'],
    { address: v4, name1: ['mail.example.com', host], alert: 'TLS alert 112, unrecognized_name' }),
  'a common name alone': row('cn', 'cn', 'pass'),
  'no budget for a second handshake': row('a', 'a', 'unknown:deadline-spent', ['tls-1.2-nameless unavailable deadline-spent']),
  'two certificates, and no budget': row('a', 'b', 'failed', ['tls-1.2-nameless unavailable deadline-spent']),
  'hung up on without SNI': row('a', 'a', 'unknown:connection-lost', ['tls-1.2-nameless closed', 'nameless closed']),
  'a certificate without SNI that cannot be read': row('a', 'a', 'unknown:connection-lost', ['tls-1.2-nameless TLSv1.2 TLS_ECDH_anon_WITH_AES_128_CBC_SHA X25519 cert=""']),
  'one address closed': { ...row('a', 'a', 'pass'), sessions: { [at(v4)]: session('a') } },
  'two hosts': {
    zone: `${zone}\nexample.com MX 20 mx2.example.com\nmx2.example.com A ${other}`, certificates,
    sessions: { [at(v4)]: session('a'), [at(v6)]: session('a'), [`mx2.example.com[${other}]:25`]: session('b') }, expect: { [host]: 'pass', 'mx2.example.com': 'pass' },
  },
  'two ports with certificates of their own': {
    zone: `mail.example.com A ${v4}\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com`, certificates,
    sessions: { [`mail.example.com[${v4}]:993`]: '* tls cert=a\nS: * OK ready\n* closed', [`mail.example.com[${v4}]:995`]: '* tls cert=b\nS: +OK ready\n* closed' },
    expect: { 'mail.example.com': 'pass' },
  },
  'no certificate': { ...row('a', 'a', 'skip'), sessions: { [at(v4)]: session('a').replace('self-signed', 'no-certificate') }, offers: {} },
  'no TLS': { zone, sessions: {}, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

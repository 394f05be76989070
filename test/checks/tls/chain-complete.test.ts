import check from '../../../src/checks/tls/chain-complete.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps, shows, withoutCertificate } from './certificates.ts'

const names = ['mail.example.com']
const whole = { names, intermediate: true }
const beside = 'mail.example.com[192.0.2.5]:995'
const leafAlone = { names, intermediate: true, served: ['leaf'] } as const
const strange = { names, intermediate: true, served: ['leaf'] } as const

/** The same server shows this on 993, and a whole chain of the same authority on 995. */
const besideWhole: Row = {
  ...shows(strange, 'failed', 'unknown-issuer'),
  zone: 'mail.example.com A 192.0.2.5\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com',
  sessions: {
    [imaps]: '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer cert=a\nS: * OK ready\n* closed',
    [beside]: '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer cert=b\nS: +OK ready\n* closed',
  },
  certificates: { a: strange, b: { names, intermediate: true, served: ['leaf', 'intermediate', 'root'] } },
  expect: { [imaps]: 'failed', [beside]: 'pass' },
}

checkTable(check, {
  'issued by a public root itself': shows({ names }, 'pass'),
  'with its intermediate': shows(whole, 'pass'),
  'with its root, too': shows({ ...whole, served: ['leaf', 'intermediate', 'root'] }, 'pass', 'trusted path=0,1'),
  'the leaf twice': shows({ ...whole, served: ['leaf', 'leaf', 'intermediate'] }, 'pass', 'trusted path=0,2'),
  'the intermediate is missing': shows(leafAlone, 'failed', 'unknown-issuer', { issuer: 'CN=Unknown Root Intermediate' }),
  'missing, and the root sent in its place': shows({ ...whole, served: ['leaf', 'root'] }, 'failed', 'unknown-issuer', { issuer: 'CN=Unknown Root Intermediate' }),
  'missing, and the authority says where it is': shows({ names, issuerUrl: 'http://ca.example/r1.der' }, 'failed', 'unknown-issuer', { issuer: 'CN=Unknown Root' }),
  'missing, and logged in public': shows({ names, timestamps: 2 }, 'failed', 'unknown-issuer', { issuer: 'CN=Unknown Root' }),
  'missing here, and sent elsewhere': besideWhole,
  'in the wrong order, and found all the same': shows({ ...whole, served: ['leaf', 'root', 'intermediate'] }, 'disordered', 'trusted path=0,2', { issuer: 'CN=Example Root Intermediate' }),
  'in the wrong order, of an unknown authority': shows({ ...whole, served: ['leaf', 'root', 'intermediate'] }, 'disordered', 'unknown-issuer', { issuer: 'CN=Unknown Root Intermediate' }),
  'the whole chain of an unknown authority': shows({ ...whole, served: ['leaf', 'intermediate', 'root'] }, 'pass', 'unknown-issuer'),
  'an unknown root may issue by itself, and be left out': shows({ names }, 'skip', 'unknown-issuer'),
  'a root of a Windows domain': shows({ names, issuerUrl: 'ldap:///CN=Corp%20CA' }, 'skip', 'unknown-issuer'),
  'an unknown root may be left out behind its intermediate': shows(whole, 'skip', 'unknown-issuer'),
  'self-signed': shows({ names }, 'skip', 'self-signed'),
  'a signature that does not hold': shows({ names }, 'skip', 'bad-signature'),
  'no certificate': shows({ names }, 'skip', 'no-certificate'),
  'no certificate that can be read': shows({ names }, 'skip', 'malformed'),
  ...withoutCertificate,
})

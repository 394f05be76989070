import check from '../../../src/checks/submission/implicit-tls-offered.ts'
import { checkTable } from '../../check-table.ts'
import { submissions, smtp } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const secure = 'mail.example.com[192.0.2.5]:465'
const clear = 'mail.example.com[192.0.2.5]:587'
const declared = `${zone}\n_submissions._tcp.example.com SRV 0 1 465 mail.example.com`
const clearDeclared = `${zone}\n_submission._tcp.example.com SRV 0 1 587 mail.example.com`

checkTable(check, {
  'both ports': { zone, sessions: { [secure]: submissions, [clear]: smtp }, expect: { [secure]: 'pass' } },
  'port 587 is closed, which is well': { zone, sessions: { [secure]: submissions }, expect: { [secure]: 'pass' } },
  'port 587 alone': { zone, sessions: { [clear]: smtp }, expect: { [secure]: 'failed' }, args: { [secure]: { host: 'mail.example.com' } } },
  'port 587 alone is declared': { zone: clearDeclared, sessions: { [clear]: smtp }, expect: { [secure]: 'failed' } },
  'declared, and closed': { zone: declared, sessions: { [clear]: smtp }, expect: { [secure]: 'failed' } },
  'no TLS on 465': { zone, sessions: { [secure]: '* handshake "the server speaks no TLS"', [clear]: smtp }, expect: { [secure]: 'failed' } },
  'something else inside TLS': { zone, sessions: { [secure]: '* tls\nS: SSH-2.0-OpenSSH', [clear]: smtp }, expect: { [secure]: 'failed' } },
  'silent on 465, which may be the network here': { zone, sessions: { [secure]: '* timeout', [clear]: smtp }, expect: { [secure]: 'unknown:connect-timeout' } },
  'closed in the handshake': { zone, sessions: { [secure]: '* closed', [clear]: smtp }, expect: { [secure]: 'unknown:connection-lost' } },
  'another machine offers it': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { 'mail.example.com[192.0.2.6]:465': submissions, [clear]: smtp },
    expect: { 'mail.example.com[192.0.2.6]:465': 'pass', [secure]: 'skip' },
  },
  'another machine offers it, but this one is declared': {
    zone: `${declared}\nmail.example.com A 192.0.2.6`, sessions: { 'mail.example.com[192.0.2.6]:465': submissions },
    expect: { 'mail.example.com[192.0.2.6]:465': 'pass', [secure]: 'failed' },
  },
  'another machine has neither': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { [clear]: smtp }, expect: { [secure]: 'failed' },
  },
  'neither port answers': { zone, expect: { 'example.com': 'skip' } },
  'port 587 gives no greeting': { zone, sessions: { [clear]: '* connected\n* closed' }, expect: { 'example.com': 'skip' } },
  'nothing is known': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_submission._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

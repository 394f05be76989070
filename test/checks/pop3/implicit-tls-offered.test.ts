import check from '../../../src/checks/pop3/implicit-tls-offered.ts'
import { checkTable } from '../../check-table.ts'
import { pop3s, pop3 } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const secure = 'mail.example.com[192.0.2.5]:995'
const clear = 'mail.example.com[192.0.2.5]:110'
const declared = `${zone}\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com`
const clearDeclared = `${zone}\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com`

checkTable(check, {
  'both ports': { zone, sessions: { [secure]: pop3s, [clear]: pop3 }, expect: { [secure]: 'pass' } },
  'port 110 is closed, which is well': { zone, sessions: { [secure]: pop3s }, expect: { [secure]: 'pass' } },
  'port 110 alone': { zone, sessions: { [clear]: pop3 }, expect: { [secure]: 'failed' }, args: { [secure]: { host: 'mail.example.com' } } },
  'port 110 alone is declared': { zone: clearDeclared, sessions: { [clear]: pop3 }, expect: { [secure]: 'failed' } },
  'declared, and closed': { zone: declared, sessions: { [clear]: pop3 }, expect: { [secure]: 'failed' } },
  'no TLS on 995': { zone, sessions: { [secure]: '* handshake "the server speaks no TLS"', [clear]: pop3 }, expect: { [secure]: 'failed' } },
  'something else inside TLS': { zone, sessions: { [secure]: '* tls\nS: SSH-2.0-OpenSSH', [clear]: pop3 }, expect: { [secure]: 'failed' } },
  'silent on 995, which may be the network here': { zone, sessions: { [secure]: '* timeout', [clear]: pop3 }, expect: { [secure]: 'unknown:connect-timeout' } },
  'closed in the handshake': { zone, sessions: { [secure]: '* closed', [clear]: pop3 }, expect: { [secure]: 'unknown:connection-lost' } },
  'another machine offers it': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { 'mail.example.com[192.0.2.6]:995': pop3s, [clear]: pop3 },
    expect: { 'mail.example.com[192.0.2.6]:995': 'pass', [secure]: 'skip' },
  },
  'another machine offers it, but this one is declared': {
    zone: `${declared}\nmail.example.com A 192.0.2.6`, sessions: { 'mail.example.com[192.0.2.6]:995': pop3s },
    expect: { 'mail.example.com[192.0.2.6]:995': 'pass', [secure]: 'failed' },
  },
  'another machine has neither': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { [clear]: pop3 }, expect: { [secure]: 'failed' },
  },
  'neither port answers': { zone, expect: { 'example.com': 'skip' } },
  'port 110 gives no greeting': { zone, sessions: { [clear]: '* connected\n* closed' }, expect: { 'example.com': 'skip' } },
  'nothing is known': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_pop3._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

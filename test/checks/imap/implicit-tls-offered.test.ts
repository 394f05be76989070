import check from '../../../src/checks/imap/implicit-tls-offered.ts'
import { checkTable } from '../../check-table.ts'
import { imaps, imap } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const secure = 'mail.example.com[192.0.2.5]:993'
const clear = 'mail.example.com[192.0.2.5]:143'
const declared = `${zone}\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com`
const clearDeclared = `${zone}\n_imap._tcp.example.com SRV 0 1 143 mail.example.com`

checkTable(check, {
  'both ports': { zone, sessions: { [secure]: imaps, [clear]: imap }, expect: { [secure]: 'pass' } },
  'port 143 is closed, which is well': { zone, sessions: { [secure]: imaps }, expect: { [secure]: 'pass' } },
  'port 143 alone': { zone, sessions: { [clear]: imap }, expect: { [secure]: 'failed' }, args: { [secure]: { host: 'mail.example.com' } } },
  'port 143 alone is declared': { zone: clearDeclared, sessions: { [clear]: imap }, expect: { [secure]: 'failed' } },
  'declared, and closed': { zone: declared, sessions: { [clear]: imap }, expect: { [secure]: 'failed' } },
  'no TLS on 993': { zone, sessions: { [secure]: '* handshake "the server speaks no TLS"', [clear]: imap }, expect: { [secure]: 'failed' } },
  'something else inside TLS': { zone, sessions: { [secure]: '* tls\nS: SSH-2.0-OpenSSH', [clear]: imap }, expect: { [secure]: 'failed' } },
  'silent on 993, which may be the network here': { zone, sessions: { [secure]: '* timeout', [clear]: imap }, expect: { [secure]: 'unknown:connect-timeout' } },
  'closed in the handshake': { zone, sessions: { [secure]: '* closed', [clear]: imap }, expect: { [secure]: 'unknown:connection-lost' } },
  'another machine offers it': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { 'mail.example.com[192.0.2.6]:993': imaps, [clear]: imap },
    expect: { 'mail.example.com[192.0.2.6]:993': 'pass', [secure]: 'skip' },
  },
  'another machine offers it, but this one is declared': {
    zone: `${declared}\nmail.example.com A 192.0.2.6`, sessions: { 'mail.example.com[192.0.2.6]:993': imaps },
    expect: { 'mail.example.com[192.0.2.6]:993': 'pass', [secure]: 'failed' },
  },
  'another machine has neither': {
    zone: 'mail.example.com A 192.0.2.5\nmail.example.com A 192.0.2.6', sessions: { [clear]: imap }, expect: { [secure]: 'failed' },
  },
  'neither port answers': { zone, expect: { 'example.com': 'skip' } },
  'port 143 gives no greeting': { zone, sessions: { [clear]: '* connected\n* closed' }, expect: { 'example.com': 'skip' } },
  'nothing is known': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'an SRV lookup that fails': { zone: '_imap._tcp.example.com SRV (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

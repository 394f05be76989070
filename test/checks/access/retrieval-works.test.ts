import check from '../../../src/checks/access/retrieval-works.ts'
import { checkTable } from '../../check-table.ts'
import { imap, imapInClear, imaps, imapUpgrading, pop3, pop3s } from '../transcripts.ts'

const mx = 'example.com MX 10 mx1.example.com\nmail.example.com A 192.0.2.5'
const zone = `${mx}
  _imaps._tcp.example.com SRV 0 1 993 mail.example.com
  _imap._tcp.example.com SRV 0 0 0 .
  _pop3s._tcp.example.com SRV 0 0 0 .
  _pop3._tcp.example.com SRV 0 0 0 .`
const upgraded = zone.replace('SRV 0 1 993 mail.example.com', 'SRV 0 0 0 .').replace('_imap._tcp.example.com SRV 0 0 0 .', '_imap._tcp.example.com SRV 0 1 143 mail.example.com')
const name = 'mail.example.com[192.0.2.5]:993'
const clear = 'mail.example.com[192.0.2.5]:143'
const none = ['_imaps', '_imap', '_pop3s', '_pop3'].map(service => `${service}._tcp.example.com SRV 0 0 0 .`).join('\n')

checkTable(check, {
  'imaps, declared': { zone, sessions: { [name]: imaps }, expect: { 'example.com': 'pass' } },
  'IMAP with STARTTLS, declared': { zone: upgraded, sessions: { [clear]: imap }, expect: { 'example.com': 'pass' } },
  'imaps, guessed': { zone: mx, sessions: { [name]: imaps }, expect: { 'example.com': 'pass' } },
  'POP3 alone, guessed': { zone: mx, sessions: { '[192.0.2.5]:110': pop3 }, expect: { 'example.com': 'pass' } },
  'declared and dead, but another service is found': { zone: `${mx}\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com`, sessions: { '[192.0.2.5]:995': pop3s }, expect: { 'example.com': 'pass' } },
  'declared and dead': {
    zone, expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', outcomes: [`${name}: connection refused`] } },
  },
  'declared, without an address': {
    zone: zone.replace('mail.example.com A 192.0.2.5', ''), expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', outcomes: ['mail.example.com:993: no address'] } },
  },
  'declared, and the handshake fails': { zone, sessions: { [name]: '* handshake' }, expect: { 'example.com': 'failed' } },
  'declared, and another protocol': { zone, sessions: { [name]: '* tls\nS: SSH-2.0-OpenSSH' }, expect: { 'example.com': 'failed' } },
  'declared, in clear only': { zone: upgraded, sessions: { [clear]: imapInClear('IMAP4rev1') }, expect: { 'example.com': 'failed' } },
  'declared, and TLS is refused': { zone: upgraded, sessions: { [clear]: imapUpgrading('a2 BAD no') }, expect: { 'example.com': 'failed' } },
  'declared, and the handshake after STARTTLS fails': { zone: upgraded, sessions: { [clear]: imapUpgrading('a2 OK begin', '* handshake') }, expect: { 'example.com': 'failed' } },
  'declared and silent': { zone, sessions: { [name]: '* timeout' }, expect: { 'example.com': 'unknown:connect-timeout' } },
  'declared and silent, while others answer': {
    zone, sessions: { [name]: '* timeout', '[192.0.2.99]:993': '* connected' }, scope: { vantage: [{ host: '192.0.2.99' }] }, expect: { 'example.com': 'failed' },
  },
  'one is dead, the other asks to come back': {
    zone: `${zone}\nmail.example.com A 192.0.2.6`, sessions: { 'mail.example.com[192.0.2.6]:993': '* tls\nS: * BYE [UNAVAILABLE] later' }, expect: { 'example.com': 'unknown:rate-limited' },
  },
  'TLS is not available for now': { zone: upgraded, sessions: { [clear]: imapUpgrading('a2 NO [UNAVAILABLE] later') }, expect: { 'example.com': 'unknown:rate-limited' } },
  'closed in the handshake': { zone, sessions: { [name]: '* closed' }, expect: { 'example.com': 'unknown:connection-lost' } },
  'too slow': { zone, sessions: { [name]: '* connected\n* timeout' }, expect: { 'example.com': 'unknown:tarpit' } },
  'declared, at a private address': {
    zone: zone.replace('mail.example.com A 192.0.2.5', 'mail.example.com A 192.168.1.5'), expect: { 'example.com': 'unknown:endpoint-unknown' },
  },
  'declared, and cannot be looked up': {
    zone: zone.replace('mail.example.com A 192.0.2.5', 'mail.example.com A (servfail)'), expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'guesses that do not answer': { zone: mx, expect: { 'example.com': 'unknown:endpoint-unknown' } },
  'nothing to guess': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'unknown:endpoint-unknown' } },
  'guesses that do not work': { zone: mx, sessions: { [clear]: imapInClear('IMAP4rev1') }, expect: { 'example.com': 'unknown:endpoint-unknown' } },
  'declared to offer neither': { zone: `${mx}\n${none}`, expect: { 'example.com': 'skip' } },
  'a domain that takes no mail': { zone: 'example.com MX 0 .\nmail.example.com A 192.0.2.5', expect: { 'example.com': 'skip' } },
  'a domain that may take mail, or may not': {
    zone: zone.replace('example.com MX 10 mx1.example.com', 'example.com A 192.0.2.1\nexample.com TXT (servfail)'), expect: { 'example.com': 'unknown:dns-servfail' },
  },
  'one is dead, and an SRV lookup fails': { zone: zone.replace('_pop3._tcp.example.com SRV 0 0 0 .', '_pop3._tcp.example.com SRV (servfail)'), expect: { 'example.com': 'unknown:dns-servfail' } },
  'nothing to guess, and an SRV lookup fails': { zone: 'example.com MX 10 mx1.example.com\n_imap._tcp.example.com SRV (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  'one works, and an SRV lookup fails': { zone: `${mx}\n_pop3._tcp.example.com SRV (servfail)`, sessions: { [name]: imaps }, expect: { 'example.com': 'pass' } },
})

import check from '../../../src/checks/tls/nothing-injected-before-tls.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imap, imapUpgrading, pop3Upgrading } from '../transcripts.ts'
import { withoutCertificate } from './certificates.ts'

const clear = 'mail.example.com[192.0.2.5]:143'
const zone = 'mail.example.com A 192.0.2.5\n_imap._tcp.example.com SRV 0 1 143 mail.example.com\n_imaps._tcp.example.com SRV 0 0 0 .'
const row = (session: string, expected: string, args?: Record<string, unknown>): Row =>
  ({ zone, sessions: { [clear]: session }, expect: { [clear]: expected }, ...(args ? { args: { [clear]: { endpoint: clear, ...args } } } : {}) })
const { 'closed in the handshake': closed, 'the handshake fails': fails, 'too slow': slow, ...rest } = withoutCertificate
const implicit = (given: Row | undefined): Row => ({ ...given, expect: Object.fromEntries(Object.keys(given?.expect ?? {}).map(name => [name, 'skip'])) })
const pop3 = 'mail.example.com[192.0.2.5]:110'

checkTable(check, {
  'nothing': row(imap, 'pass'),
  'an answer to a command that was not sent yet': row(imapUpgrading('a2 OK begin', '* injected "a3 OK evil\\x0d\\x0a"\n* tls\nC: *'), 'failed', { bytes: 12, text: 'a3 OK evil' }),
  'POP3': {
    zone: 'mail.example.com A 192.0.2.5\n_pop3._tcp.example.com SRV 0 1 110 mail.example.com\n_pop3s._tcp.example.com SRV 0 0 0 .',
    sessions: { [pop3]: pop3Upgrading('+OK begin', '* injected "+OK evil\\x0d\\x0a"\n* tls\nC: *') }, expect: { [pop3]: 'failed' },
  },
  'words in place of the handshake': row(imapUpgrading('a2 OK begin', '* injected "BAD what"\n* handshake'), 'failed', { bytes: 8, text: 'BAD what' }),
  'a great many': row(imapUpgrading('a2 OK begin', `* injected "${'x'.repeat(4096)}"\n* tls\nC: *`), 'failed', { bytes: 4096, text: `${'x'.repeat(200)}…` }),
  'TLS from the first octet': implicit(fails),
  'TLS from the first octet, and closed': implicit(closed),
  'TLS from the first octet, and slow': implicit(slow),
  'the handshake fails': row(imapUpgrading('a2 OK begin', '* handshake'), 'skip'),
  'closed in the handshake': row(imapUpgrading('a2 OK begin', '* closed'), 'unknown:connection-lost'),
  ...rest,
  'silent': implicit(rest['silent']),
})

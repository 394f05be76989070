import check from '../../../src/checks/access/imap-beside-pop3.ts'
import { checkTable } from '../../check-table.ts'
import { imaps, pop3, pop3s } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:995'
const domain = 'example.com'
const noImap = '_imaps._tcp.example.com SRV 0 0 0 .\n_imap._tcp.example.com SRV 0 0 0 .'

checkTable(check, {
  'both': { zone, sessions: { [name]: pop3s, '[192.0.2.5]:993': imaps }, expect: { [domain]: 'pass' } },
  'POP3 alone': { zone, sessions: { [name]: pop3s }, expect: { [domain]: 'failed' }, args: { [domain]: { domain } } },
  'POP3 alone, with STLS': { zone, sessions: { '[192.0.2.5]:110': pop3 }, expect: { [domain]: 'failed' } },
  'declared to offer no IMAP': {
    zone: `${zone}\n${noImap}\n_pop3s._tcp.example.com SRV 0 1 995 mail.example.com`, sessions: { [name]: pop3s }, expect: { [domain]: 'failed' },
  },
  'IMAP is declared and dead, which another check says': { zone: `${zone}\n_imaps._tcp.example.com SRV 0 1 993 mail.example.com`, sessions: { [name]: pop3s }, expect: { [domain]: 'pass' } },
  'IMAP is declared without an address': { zone: `${zone}\n_imaps._tcp.example.com SRV 0 1 993 imap.example.com`, sessions: { [name]: pop3s }, expect: { [domain]: 'pass' } },
  'IMAP alone': { zone, sessions: { '[192.0.2.5]:993': imaps }, expect: { [domain]: 'skip' } },
  'neither': { zone, expect: { [domain]: 'skip' } },
  'POP3 that turns us away': { zone, sessions: { [name]: '* tls\nS: -ERR go away' }, expect: { [domain]: 'skip' } },
  'IMAP may be there: no answer': { zone, sessions: { [name]: pop3s, '[192.0.2.5]:993': '* timeout' }, expect: { [domain]: 'unknown:connect-timeout' } },
  'IMAP may be declared': { zone: `${zone}\n_imap._tcp.example.com SRV (servfail)`, sessions: { [name]: pop3s }, expect: { [domain]: 'unknown:dns-servfail' } },
  'POP3 may be declared': { zone: `${zone}\n_pop3s._tcp.example.com SRV (timeout)`, expect: { [domain]: 'unknown:dns-timeout' } },
  'nowhere to look for IMAP': {
    zone: '_pop3s._tcp.example.com SRV 0 1 995 pop.example.net\npop.example.net A 192.0.2.6', sessions: { '[192.0.2.6]:995': pop3s }, expect: { [domain]: 'unknown:endpoint-unknown' },
  },
})

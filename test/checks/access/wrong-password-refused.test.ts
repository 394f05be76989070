import check from '../../../src/checks/access/wrong-password-refused.ts'
import { checkTable } from '../../check-table.ts'
import { imaps } from '../transcripts.ts'
import { at, login, mailbox, row, zone } from './logins.ts'

// the same words are played for every session with the endpoint: who lets in the right one lets in the wrong one here
checkTable(check, {
  'accepted over IMAP': row('imaps', login('imaps', 'a2 OK in', mailbox.imaps()), 'failed', { own: true }),
  'accepted over submission': row('submissions', login('submissions', '235 in'), 'failed', { own: true }),
  'accepted over POP3': row('pop3s', login('pop3s', '+OK in'), 'failed', { own: true }),
  'the right one is refused, too': row('imaps', login('imaps', 'a2 NO [AUTHENTICATIONFAILED] no'), 'skip', { own: true }),
  'the service is out of order': row('imaps', login('imaps', 'a2 NO [UNAVAILABLE] later'), 'unknown:rate-limited', { own: true }),
  'no account': { zone, scope: { permissions: new Set(['login', 'own']) }, expect: { 'example.com': 'skip:not-applicable' } },
  'only the login is permitted': { ...row('imaps', imaps, ''), expect: { 'example.com': 'skip:needs-flag' } },
  'only the servers are ours': { zone, sessions: { [at.imaps]: imaps }, scope: { permissions: new Set(['own']) }, expect: { 'example.com': 'skip:needs-flag' } },
})

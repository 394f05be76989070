import check from '../../../src/checks/imap/quota-not-exhausted.ts'
import { checkTable } from '../../check-table.ts'
import { at, login, mailbox, row, zone } from '../access/logins.ts'
import { imaps } from '../transcripts.ts'

const quota = (...lines: string[]): string => login('imaps', 'a2 OK in', mailbox.imaps('IMAP4rev1 QUOTA', [...lines.map(line => `S: ${line}`), 'S: a5 OK done'].join('\n  ')))

checkTable(check, {
  'half full': row('imaps', quota('* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE 512 1024)'), 'pass'),
  'just below': row('imaps', quota('* QUOTA "" (STORAGE 899 1000)'), 'pass'),
  'full': { ...row('imaps', quota('* QUOTA "User quota" (STORAGE 1048576 1048576)'), 'failed'), args: { [at.imaps]: { account: 'joe@example.com', percent: 100, limit: '1 GiB' } } },
  'nine tenths, beside other resources': { ...row('imaps', quota('* QUOTA "" (MESSAGE 1 2 STORAGE 900 1000)'), 'failed'), args: { [at.imaps]: { account: 'joe@example.com', percent: 90, limit: '1000 KiB' } } },
  'one of several roots': row('imaps', quota('* QUOTA "a" (STORAGE 1 100)', '* QUOTA "b" (STORAGE 95 100)'), 'failed'),
  'a root whose name is a literal': row('imaps', quota('* QUOTA {3}', 'abc (STORAGE 99 100)'), 'failed'),
  'messages alone are counted': row('imaps', quota('* QUOTA "" (MESSAGE 10 10)'), 'skip'),
  'no quota': row('imaps', quota('* QUOTAROOT INBOX'), 'skip'),
  'the server cannot tell for now': row('imaps', login('imaps', 'a2 OK in', mailbox.imaps('IMAP4rev1 QUOTA', 'S: a5 NO [UNAVAILABLE] later')), 'unknown:rate-limited'),
  'the server will not tell': row('imaps', login('imaps', 'a2 OK in', mailbox.imaps('IMAP4rev1 QUOTA', 'S: a5 NO [SERVERBUG] no')), 'skip'),
  'no QUOTA': row('imaps', login('imaps', 'a2 OK in', mailbox.imaps('IMAP4rev1')), 'skip'),
  'refused': row('imaps', login('imaps', 'a2 NO [AUTHENTICATIONFAILED] no'), 'skip'),
  'the connection is lost after the login': row('imaps', login('imaps', 'a2 OK in'), 'unknown:connection-lost'),
  'the service is out of order': row('imaps', login('imaps', 'a2 NO [UNAVAILABLE] later'), 'unknown:rate-limited'),
  'an account of another service': { ...row('submissions', login('submissions', '235 in'), ''), expect: { 'example.com': 'skip:not-applicable' } },
  'not permitted': { zone, sessions: { [at.imaps]: imaps }, expect: { 'example.com': 'skip:needs-flag' } },
})

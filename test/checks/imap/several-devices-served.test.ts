import check from '../../../src/checks/imap/several-devices-served.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { imaps, imapsListing } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:993'
const row = (session: string, expected: string, capabilities?: string[]): Row =>
  ({ zone, sessions: { [name]: session }, expect: { [name]: expected }, ...(capabilities ? { args: { [name]: { endpoint: name, capabilities } } } : {}) })
const loggedIn = (capabilities: string): string => imapsListing(capabilities, '* PREAUTH welcome')

checkTable(check, {
  'all by name': row(imapsListing('IMAP4rev1 SPECIAL-USE MOVE UIDPLUS CONDSTORE'), 'pass'),
  'QRESYNC instead of CONDSTORE': row(imapsListing('IMAP4rev1 SPECIAL-USE MOVE UIDPLUS QRESYNC'), 'pass'),
  'IMAP4rev2 includes three of them': row(imapsListing('IMAP4rev1 IMAP4rev2 CONDSTORE'), 'pass'),
  'IMAP4rev2 does not include CONDSTORE': row(loggedIn('IMAP4rev2'), 'failed', ['CONDSTORE']),
  'none, and everybody is logged in': row(loggedIn('IMAP4rev1'), 'failed', ['SPECIAL-USE', 'MOVE', 'UIDPLUS', 'CONDSTORE']),
  'one is missing, and everybody is logged in': row(loggedIn('IMAP4rev1 SPECIAL-USE UIDPLUS QRESYNC'), 'failed', ['MOVE']),
  'not told before login': row(imaps, 'unknown:not-disclosed'),
  'some told before login': row(imapsListing('IMAP4rev1 MOVE UIDPLUS'), 'unknown:not-disclosed'),
  'too slow': row('* tls\n* timeout', 'unknown:tarpit'),
  'no IMAP': { zone, expect: { 'example.com': 'skip' } },
})

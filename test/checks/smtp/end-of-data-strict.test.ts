import check from '../../../src/checks/smtp/end-of-data-strict.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'
import { mx, zone } from './envelopes.ts'

const scope: Row['scope'] = { permissions: new Set(['own']), accounts: [{ service: 'imaps', user: 'joe@example.com', password: 'env:JOE' }] }
const row = (session: string, expected: string, sequence?: string): Row => ({
  zone, scope, sessions: { [mx]: session }, expect: { [mx]: expected }, ...(sequence === undefined ? {} : { args: { [mx]: { host: 'mx1.example.com', sequence } } }),
})

/** One message, what is said to it, and to the NOOP behind it. */
const trial = (taken: string, next: string): string => `
  C: MAIL FROM:<>
  S: 250 Ok
  C: RCPT TO:<joe@example.com>
  S: 250 Ok
  C: DATA
  S: 354 Go on
  C: From: mailcheck <joe@example.com>*
  S: ${taken}
  C: NOOP
  S: ${next}`
const strict = trial('250 2.0.0 Queued', '250 2.0.0 Ok')

const refused = (reply: string): string => `\n  C: MAIL *\n  S: 250 Ok\n  C: RCPT *\n  S: ${reply}\n  C: RSET\n  S: 250 Ok`

checkTable(check, {
  'strict': row(smtp + strict + strict + strict, 'pass'),
  'the message is refused for its line ends': row(`${smtp}${trial('550 5.5.2 bare LF', '')}`.replace(/\n {2}C: NOOP[^]*$/, '\n  C: NOOP\n  * closed'), 'pass'),
  'ended at LF.CRLF': row(smtp + trial('250 2.0.0 Queued', '500 5.5.2 Unknown command'), 'failed', 'LF.CRLF'),
  'ended at LF.LF': row(smtp + strict + trial('250 2.0.0 Queued', '502 5.5.1 What?'), 'failed', 'LF.LF'),
  'ended at CR.CR': row(smtp + strict + strict + trial('250 2.0.0 Queued', '502 5.5.1 What?'), 'failed', 'CR.CR'),
  'closed before the answer': row(`${smtp}${strict}\n  C: MAIL FROM:<>\n  * closed`, 'unknown:connection-lost'),
  'the mailbox is refused': row(smtp + refused('550 5.1.1 unknown') + refused('550 5.1.1 unknown'), 'skip'),
  'bounces are refused, and a message of one’s own is not': row(smtp + refused('554 5.7.1 <>: Sender address rejected') + strict.replace('<>', '<joe@example.com>').repeat(3), 'pass'),
  'the message is refused before it is sent': row(`${smtp}\n  C: MAIL *\n  S: 250 Ok\n  C: RCPT *\n  S: 250 Ok\n  C: DATA\n  S: 554 5.3.2 no messages`, 'skip'),
  'greylisted': row(smtp + refused('451 4.7.1 Greylisted'), 'unknown:greylisted'),
  'another address of the same host': {
    zone: `${zone}\nmx1.example.com A 192.0.2.2`, scope,
    sessions: { [mx]: smtp + strict + strict + strict, 'mx1.example.com[192.0.2.2]:25': smtp }, expect: { [mx]: 'pass', 'mx1.example.com[192.0.2.2]:25': 'skip' },
  },
  'no mailbox of the user’s': { ...row(smtp, 'skip'), scope: { permissions: new Set(['own']) } },
  'turned away': row('S: 554 go away', 'unknown:client-rejected'),
  'nobody there': { zone, scope, expect: { [mx]: 'skip' } },
  'not permitted': { zone, sessions: { [mx]: smtp }, expect: { 'example.com': 'skip:needs-flag' } },
  'a null MX': { zone: 'example.com MX 0 .', scope, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', scope, expect: { 'example.com': 'unknown:dns-servfail' } },
})

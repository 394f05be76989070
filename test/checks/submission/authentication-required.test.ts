import check from '../../../src/checks/submission/authentication-required.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { envelope } from '../smtp/envelopes.ts'
import { smtp, smtpInClear, submissions } from '../transcripts.ts'

const zone = 'mail.example.com A 192.0.2.5'
const name = 'mail.example.com[192.0.2.5]:465'
const upgraded = 'mail.example.com[192.0.2.5]:587'
const scope: Row['scope'] = { permissions: new Set(['own']) }
const row = (session: string, expected: string, at = name): Row => ({ zone, scope, sessions: { [at]: session }, expect: { [at]: expected } })
const to = 'postmaster@example.com'
const needed = '530 5.7.0 Authentication required'

checkTable(check, {
  'asked for at MAIL': row(submissions + envelope(to, to, '', needed), 'pass'),
  'asked for after STARTTLS': row(smtp + envelope(to, to, '', needed), 'pass', upgraded),
  'asked for at RCPT': row(submissions + envelope(to, to, '554 5.7.1 <x>: Recipient address rejected: Access denied') + envelope('', to, '554 5.7.1 no'), 'pass'),
  'in the words of Postfix': row(submissions + envelope(to, to, '554 5.7.1 <unknown[192.0.2.200]>: Client host rejected: Access denied') + envelope('', to, '554 5.7.1 no'), 'pass'),
  'not asked for': row(submissions + envelope(to, to), 'failed'),
  'not asked for in clear': row(smtpInClear('AUTH PLAIN') + envelope(to, to), 'failed', upgraded),
  'a forged sender is refused, another taken': row(submissions + envelope(to, to, '550 5.7.23 SPF validation failed') + envelope('', to), 'failed'),
  'the mailbox of an account': {
    ...row(submissions + envelope('joe@example.com', 'joe@example.com'), 'failed'),
    scope: { ...scope, accounts: [{ service: 'imaps', user: 'joe@example.com', password: 'env:JOE' }] },
  },
  'put off': row(submissions + envelope(to, to, '', '451 4.3.0 later') + envelope('', to, '', '451 4.3.0 later'), 'unknown:greylisted'),
  'closed in the middle': row(`${submissions}\n  C: MAIL *\n  S: 250 Ok\n  C: RCPT *\n  * closed`, 'unknown:connection-lost'),
  'closed at once the second time': row(submissions, 'unknown:connection-lost'),
  'turned away': row('* tls\nS: 554 go away', 'unknown:client-rejected'),
  'not permitted': { zone, sessions: { [name]: submissions }, expect: { 'example.com': 'skip:needs-flag' } },
  'nothing is found': { zone, scope, expect: { 'example.com': 'skip' } },
})

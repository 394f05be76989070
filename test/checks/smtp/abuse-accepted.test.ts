import check from '../../../src/checks/smtp/abuse-accepted.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, envelope, here, row } from './envelopes.ts'

const to = 'abuse@example.com'
const both = (reply: string): string => envelope('', to, reply) + envelope(here, to, reply)

checkTable(check, {
  ...aside,
  'taken': row(dialogue(), 'pass'),
  'taken from an ordinary sender alone': row(dialogue({ abuse: envelope('', to, '550 5.7.1 bounce to somebody who sends nothing') + envelope(here, to), nobody: '\n  * closed' }), 'pass'),
  'refused': row(dialogue({ abuse: both('550 5.1.1 <abuse>: User unknown') }), 'failed', { domain: 'example.com', reply: '550 5.1.1 <abuse>: User unknown' }),
  'refused in the words of a stranger’s domain': row(dialogue({ abuse: both('554 5.7.1 <abuse>: Relay access denied') }), 'failed'),
  'refused because of us': row(dialogue({ postmaster: envelope('', 'postmaster@example.com', '554 5.7.1 Client host blocked') + envelope(here, 'postmaster@example.com', '554 5.7.1 Client host blocked'), abuse: both('554 5.7.1 Service unavailable; Client host blocked using dnsbl.example'), nobody: '\n  * closed' }), 'unknown:client-rejected'),
  'greylisted': row(dialogue({ abuse: envelope('', to, '451 4.7.1 Greylisting in action') }), 'unknown:greylisted'),
  'asked to come back': row(dialogue({ abuse: envelope('', to, '452 4.3.1 Insufficient storage') }), 'unknown:rate-limited'),
  'closed before the answer': row(dialogue({ abuse: '\n  C: MAIL FROM:<>\n  S: 250 Ok\n  C: RCPT TO:<abuse@example.com>\n  * closed' }), 'unknown:connection-lost'),
})

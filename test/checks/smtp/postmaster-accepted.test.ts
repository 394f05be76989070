import check from '../../../src/checks/smtp/postmaster-accepted.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, envelope, here, row } from './envelopes.ts'

const to = 'postmaster@example.com'
const both = (reply: string): string => envelope('', to, reply) + envelope(here, to, reply)

checkTable(check, {
  ...aside,
  'taken': row(dialogue(), 'pass'),
  'taken from an ordinary sender alone': row(dialogue({ postmaster: envelope('', to, '550 5.7.1 bounce to somebody who sends nothing') + envelope(here, to), abuse: '\n  * closed' }), 'pass'),
  'refused': row(dialogue({ postmaster: both('550 5.1.1 <postmaster>: User unknown') }), 'failed', { domain: 'example.com', reply: '550 5.1.1 <postmaster>: User unknown' }),
  'refused in the words of a stranger’s domain': row(dialogue({ postmaster: both('554 5.7.1 <postmaster>: Relay access denied') }), 'failed'),
  'refused because of us': row(dialogue({ postmaster: both('554 5.7.1 Service unavailable; Client host blocked using dnsbl.example'), abuse: '\n  * closed' }), 'unknown:client-rejected'),
  'greylisted': row(dialogue({ postmaster: envelope('', to, '451 4.7.1 Greylisting in action') }), 'unknown:greylisted'),
  'asked to come back': row(dialogue({ postmaster: envelope('', to, '452 4.3.1 Insufficient storage') }), 'unknown:rate-limited'),
  'closed before the answer': row(dialogue({ postmaster: '\n  C: MAIL FROM:<>\n  S: 250 Ok\n  C: RCPT TO:<postmaster@example.com>\n  * closed' }), 'unknown:connection-lost'),
})

import check from '../../../src/checks/smtp/null-sender-accepted.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, envelope, here, row } from './envelopes.ts'

const to = 'postmaster@example.com'
const refusal = '554 5.7.1 <>: Sender address rejected: Access denied'

checkTable(check, {
  ...aside,
  'taken': row(dialogue(), 'pass'),
  'taken, though not for the first address': row(dialogue({ postmaster: envelope('', to, '550 5.1.1 unknown') + envelope(here, to, '550 5.1.1 unknown') }), 'pass'),
  'refused at MAIL, when others are not': row(dialogue({
    postmaster: envelope('', to, '', '550 5.7.1 no empty senders') + envelope(here, to), abuse: envelope(here, 'abuse@example.com'), nobody: '\n  * closed',
  }), 'failed', { reply: '550 5.7.1 no empty senders' }),
  'refused at RCPT, when others are not': row(dialogue({
    postmaster: envelope('', to, refusal) + envelope(here, to), abuse: envelope(here, 'abuse@example.com'), nobody: '\n  * closed',
  }), 'failed', { reply: refusal }),
  'refused, and then the connection is lost': row(dialogue({ postmaster: envelope('', to, refusal), abuse: '\n  * closed' }), 'unknown:connection-lost'),
  'refused at MAIL for its own sake': row(dialogue({
    postmaster: envelope('', to, '', '550 no empty senders') + envelope(here, to, '', '550 no'),
    abuse: envelope('', 'abuse@example.com', '', '550 no empty senders') + envelope(here, 'abuse@example.com', '', '550 no'), nobody: '\n  * closed',
  }), 'failed', { reply: '550 no empty senders' }),
  'every sender is refused because of us': row(dialogue({
    postmaster: envelope('', to, '', '554 5.7.1 Client host rejected') + envelope(here, to, '', '554 5.7.1 Client host rejected'),
    abuse: envelope('', 'abuse@example.com', '', '554 5.7.1 Client host rejected') + envelope(here, 'abuse@example.com', '', '554 5.7.1 Client host rejected'),
    nobody: '\n  * closed',
  }), 'unknown:client-rejected'),
  'no address is taken from anybody': row(dialogue({
    postmaster: envelope('', to, '550 5.1.1 unknown') + envelope(here, to, '550 5.1.1 unknown'),
    abuse: envelope('', 'abuse@example.com', '550 5.1.1 unknown') + envelope(here, 'abuse@example.com', '550 5.1.1 unknown'), nobody: '\n  * closed',
  }), 'skip'),
  'greylisted': row(dialogue({ postmaster: envelope('', to, '450 4.2.0 Greylisted'), abuse: '\n  * closed' }), 'unknown:greylisted'),
})

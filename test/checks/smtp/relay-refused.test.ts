import check from '../../../src/checks/smtp/relay-refused.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, envelope, here, row, there } from './envelopes.ts'

const second = 'mailcheck@probe.example.net'

checkTable(check, {
  ...aside,
  'refused': row(dialogue(), 'pass'),
  'refused for now, in so many words': row(dialogue({ relay: envelope(here, there, '454 4.7.1 <x>: Relay access denied') }), 'pass'),
  'refused, without saying why': row(dialogue({ relay: envelope(here, there, '550 5.1.2 no') + envelope('', second, '550 5.1.2 no') }), 'pass'),
  'refused for policy, where its own mail is taken': row(dialogue({ relay: envelope(here, there, '550 5.7.1 no') + envelope('', second, '550 5.7.1 no') }), 'pass'),
  'taken': row(dialogue({ relay: envelope(here, there) }), 'failed', { recipient: there, address: here }),
  'a sender that is refused, and an open relay for bounces': row(dialogue({
    relay: envelope(here, there, '550 5.1.8 Sender address rejected: Domain not found') + envelope('', second),
  }), 'failed', { recipient: second, address: '<>' }),
  'put off': row(dialogue({ relay: envelope(here, there, '450 4.1.2 Domain not found') + envelope('', second, '450 4.1.2 Domain not found') }), 'unknown:greylisted'),
  'senders are put off': row(dialogue({ relay: envelope(here, '', '', '451 4.3.0 later') + envelope('', '', '', '451 4.3.0 later') }), 'unknown:greylisted'),
})

import check from '../../../src/checks/smtp/unknown-recipients-refused.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, envelope, nobody, row } from './envelopes.ts'

checkTable(check, {
  ...aside,
  'refused': row(dialogue(), 'pass'),
  'refused by policy, where others are taken': row(dialogue({ nobody: envelope('', nobody, '550 5.7.1 Access denied') }), 'pass'),
  'taken': row(dialogue({ nobody: envelope('', nobody) }), 'failed', { recipient: nobody }),
  'taken, to be forwarded': row(dialogue({ nobody: envelope('', nobody, '251 will forward') }), 'failed'),
  'greylisted': row(dialogue({ nobody: envelope('', nobody, '450 4.2.0 Greylisted') }), 'unknown:greylisted'),
  'asked to come back': row(dialogue({ nobody: envelope('', nobody, '421 4.7.0 Too many') }), 'unknown:rate-limited'),
})

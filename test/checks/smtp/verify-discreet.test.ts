import check from '../../../src/checks/smtp/verify-discreet.ts'
import { checkTable } from '../../check-table.ts'
import { aside, dialogue, row } from './envelopes.ts'

const verify = (vrfy: string, expn: string): string => dialogue({ verify: `
  C: VRFY postmaster@example.com
  S: ${vrfy}
  C: EXPN postmaster
  S: ${expn}` })

checkTable(check, {
  ...aside,
  'discreet': row(dialogue(), 'pass'),
  'refused': row(verify('550 5.7.1 no', '550 5.7.1 no'), 'pass'),
  'VRFY tells': row(verify('250 2.1.5 Post Master <postmaster@example.com>', '502 no'), 'failed', { reply: '250 2.1.5 Post Master <postmaster@example.com>' }),
  'EXPN tells': row(verify('252 try', '250 <joe@example.com>'), 'expanded', { reply: '250 <joe@example.com>' }),
  'put off': row(verify('450 later', '502 no'), 'unknown:rate-limited'),
  'closed between the two': row(dialogue({ verify: '\n  C: VRFY *\n  S: 252 try\n  C: EXPN *\n  * closed' }), 'unknown:connection-lost'),
})

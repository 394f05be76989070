import check from '../../../src/checks/mta-sts/ready-to-enforce.ts'
import { checkTable } from '../../check-table.ts'
import { smtpInClear } from '../transcripts.ts'
import { announced, mx, policy, serves, withoutPolicy } from './policies.ts'
import { handshakes } from './verifiable.ts'

const host = 'mx1.example.com'

checkTable(check, {
  ...handshakes('testing', { [host]: 'pass' }),
  'a host that no pattern covers': serves(policy('testing', 'mx: mail.example.com'), { [host]: 'uncovered', [mx]: 'skip' }),
  'enforced: other checks look': serves(policy('enforce'), { [host]: 'skip', [mx]: 'skip' }, { sessions: { [mx]: smtpInClear() } }),
  'a null MX': { ...serves(policy('testing'), 'skip'), zone: announced.replace('MX 10 mx1.example.com', 'MX 0 .') },
  ...withoutPolicy(verdict => ({ [host]: verdict, [mx]: verdict })),
})

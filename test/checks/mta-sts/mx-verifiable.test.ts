import check from '../../../src/checks/mta-sts/mx-verifiable.ts'
import { checkTable } from '../../check-table.ts'
import { smtpInClear } from '../transcripts.ts'
import { announced, mx, policy, serves, withoutPolicy } from './policies.ts'
import { handshakes } from './verifiable.ts'

checkTable(check, {
  ...handshakes('enforce'),
  'in testing another check looks': serves(policy('testing'), { [mx]: 'skip' }, { sessions: { [mx]: smtpInClear() } }),
  'a null MX': { ...serves(policy('enforce'), 'skip'), zone: announced.replace('MX 10 mx1.example.com', 'MX 0 .') },
  'an address that is not answered': { ...serves(policy('enforce'), 'unknown:dns-timeout'), zone: announced.replace('mx1.example.com A 192.0.2.1', 'mx1.example.com A (timeout)') },
  ...withoutPolicy(verdict => ({ [mx]: verdict })),
})

import check from '../../../src/checks/mta-sts/certificates-renewed-in-time.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtp, smtpInClear } from '../transcripts.ts'
import { mx, policy, serves, withoutPolicy } from './policies.ts'

const page = 'mta-sts.example.com'
const old = { notBefore: '2026-08-27T12:00:00Z', notAfter: '2026-11-25T12:00:00Z' }
const row = (expect: Row['expect'], certificates: Row['certificates'], mode = 'enforce'): Row => serves(
  `* tls trusted cert=page\n${policy(mode)}`, expect,
  { sessions: { [mx]: smtp.replace('* tls', '* tls cert=mx') }, certificates: { page: { names: [page] }, mx: { names: ['mx1.example.com'] }, ...certificates } },
)
const { 'no record': none, 'two records': several, ...absent } = withoutPolicy(verdict => ({ [mx]: verdict, [page]: verdict }))

checkTable(check, {
  'both young': row({ [mx]: 'pass', [page]: 'pass' }, {}),
  'three of ninety days left': {
    ...row({ [mx]: 'failed', [page]: 'pass' }, { mx: { names: ['mx1.example.com'], ...old } }),
    args: { [mx]: { host: 'mx1.example.com', date: '2026-11-25T12:00:00Z', days: 3 } },
  },
  'three of six days left': row({ [mx]: 'pass', [page]: 'pass' }, { mx: { names: ['mx1.example.com'], notBefore: '2026-11-19T12:00:00Z', notAfter: '2026-11-25T12:00:00Z' } }),
  'the policy host': row({ [mx]: 'pass', [page]: 'failed' }, { page: { names: [page], ...old } }),
  'in testing nothing stops': row({ [mx]: 'skip', [page]: 'skip' }, { mx: { names: ['mx1.example.com'], ...old } }, 'testing'),
  'no STARTTLS': serves(policy('enforce'), { [mx]: 'skip', [page]: 'pass' }, { sessions: { [mx]: smtpInClear() } }),
  'no record': { ...none, expect: { [mx]: 'skip' } },
  'two records': { ...several, expect: { [mx]: 'skip' } },
  ...absent,
})

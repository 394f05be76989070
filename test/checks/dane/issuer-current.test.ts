import check from '../../../src/checks/dane/issuer-current.ts'
import { checkTable } from '../../check-table.ts'
import { smtpInClear } from '../transcripts.ts'
import { host, mx, other, publishes, withoutTlsa } from './hosts.ts'

checkTable(check, {
  'the issuer': publishes(['2 1 1 {issuer of a}'], 'pass'),
  'the issuer beside the key': publishes(['3 1 1 {a}', '2 0 1 {issuer of a}'], 'pass'),
  'an issuer of the past beside the key': {
    ...publishes(['3 1 1 {a}', `2 1 1 ${other}`], 'failed'), args: { [host]: { record: '2 1 1 abababababababab...', host, count: 1 } },
  },
  'the issuer beside those that it may change to': publishes(['2 1 1 {issuer of a}', `2 1 1 ${other}`], 'pass'),
  'only the key': publishes(['3 1 1 {a}'], 'skip'),
  'nothing matches: a graver check says so': publishes([`2 1 1 ${other}`], 'skip'),
  'no STARTTLS': publishes(['2 1 1 {issuer of a}'], 'skip', { sessions: { [mx]: smtpInClear() } }),
  'silent': publishes(['2 1 1 {issuer of a}'], 'unknown:connect-timeout', { sessions: { [mx]: '* timeout' } }),
  ...withoutTlsa(),
})

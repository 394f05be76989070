import check from '../../../src/checks/dane/rollover-prepared.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { smtpInClear } from '../transcripts.ts'
import { mx, other, publishes, withoutTlsa } from './hosts.ts'

const next = 'cd'.repeat(32)
const unseen = (records: readonly string[], code: string): Row => publishes(records, code, { sessions: { [mx]: '* timeout' } })

checkTable(check, {
  'the key and the next': publishes(['3 1 1 {a}', `3 1 1 ${next}`], 'pass'),
  'the key and the next, each in another digest': publishes(['3 1 2 {a}', `3 0 1 ${next}`], 'pass'),
  'the key and its issuer': publishes(['3 1 1 {a}', '2 1 1 {issuer of a}'], 'pass'),
  'two issuers': publishes(['2 1 1 {issuer of a}', `2 1 1 ${next}`], 'pass'),
  'the key alone': publishes(['3 1 1 {a}'], 'failed'),
  'the key, told twice': publishes(['3 1 1 {a}', '3 0 1 {a}'], 'failed'),
  'the key, and the next in a digest that is not looked at': publishes(['3 1 2 {a}', `3 1 1 ${next}`], 'failed'),
  'the key and another issuer': publishes(['3 1 1 {a}', `2 1 1 ${other}`], 'failed'),
  'the certificate alone': publishes(['3 0 1 {a}'], 'pins-certificate'),
  'the issuer alone': publishes(['2 1 1 {issuer of a}'], 'lone-anchor'),
  'usage 3 and 2 of one certificate': publishes(['3 1 1 {a}', '2 1 1 {a}'], 'same-certificate'),
  'what cannot be used does not count': publishes(['3 1 1 {a}', '3 1 1 abcd', `1 1 1 ${next}`], 'failed'),
  'nothing can be used': publishes(['3 1 1 abcd'], 'skip'),
  'nothing matches now': publishes([`3 1 1 ${other}`], 'skip'),
  'two keys, and port 25 cannot be reached': unseen(['3 1 1 {a}', `3 1 1 ${next}`], 'pass'),
  'one key, and port 25 cannot be reached': unseen([`3 1 1 ${next}`], 'failed'),
  'one certificate, and port 25 cannot be reached': unseen([`3 0 1 ${next}`], 'pins-certificate'),
  'an issuer, and port 25 cannot be reached': unseen(['3 1 1 {a}', `2 1 1 ${next}`], 'unknown:connect-timeout'),
  'an issuer, and no STARTTLS': publishes(['2 1 1 {issuer of a}'], 'skip', { sessions: { [mx]: smtpInClear() } }),
  ...withoutTlsa(),
})

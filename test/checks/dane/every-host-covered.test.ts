import check from '../../../src/checks/dane/every-host-covered.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { host, publishes, signed, withoutTlsa } from './hosts.ts'

const backup = 'backup.example.net'
const two = (zone: string, expected: string): Row => publishes(['3 1 1 {a}'], { [host]: 'pass', [backup]: expected }, { zone: `${signed}\nexample.com MX 20 ${backup}\n${zone}` })
const { 'a resolver whose word does not count': untrusted, 'records that are not answered': unanswered, ...absent } = withoutTlsa()

checkTable(check, {
  'the only one': publishes(['3 1 1 {a}'], 'pass'),
  'both': two(`; secure example.net\n${backup} A 192.0.2.2\n_25._tcp.${backup} TLSA 3 1 1 {a}`, 'pass'),
  'the backup is not': { ...two(`; secure example.net\n${backup} A 192.0.2.2`, 'failed'), args: { [backup]: { host: backup } } },
  'the backup is, in a zone that is not signed': two(`${backup} A 192.0.2.2\n_25._tcp.${backup} TLSA 3 1 1 {a}`, 'unsigned'),
  'the backup is not, in a zone that is not signed': two(`${backup} A 192.0.2.2`, 'failed'),
  'what the backup has is not answered': two(`; secure example.net\n${backup} A 192.0.2.2\n_25._tcp.${backup} TLSA (timeout)`, 'unknown:dns-timeout'),
  'the domain is not signed: there are other ways past': {
    ...publishes(['3 1 1 {a}'], { [host]: 'skip', [backup]: 'skip' }, { zone: `${signed.replace('; secure example.com', `; secure ${host}`)}\nexample.com MX 20 ${backup}` }),
  },
  'the only one, and nobody says whether it is signed': { ...untrusted, expect: { [host]: 'skip' } },
  'the only one is not answered': { ...unanswered, expect: { [host]: 'unknown' } },
  ...absent,
})

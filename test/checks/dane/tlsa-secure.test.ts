import check from '../../../src/checks/dane/tlsa-secure.ts'
import { checkTable } from '../../check-table.ts'
import { host, publishes, signed, unsigned, withoutTlsa } from './hosts.ts'

const { 'a zone that is not signed': none, 'records in a zone that is not signed': below, ...absent } = withoutTlsa()

checkTable(check, {
  'all is signed': publishes(['3 1 1 {a}'], 'pass'),
  'nothing is': { ...none, expect: { [host]: 'failed' }, args: { [host]: { host, name: host } } },
  'the records are not': { ...below, expect: { [host]: 'failed' }, args: { [host]: { host, name: `_25._tcp.${host}` } } },
  'the host is not': publishes(['3 1 1 {a}'], 'failed', { zone: `${signed}\n; insecure ${host}\n; secure _tcp.${host}` }),
  'the MX records are not': { ...publishes(['3 1 1 {a}'], 'unsigned-mx', { zone: `; secure ${host}\n${unsigned}` }), args: { [host]: { host, domain: 'example.com' } } },
  ...absent,
})

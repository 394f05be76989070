import check from '../../../src/checks/dane/parameters-usable.ts'
import { checkTable } from '../../check-table.ts'
import { host, other, publishes, withoutTlsa } from './hosts.ts'

checkTable(check, {
  'the key': publishes(['3 1 1 {a}'], 'pass'),
  'any key': publishes([`3 1 1 ${other}`], 'pass'),
  'an issuer, in SHA-512': publishes([`2 0 2 ${other}${other}`], 'pass'),
  'one of several': publishes(['1 1 1 {a}', '3 1 1 {a}'], 'pass'),
  'usage 1': { ...publishes([`1 1 1 ${other}`], 'failed'), args: { [host]: { host, record: '1 1 1 abababababababab...', count: 1 } } },
  'usage 0, twice': { ...publishes([`0 0 1 ${other}`, `0 1 1 ${other}`], 'failed'), args: { [host]: { host, record: '0 0 1 abababababababab...', count: 2 } } },
  'a usage that nobody knows': publishes([`4 1 1 ${other}`], 'unknown-usage'),
  'a selector that nobody knows': publishes([`3 2 1 ${other}`], 'unknown-selector'),
  'a matching type that nobody knows': publishes([`3 1 3 ${other}`], 'unknown-matching'),
  'a digest cut short': { ...publishes(['3 1 1 abcdef'], 'wrong-length'), args: { [host]: { host, record: '3 1 1 abcdef', count: 1 } } },
  'a SHA-512 called SHA-256': publishes([`3 1 1 ${other}${other}`], 'wrong-length'),
  'the digest of nothing': publishes(['3 1 1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'], 'digest-of-nothing'),
  'a digest called a whole key': publishes([`3 1 0 ${other}`], 'not-der'),
  ...withoutTlsa(),
})

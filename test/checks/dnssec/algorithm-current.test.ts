import check from '../../../src/checks/dnssec/algorithm-current.ts'
import { checkTable } from '../../check-table.ts'
import { ds, key, signed, unsigned } from './signed.ts'

const withAlgorithm = (number: number): string => `${unsigned}\n${ds.replace(' 13 ', ` ${number} `)}\n${key.replace('3 13', `3 ${number}`)}`

checkTable(check, {
  ...Object.fromEntries([8, 10, 13, 14, 15, 16].map(number => [`algorithm ${number}`, { zone: withAlgorithm(number), expect: { 'example.com': 'pass' } }])),
  ...Object.fromEntries([1, 3, 5, 6, 7, 12].map(number => [`algorithm ${number}`, {
    zone: withAlgorithm(number), expect: { 'example.com': 'failed' }, args: { 'example.com': { zone: 'example.com', number } },
  }])),
  'a rollover that has not ended': { zone: `${signed}\n${key.replace('3 13', '3 7')}`, expect: { 'example.com': 'failed' } },
  'not signed': { zone: unsigned, expect: { 'example.com': 'skip' } },
  'the keys cannot be asked': { zone: `${unsigned}\n${ds}\nexample.com DNSKEY (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'the DS cannot be asked': { zone: `${unsigned}\nexample.com DS (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no such domain': { zone: 'example.org A 9.9.9.9', expect: { 'example.com': 'skip' } },
})

import check from '../../../src/checks/iprev/name-specific.ts'
import { checkTable, type Expected, type Row } from '../../check-table.ts'
import { reverse6, sending } from './senders.ts'

const named = (name: string, expected: Expected): readonly [string, Row] => [name, { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR ${name}`, expect: { '9.9.9.25': expected } }]
const named6 = (name: string, expected: Expected): readonly [string, Row] =>
  [name, { zone: `${reverse6} PTR ${name}`, scope: { senders: [{ address: '2620:fe::7' }] }, expect: { '2620:fe::7': expected } }]

checkTable(check, {
  ...Object.fromEntries<Row>([
    named('mx1.example.com', 'pass'), named('static.example.com', 'pass'), named('ec2-9-9-9-25.compute.example.net', 'pass'), named('pool-1-2-3-4.example.net', 'pass'),
    named('pool1.mail.example.com', 'pass'), named('9-9-9-255.dyn.example.net', 'pass'), named('199.9.9.25.dyn.example.net', 'pass'),
    named('dyn-9-9-9-25.example.net', 'failed'), named('25.9.9.9.dsl.example.net', 'failed'), named('static.9.9.9.25.clients.example.net', 'failed'),
    named('009009009025.pool.example.net', 'failed'), named('dhcp-009-009-009-025.example.net', 'failed'), named('adsl2-9-9-9-25.example.net', 'failed'),
    named('09090919.cable.example.net', 'failed'), named('host9-9-9-25.pool42.example.net', 'failed'),
    named6('mail.example.com', 'pass'), named6('2620-fe--7.mail.example.net', 'pass'), named6('0000000000000007.dyn.example.net', 'failed'),
  ]),
  'one of two names': {
    zone: `${sending}\n25.9.9.9.in-addr.arpa PTR mx1.example.com\n25.9.9.9.in-addr.arpa PTR dyn-9-9-9-25.example.net`, expect: { '9.9.9.25': 'failed' },
    args: { '9.9.9.25': { address: '9.9.9.25', name: 'dyn-9-9-9-25.example.net', count: 1 } },
  },
  'no name': { zone: sending, expect: { '9.9.9.25': 'skip' } },
  'the reverse name cannot be asked': { zone: `${sending}\n25.9.9.9.in-addr.arpa PTR (servfail)`, expect: { '9.9.9.25': 'unknown:dns-servfail' } },
  'a resolver that fails': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

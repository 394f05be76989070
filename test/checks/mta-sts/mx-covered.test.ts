import check from '../../../src/checks/mta-sts/mx-covered.ts'
import { checkTable } from '../../check-table.ts'
import { announced, policy, serves, withoutPolicy } from './policies.ts'

const host = 'mx1.example.com'
const row = (lines: string, code: string) => serves(policy('enforce', lines), { [host]: code })

checkTable(check, {
  'by name': row('mx: mx1.example.com', 'pass'),
  'by name, in capitals': row('mx: MX1.Example.COM', 'pass'),
  'by a pattern': row('mx: mx9.example.org\nmx: *.example.com', 'pass'),
  'a pattern for another level': row('mx: *.mx1.example.com', 'failed'),
  'a pattern stands for one label': row('mx: *.com', 'failed'),
  'not at all': { ...row('mx: mail.example.com\nmx: *.example.net', 'failed'), args: { [host]: { host, patterns: ['mail.example.com', '*.example.net'] } } },
  'one of two': {
    ...serves(policy('enforce'), { [host]: 'pass', 'backup.example.net': 'failed' }), zone: `${announced}\nexample.com MX 20 backup.example.net`,
  },
  'in testing another check looks': serves(policy('testing', 'mx: mail.example.com'), { [host]: 'skip' }),
  'mode none': serves('version: STSv1\nmode: none\nmax_age: 86400', { [host]: 'skip' }),
  'a null MX': { ...serves(policy('enforce'), 'skip'), zone: announced.replace('MX 10 mx1.example.com', 'MX 0 .') },
  'an implicit MX': {
    ...serves(policy('enforce'), 'failed'), zone: `example.com TXT "v=spf1 a -all"\nexample.com A 192.0.2.1\n${announced.replace('example.com MX 10 mx1.example.com', '')}`,
  },
  'an implicit MX that may be none': {
    ...serves(policy('enforce'), 'unknown'), zone: `example.com TXT (servfail)\nexample.com A 192.0.2.1\n${announced.replace('example.com MX 10 mx1.example.com', '')}`,
  },
  'MX records that are not answered': { ...serves(policy('enforce'), 'unknown:dns-timeout'), zone: `${announced}\nexample.com MX (timeout)` },
  ...withoutPolicy(verdict => ({ [host]: verdict })),
})

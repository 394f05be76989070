import check from '../../../src/checks/mta-sts/policy-tidy.ts'
import { checkTable } from '../../check-table.ts'
import { announced, policy, policyUrl as url, serves, withoutPolicy } from './policies.ts'

const typed = (type: string): string => `HTTP/1.1 200 OK\n${type}\n\n${policy('enforce')}`

checkTable(check, {
  'tidy': serves(policy('enforce'), 'pass'),
  'with a charset': serves(typed('Content-Type: text/plain; charset=utf-8'), 'pass'),
  'a pattern without host': { ...serves(policy('enforce', 'mx: mx1.example.com\nmx: old.example.net\nmx: *.example.org'), 'failed'), args: { 'example.com': { url, pattern: 'old.example.net', count: 2 } } },
  'a pattern for several hosts': serves(policy('testing', 'mx: *.example.com'), 'pass'),
  'a web page': { ...serves(typed('Content-Type: text/html'), 'media-type'), args: { 'example.com': { url, type: 'text/html' } } },
  'octets': serves(typed('Content-Type: text/plainer'), 'media-type'),
  'no type': { ...serves(typed('X-Other: 1'), 'media-type'), args: { 'example.com': { url, type: 'none' } } },
  'a field in capitals': serves(`${policy('enforce')}MX: mx2.example.com\n`, 'wrong-case'),
  'a field that stands twice': serves(`${policy('enforce')}max_age: 60\n`, 'duplicate'),
  'mode none keeps its patterns': serves(policy('none', 'mx: old.example.net'), 'pass'),
  'MX records that are not answered': { ...serves(policy('enforce'), 'unknown:dns-timeout'), zone: `${announced}\nexample.com MX (timeout)` },
  ...withoutPolicy(),
})

import check from '../../../src/checks/reputation/domain-unlisted.ts'
import { checkTable } from '../../check-table.ts'
import { dbl, domainTests, only, own } from './lists.ts'

const zone = domainTests('dbl.spamhaus.org', '127.0.1.2')
const bits = (id: string, name: string) => ({
  scope: only({ id, off: false }), tests: domainTests(name, '127.0.0.14'),
})
const surbl = bits('surbl', 'multi.surbl.org')
const uribl = bits('uribl', 'multi.uribl.com')

checkTable(check, {
  'not listed': { zone, scope: only(dbl), expect: { 'example.com': 'pass' } },
  'listed': {
    zone: `${zone}\nexample.com.dbl.spamhaus.org A 127.0.1.4`, scope: only(dbl), expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', list: 'Spamhaus DBL', reason: 'used for phishing', count: 1 } },
  },
  'the registered domain is what is listed': { zone: `${zone}\nexample.com.dbl.spamhaus.org A 127.0.1.2`, scope: { ...only(dbl), domain: 'mail.example.com' }, expect: { 'mail.example.com': 'failed' } },
  'the test point of the list itself': { zone: 'dbltest.com.dbl.spamhaus.org A 127.0.1.2', scope: only(dbl), expect: { 'example.com': 'pass' } },
  'asked about an address': { zone: `${zone}\nexample.com.dbl.spamhaus.org A 127.0.1.255`, scope: only(dbl), expect: { 'example.com': 'unknown:resolver-refused' } },
  'several lists in one answer': {
    zone: `${surbl.tests}\nexample.com.multi.surbl.org A 127.0.0.80`, scope: surbl.scope, expect: { 'example.com': 'failed' },
    args: { 'example.com': { domain: 'example.com', list: 'SURBL', reason: 'used for malware; found in spam', count: 1 } },
  },
  'a bit of which nothing is documented': { zone: `${surbl.tests}\nexample.com.multi.surbl.org A 127.0.0.2`, scope: surbl.scope, expect: { 'example.com': 'unknown:list-unhealthy' } },
  'a bit that means no harm': { zone: `${uribl.tests}\nexample.com.multi.uribl.com A 127.0.0.8`, scope: uribl.scope, expect: { 'example.com': 'pass' } },
  'a refusal in the place of bits': { zone: `${uribl.tests}\nexample.com.multi.uribl.com A 127.0.0.1`, scope: uribl.scope, expect: { 'example.com': 'unknown:resolver-refused' } },
  'a list that lists nothing any more': { zone: 'dbl.spamhaus.org TXT "x"', scope: only(dbl), expect: { 'example.com': 'unknown:list-unhealthy' } },
  'a list that lists everything': { zone: '*.dbl.spamhaus.org A 127.0.1.2', scope: only(dbl), expect: { 'example.com': 'unknown:list-unhealthy' } },
  'lists of addresses alone': { zone, scope: only(own), expect: { 'example.com': 'skip' } },
  'nobody permitted it': { zone, expect: { 'example.com': 'skip:needs-flag' } },
})

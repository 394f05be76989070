import check from '../../../src/checks/spf/ranges-sensible.ts'
import { checkTable } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`

checkTable(check, {
  'servers': { zone: `${record('v=spf1 a ip4:11.0.0.0/17 ip6:2a00::/16 -all')}\nexample.com A 11.0.0.1`, expect: { 'example.com': 'pass' } },
  'a /16': {
    zone: record('v=spf1 ip4:11.1.2.3/16 -all'), expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'ip4:11.1.2.3/16', range: '11.1.0.0/16', addresses: 65_536, count: 1 } },
  },
  'a provider’s /15': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 ip4:40.92.0.0/15 ip4:10.0.0.0/8 -all"`, expect: { 'example.com': 'pass' } },
  'one’s own, in another record': {
    zone: `${record('v=spf1 include:_spf.example.com -all')}\n_spf.example.com TXT "v=spf1 ip4:11.0.0.0/15 -all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'ip4:11.0.0.0/15 (in the record of _spf.example.com)', range: '11.0.0.0/15', addresses: 131_072, count: 1 } },
  },
  'a private address': {
    zone: record('v=spf1 ip4:192.168.1.10 -all'), expect: { 'example.com': 'special' },
    args: { 'example.com': { term: 'ip4:192.168.1.10', range: '192.168.1.10', block: 'private, RFC 1918', count: 1 } },
  },
  'a private network, which is wide, too': { zone: record('v=spf1 ip4:10.0.0.0/8 -all'), expect: { 'example.com': 'special' } },
  'a wide network that begins in a block that is not for mail': { zone: record('v=spf1 ip4:192.0.0.0/8 -all'), expect: { 'example.com': 'failed' } },
  'this machine': { zone: record('v=spf1 ip4:127.0.0.1 ip6:::1 -all'), expect: { 'example.com': 'special' }, args: { 'example.com': { term: 'ip4:127.0.0.1', range: '127.0.0.1', block: 'loopback, RFC 1122', count: 2 } } },
  'unique local': { zone: record('v=spf1 ip6:fd00::/48 -all'), expect: { 'example.com': 'special' } },
  'denied, not authorised': { zone: record('v=spf1 -ip4:10.0.0.0/8 ?ip4:11.0.0.0/8 -all'), expect: { 'example.com': 'pass' } },
  'behind a': {
    zone: `${record('v=spf1 a:office.example.com -all')}\noffice.example.com A 10.0.0.5`, expect: { 'example.com': 'special' },
    args: { 'example.com': { term: 'a:office.example.com', range: '10.0.0.5', block: 'private, RFC 1918', count: 1 } },
  },
  'behind mx': { zone: `${record('v=spf1 mx -all')}\nexample.com MX 10 mx1.example.com\nmx1.example.com A 11.0.0.1\nmx1.example.com AAAA fd00::1`, expect: { 'example.com': 'special' } },
  'behind the mx of another domain': { zone: `${record('v=spf1 mx:example.net -all')}\nexample.net MX 10 mx1.example.net\nmx1.example.net A 11.0.0.1`, expect: { 'example.com': 'pass' } },
  'after all': { zone: record('v=spf1 -all ip4:10.0.0.0/8'), expect: { 'example.com': 'pass' } },
  'an address that is not answered': { zone: `${record('v=spf1 a -all')}\nexample.com A (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'an MX host that is not answered': { zone: `${record('v=spf1 mx -all')}\nexample.com MX 10 mx1.example.com\nmx1.example.com A (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

import check from '../../../src/checks/dane/tlsa-answered.ts'
import { checkTable } from '../../check-table.ts'
import { host, publishes, signed, unsigned } from './hosts.ts'

const broken = (word: string, code: string, zone = signed) => publishes([], code, { zone: `${zone}\n_25._tcp.${host} TLSA (${word})` })
const name = `_25._tcp.${host}`

checkTable(check, {
  'there are records': publishes(['3 1 1 {a}'], 'pass'),
  'there are none': publishes([], 'pass'),
  'SERVFAIL in a signed zone': { ...broken('servfail', 'failed'), args: { [host]: { host, name } } },
  'silence in a signed zone': { ...broken('timeout', 'silent'), args: { [host]: { host, name } } },
  'a resolver that refuses': broken('refused', 'unknown:resolver-refused'),
  'an answer that cannot be read': broken('malformed', 'unknown:dns-malformed'),
  'SERVFAIL in a zone that is not signed harms nobody': broken('servfail', 'skip', unsigned),
  'SERVFAIL, and nobody says whether the zone is signed': broken('servfail', 'unknown:ad-untrusted', `; ad-untrusted\n${unsigned}`),
  'a resolver that answers nothing about the host': broken('timeout', 'unknown:dns-timeout', `; secure example.com\nexample.com MX 10 ${host}\n${host} A (timeout)\n${host} AAAA (timeout)`),
  'one family of addresses is enough to tell': broken('servfail', 'failed', `${signed}\n${host} AAAA (timeout)`),
  'an alias: the name that it leads to is asked as well': {
    zone: `; secure example.com\n; secure example.net\nexample.com MX 10 ${host}\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1\n_25._tcp.real.example.net TLSA (servfail)`,
    expect: { [host]: 'failed' }, args: { [host]: { host, name: '_25._tcp.real.example.net' } },
  },
  'an alias into a zone that is not signed: what fails there harms nobody': {
    zone: `; secure example.com\nexample.com MX 10 ${host}\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1\n_25._tcp.real.example.net TLSA (servfail)`,
    expect: { [host]: 'pass' },
  },
  'an alias that is not answered when asked for': {
    zone: `; secure example.com\nexample.com MX 10 ${host}\n${host} CNAME real.example.net\nreal.example.net A 192.0.2.1\n${name} TLSA (servfail)\n${host} CNAME (timeout)`,
    expect: { [host]: 'unknown:dns-timeout' },
  },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'MX records that are not answered': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
})

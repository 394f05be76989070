import check from '../../../src/checks/tls-rpt/record-exists.ts'
import { checkTable } from '../../check-table.ts'
import { other, publishes } from '../dane/hosts.ts'
import { mail, policy, serves } from '../mta-sts/policies.ts'

const row = (zone: string, code: string) => ({ zone: `${mail}\n${zone}`, expect: { 'example.com': code } })
const record = '_smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:tls@example.com"'

checkTable(check, {
  'a record': row(record, 'pass'),
  'a record behind an alias': row('_smtp._tls.example.com CNAME r.example.net\nr.example.net TXT "v=TLSRPTv1; rua=mailto:tls@example.net"', 'pass'),
  'no record': { ...row('', 'failed'), args: { 'example.com': { domain: 'example.com' } } },
  'another version': { ...row('_smtp._tls.example.com TXT "v=TLSRPTv2; rua=mailto:a@example.com"', 'unlike') },
  'where MTA-STS is on, another check asks': serves(policy('enforce'), 'skip'),
  'where DANE is on, another check asks': publishes([`3 1 1 ${other}`], { 'example.com': 'skip' }),
  'MTA-STS is not answered': row('_mta-sts.example.com TXT (timeout)', 'unknown:dns-timeout'),
  'MTA-STS is not answered, but there is a record': row(`_mta-sts.example.com TXT (timeout)\n${record}`, 'pass'),
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'it cannot be told whether there is mail': { zone: 'example.com A 192.0.2.1\nexample.com TXT (servfail)', expect: { 'example.com': 'unknown' } },
  'not answered': row('_smtp._tls.example.com TXT (servfail)', 'unknown:dns-servfail'),
})

import check from '../../../src/checks/tls-rpt/accompanies-enforcement.ts'
import { checkTable, type Row } from '../../check-table.ts'
import { other, publishes } from '../dane/hosts.ts'
import { announced, mail, policy, serves } from '../mta-sts/policies.ts'

const record = '_smtp._tls.example.com TXT "v=TLSRPTv1; rua=mailto:tls@example.com"'
const asks = (row: Row, code: string): Row => ({ ...row, zone: `${row.zone ?? ''}\n${record}`, expect: { 'example.com': code } })
const on = (name: string): Pick<Row, 'args'> => ({ args: { 'example.com': { policy: name } } })
const dane = publishes([`3 1 1 ${other}`], { 'example.com': 'failed' })

checkTable(check, {
  'MTA-STS, and no reports': { ...serves(policy('enforce'), 'failed'), ...on('MTA-STS') },
  'MTA-STS in testing lives on reports': { ...serves(policy('testing'), 'failed'), ...on('MTA-STS') },
  'a policy that cannot be had is a failure to hear of': { ...serves('HTTP/1.1 404 Not Found\n\n', 'failed'), ...on('MTA-STS') },
  'MTA-STS, and reports': asks(serves(policy('enforce'), ''), 'pass'),
  'DANE, and no reports': { ...dane, ...on('DANE') },
  'DANE, and reports': asks(dane, 'pass'),
  'both, and no reports': { ...serves(policy('enforce'), 'failed'), zone: `; secure example.com\n${announced}\n_25._tcp.mx1.example.com TLSA 3 1 1 ${other}`, ...on('MTA-STS with DANE') },
  'something else is published': { ...serves(policy('enforce'), 'failed'), zone: `${announced}\n_smtp._tls.example.com TXT "v=TLSRPTv2; rua=mailto:a@b.example"` },
  'mode none': serves(policy('none'), 'skip'),
  'neither': { zone: mail, expect: { 'example.com': 'skip' } },
  'TLSA records that are not signed': publishes([`3 1 1 ${other}`], { 'example.com': 'skip' }, { zone: mail }),
  'TLSA records of the provider, and the domain is not signed': publishes([`3 1 1 ${other}`], { 'example.com': 'skip' }, { zone: `; secure mx1.example.com\n${mail}` }),
  'nobody says whether they are signed': publishes([`3 1 1 ${other}`], { 'example.com': 'unknown:ad-untrusted' }, { zone: `; ad-untrusted\n${mail}` }),
  'nobody says whether they are signed, and reports': asks(publishes([`3 1 1 ${other}`], '', { zone: `; ad-untrusted\n${mail}` }), 'pass'),
  'MTA-STS is not answered': { zone: `${mail}\n_mta-sts.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'TLSA is not answered': { zone: `; secure example.com\n${mail}\n_25._tcp.mx1.example.com TLSA (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
  'MX is not answered': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'the record is not answered': { ...serves(policy('enforce'), 'unknown:dns-timeout'), zone: `${announced}\n_smtp._tls.example.com TXT (timeout)` },
})


import check from '../../../src/checks/spf/softfail-backed.ts'
import { checkTable } from '../../check-table.ts'

const zone = (record: string, policy = '') => `example.com MX 10 mx1.example.com\nexample.com TXT "${record}"${policy && `\n_dmarc.example.com TXT "${policy}"`}`
const told = (policy: string) => ({ 'example.com': { domain: 'example.com', policy } })

checkTable(check, {
  'an enforced policy': { zone: zone('v=spf1 mx ~all', 'v=DMARC1; p=quarantine'), expect: { 'example.com': 'pass' } },
  'rejection': { zone: zone('v=spf1 mx ~all', 'v=DMARC1; p=reject'), expect: { 'example.com': 'pass' } },
  'a policy that only watches': { zone: zone('v=spf1 mx ~all', 'v=DMARC1; p=none'), expect: { 'example.com': 'failed' }, args: told('p=none') },
  'no policy': { zone: zone('v=spf1 mx ~all'), expect: { 'example.com': 'failed' }, args: told('missing') },
  'a record of which receivers make nothing': { zone: zone('v=spf1 mx ~all', 'v=DMARC1; sp=reject'), expect: { 'example.com': 'failed' }, args: told('without effect') },
  '-all needs no backing': { zone: zone('v=spf1 mx -all'), expect: { 'example.com': 'skip' } },
  'nor does ?all profit': { zone: zone('v=spf1 mx ?all'), expect: { 'example.com': 'skip' } },
  '~all in what is included decides nothing': {
    zone: `${zone('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 mx ~all"`, expect: { 'example.com': 'skip' },
  },
  '~all where redirect leads': { zone: `${zone('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT "v=spf1 mx ~all"`, expect: { 'example.com': 'failed' } },
  'a parked domain': { zone: 'example.com MX 0 .\nexample.com TXT "v=spf1 ~all"', expect: { 'example.com': 'skip' } },
  'no SPF record': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'the policy is not answered': { zone: `${zone('v=spf1 mx ~all')}\n_dmarc.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'where redirect leads is not answered': { zone: `${zone('v=spf1 redirect=_spf.example.net')}\n_spf.example.net TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

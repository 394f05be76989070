import check from '../../../src/checks/spf/ptr-unused.ts'
import { checkTable } from '../../check-table.ts'

const record = (text: string) => `example.com TXT "${text}"`

checkTable(check, {
  'none': { zone: record('v=spf1 mx exists:%{i}._spf.example.com -all'), expect: { 'example.com': 'pass' } },
  'ptr': { zone: record('v=spf1 mx ptr -all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'ptr', count: 1 } } },
  'ptr of a name, denied': { zone: record('v=spf1 -ptr:example.net -all'), expect: { 'example.com': 'failed' } },
  'the macro': { zone: record('v=spf1 exists:%{p}._spf.example.com -all'), expect: { 'example.com': 'failed' }, args: { 'example.com': { term: 'exists:%{p}._spf.example.com', count: 1 } } },
  'the macro in an explanation': { zone: record('v=spf1 mx exp=%{P2r}.example.com -all'), expect: { 'example.com': 'failed' } },
  'ptr after all is not even read': { zone: record('v=spf1 mx -all ptr'), expect: { 'example.com': 'pass' } },
  'in a record of one’s own': {
    zone: `${record('v=spf1 redirect=_spf.example.com')}\n_spf.example.com TXT "v=spf1 ptr -all"`, expect: { 'example.com': 'failed' },
    args: { 'example.com': { term: 'ptr (in the record of _spf.example.com)', count: 1 } },
  },
  'in a provider’s': { zone: `${record('v=spf1 include:_spf.example.net -all')}\n_spf.example.net TXT "v=spf1 ptr -all"`, expect: { 'example.com': 'pass' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

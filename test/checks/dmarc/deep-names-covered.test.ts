import check from '../../../src/checks/dmarc/deep-names-covered.ts'
import { checkTable } from '../../check-table.ts'

const deep = 'a.b.c.d.e.f.g.example.com'
const scope = { domain: deep, shownAs: deep }

checkTable(check, {
  'two labels': { zone: 'example.com MX 10 mx1.example.com', expect: { 'example.com': 'skip' } },
  'eight labels': { zone: '', scope: { domain: 'b.c.d.e.f.g.example.com', shownAs: 'x' }, expect: { 'b.c.d.e.f.g.example.com': 'skip' } },
  'nine labels, no record': { zone: `${deep} MX 10 mx1.example.com`, scope, expect: { [deep]: 'failed' }, args: { [deep]: { domain: deep, skipped: ['b.c.d.e.f.g.example.com'] } } },
  'a record at a name that is skipped': { zone: '_dmarc.b.c.d.e.f.g.example.com TXT "v=DMARC1; p=reject"', scope, expect: { [deep]: 'failed' } },
  'a record of its own': { zone: `_dmarc.${deep} TXT "v=DMARC1; p=reject"`, scope, expect: { [deep]: 'pass' } },
  'not answered': { zone: `_dmarc.${deep} TXT (servfail)`, scope, expect: { [deep]: 'unknown:dns-servfail' } },
})

import check from '../../../src/checks/message/sender-can-receive.ts'
import { checkTable } from '../../check-table.ts'
import { mail, zone } from './mail.ts'

const domain = 'example.com'
const row = (more: string, why: string) =>
  ({ zone: `${zone}\n${more}`, ...mail({ path: 'bounce@news.example.com' }), expect: { [domain]: 'failed' }, args: { [domain]: { domain: 'news.example.com', why } } })

checkTable(check, {
  'an MX for both': { zone, ...mail(), expect: { [domain]: 'pass' } },
  'an address will do': { zone: `${zone}\nnews.example.com A 192.0.2.1`, ...mail({ path: 'bounce@news.example.com' }), expect: { [domain]: 'pass' } },
  'no such domain': row('', 'the domain does not exist'),
  'neither MX nor address': row('news.example.com TXT "v=spf1 -all"', 'it has neither MX nor address records'),
  'a null MX': row('news.example.com MX 0 .', 'it has a null MX'),
  'a bounce': { zone: '', ...mail({ path: '' }), expect: { [domain]: 'skip' } },
  'MX is not answered': { zone: zone.replace(/^example\.com MX.*$/m, 'example.com MX (servfail)'), ...mail(), expect: { [domain]: 'unknown:dns-servfail' } },
  'AAAA is not answered': { zone: `${zone}\nnews.example.com AAAA (timeout)`, ...mail({ path: 'b@news.example.com' }), expect: { [domain]: 'unknown:dns-timeout' } },
  'nobody is named': { zone, ...mail({ fields: ['Subject: x'], path: null }), expect: { [domain]: 'skip' } },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})

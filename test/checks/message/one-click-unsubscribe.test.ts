import check from '../../../src/checks/message/one-click-unsubscribe.ts'
import { checkTable } from '../../check-table.ts'
import { mail, usual, zone, type Mail } from './mail.ts'

const domain = 'example.com'
const offer = 'List-Unsubscribe: <mailto:leave@example.com>, <https://example.com/leave?u=1>'
const post = 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
const bulk = (fields: readonly string[], more: Mail = {}) => mail({ fields: [...usual, ...fields], bulk: true, ...more })
const why = (text: string) => ({ [domain]: { why: text } })

checkTable(check, {
  'both fields, signed': { zone, ...bulk([offer, post]), expect: { [domain]: 'pass' } },
  'no such fields': { zone, ...bulk([]), expect: { [domain]: 'absent' } },
  'no bulk sender': { zone, ...mail(), expect: { [domain]: 'skip' } },
  'mailto alone': { zone, ...bulk(['List-Unsubscribe: <mailto:leave@example.com>', post]), expect: { [domain]: 'failed' }, args: why('List-Unsubscribe names no https URI') },
  'http is not enough': { zone, ...bulk(['List-Unsubscribe: <http://example.com/leave>', post]), expect: { [domain]: 'failed' }, args: why('List-Unsubscribe names no https URI') },
  'no post': { zone, ...bulk([offer]), expect: { [domain]: 'failed' }, args: why('there is no List-Unsubscribe-Post field') },
  'another post': { zone, ...bulk([offer, 'List-Unsubscribe-Post: yes']), expect: { [domain]: 'failed' }, args: why('List-Unsubscribe-Post is not "List-Unsubscribe=One-Click"') },
  'twice': { zone, ...bulk([offer, offer, post]), expect: { [domain]: 'failed' }, args: why('List-Unsubscribe stands more than once') },
  'not signed': { zone, ...bulk([offer, post], { sign: { headers: ['from', 'list-unsubscribe'] } }), expect: { [domain]: 'failed' }, args: why('no valid DKIM signature covers both fields') },
  'signed, and changed': { zone, ...bulk([offer, post], { arrived: 'other\r\n' }), expect: { [domain]: 'failed' }, args: why('no valid DKIM signature covers both fields') },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})

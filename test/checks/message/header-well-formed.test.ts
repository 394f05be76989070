import check from '../../../src/checks/message/header-well-formed.ts'
import { checkTable } from '../../check-table.ts'
import { mail, usual, zone } from './mail.ts'

const domain = 'example.com'
const without = (name: string): string[] => usual.filter(field => !field.startsWith(name))
const row = (fields: readonly string[], field: string, why: string, count = 1) =>
  ({ zone, ...mail({ fields }), expect: { [domain]: 'failed' }, args: { [domain]: { field, why, count } } })

checkTable(check, {
  'as it should be': { zone, ...mail(), expect: { [domain]: 'pass' } },
  'no Message-ID': { zone, ...mail({ fields: without('Message-ID') }), expect: { [domain]: 'pass' } },
  'no Date': row(without('Date'), 'Date', 'the field is missing'),
  'no date in Date': row([...without('Date'), 'Date: yesterday'], 'Date', 'this is no date'),
  'no From': row(without('From'), 'From', 'the field is missing'),
  'two From': row([...usual, 'From: eve@example.org'], 'From', 'the field stands 2 times'),
  'two Message-ID and two Subject': row([...usual, 'Message-ID: <2@example.com>', 'Subject: two'], 'Message-ID', 'the field stands 2 times', 2),
  'a line that is too long': row([...usual, `X-Long: ${'x'.repeat(1000)}`], 'line 10', 'it is longer than 998 octets'),
  'bare line ends in the body': {
    zone, ...mail({ body: 'a\nb\nc\r\n' }), expect: { [domain]: 'failed' },
    args: { [domain]: { field: 'line 11 and 1 more', why: 'a CR or LF stands by itself, which servers take for different things', count: 1 } },
  },
  'no message': { zone, scope: { permissions: new Set(['message'] as const) }, expect: { [domain]: 'skip' } },
})

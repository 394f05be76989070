import check from '../../../src/checks/mta-sts/policy-valid.ts'
import { checkTable } from '../../check-table.ts'
import { policy, policyUrl as url, serves, withoutPolicy } from './policies.ts'

const {
  'a policy that senders cannot read': unreadable, 'a record that senders cannot read': unread, ...absent
} = withoutPolicy()
const row = (body: string, code: string, args?: Record<string, unknown>) => serves(body, code, args ? { args: { 'example.com': args } } : {})

checkTable(check, {
  'as the RFC shows it': row('version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\nmx: backupmx.example.com\nmax_age: 604800\n', 'pass'),
  'with CRLF': row(policy('testing').replaceAll('\n', '\r\n'), 'pass'),
  'none needs no mx': row('version: STSv1\nmode: none\nmax_age: 86400\n', 'pass'),
  'fields that nobody knows': row(`${policy('enforce')}comment: hello\n`, 'pass'),
  'a line that is no field': row(`${policy('enforce')}hello\n`, 'failed', { line: 5, text: 'hello', count: 1 }),
  'an indented line': row(policy('enforce').replace('mode', ' mode'), 'leading-space', { line: 2, text: ' mode: enforce', count: 1 }),
  'an octet that is no UTF-8': row(`${policy('enforce')}name: \xe9\n`, 'bad-character'),
  'a byte order mark': row(`\xef\xbb\xbf${policy('enforce')}`, 'byte-order-mark', { line: 1, count: 1 }),
  'no version': row('mode: enforce\nmx: mx1.example.com\nmax_age: 1', 'missing-version', { url, count: 1 }),
  'another version': row(policy('enforce').replace('STSv1', 'STSv2'), 'bad-version', { line: 1, text: 'version: STSv2', count: 1 }),
  'no mode': row(policy('enforce').replace('mode: enforce\n', ''), 'missing-mode'),
  'a mode that nobody knows': row(policy('report'), 'bad-mode', { line: 2, text: 'mode: report', count: 1 }),
  'no max_age': row('version: STSv1\nmode: enforce\nmx: mx1.example.com\n', 'missing-max-age'),
  'a max_age in words': row(policy('enforce', 'mx: mx1.example.com', '1w'), 'bad-max-age', { line: 4, text: 'max_age: 1w', count: 1 }),
  'a max_age beyond a year': row(policy('enforce', 'mx: mx1.example.com', 31_557_601), 'max-age-too-long'),
  'no mx': row(policy('enforce', 'note: none'), 'missing-mx'),
  'a pattern that is none': row(policy('enforce', 'mx: mx*.example.com'), 'bad-mx', { line: 3, text: 'mx: mx*.example.com', count: 1 }),
  'several faults: the first is named, all are counted': row('version: STSv1\nmode: report\nmx: .example.com\n', 'bad-mode', { line: 2, text: 'mode: report', count: 3 }),
  'an empty file': row('', 'missing-version', { url, count: 4 }),
  'a web page': row('<!doctype html>\n<title>Not found</title>\n', 'failed', { line: 1, text: '<!doctype html>', count: 6 }),
  'a mode that is a word too long': { ...unreadable, expect: { 'example.com': 'bad-mode' } },
  'whatever the record is like': { ...unread, expect: { 'example.com': 'pass' } },
  ...absent,
})

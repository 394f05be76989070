import check from '../../../src/checks/mta-sts/record-valid.ts'
import { checkTable } from '../../check-table.ts'
import { mail } from './policies.ts'

const row = (text: string, code: string, args?: Record<string, unknown>) => ({
  zone: `${mail}\n_mta-sts.example.com TXT "${text}"`, expect: { 'example.com': code }, ...(args ? { args: { 'example.com': { name: '_mta-sts.example.com', ...args } } } : {}),
})

checkTable(check, {
  'as the RFC shows it': row('v=STSv1; id=20160831085700Z;', 'pass'),
  'without the last semicolon': row('v=STSv1; id=20160831085700Z', 'pass'),
  'with an extension': row('v=STSv1; id=1; note=hello;', 'pass'),
  'two records': {
    zone: `${mail}\n_mta-sts.example.com TXT "v=STSv1; id=1;"\n_mta-sts.example.com TXT "v=STSv1; id=2;"`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { name: '_mta-sts.example.com', count: 2 } },
  },
  'a record beside something else': {
    zone: `${mail}\n_mta-sts.example.com TXT "v=STSv1; id=1;"\n_mta-sts.example.com TXT "site-verification=1"`, expect: { 'example.com': 'pass' },
  },
  'no id': row('v=STSv1;', 'missing-id', { count: 1 }),
  'an id with hyphens': row('v=STSv1; id=2026-11-22;', 'bad-id', { text: 'id=2026-11-22', count: 1 }),
  'an id of 33 characters': row(`v=STSv1; id=${'1'.repeat(33)};`, 'bad-id'),
  'a comma for a semicolon': row('v=STSv1; id=1, mode=enforce', 'bad-id'),
  'a space round the equals sign': row('v=STSv1; id = 1;', 'malformed'),
  'no record': { zone: mail, expect: { 'example.com': 'skip' } },
  'something else alone': row('v=STSv1', 'skip'),
  'not answered': { zone: `${mail}\n_mta-sts.example.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

import check from '../../../src/checks/bimi/record-valid.ts'
import { checkTable, type Row } from '../../check-table.ts'

const name = 'default._bimi.example.com'
const row = (text: string, code: string, args?: Record<string, unknown>): Row => ({
  zone: `${name} TXT "${text}"`, expect: { 'example.com': code }, ...(args ? { args: { 'example.com': { name, ...args } } } : {}),
})

checkTable(check, {
  'a logo and its certificate': row('v=BIMI1; l=https://example.com/a.svg; a=https://example.com/a.pem', 'pass'),
  'a logo alone': row('v=BIMI1; l=https://example.com/a.svg', 'pass'),
  'it declines': row('v=BIMI1; l=; a=;', 'pass'),
  'of the organizational domain': { ...row('v=BIMI1; l=https://example.com/a.svg', ''), scope: { domain: 'news.example.com' }, expect: { 'news.example.com': 'pass' } },
  'its own goes first': {
    zone: `${name} TXT "v=BIMI1;"\ndefault._bimi.news.example.com TXT "v=BIMI1; l=; a=;"`, scope: { domain: 'news.example.com' }, expect: { 'news.example.com': 'pass' },
  },
  'two records': { zone: `${name} TXT "v=BIMI1; l=;"\n${name} TXT "v=BIMI1; l=; a=;"`, expect: { 'example.com': 'failed' }, args: { 'example.com': { name, records: 2 } } },
  'another version': row('v=BIMI2; l=https://example.com/a.svg', 'version', { text: 'v=BIMI2; l=https://example.com/a.svg' }),
  'in lower case': row('v=bimi1; l=https://example.com/a.svg', 'version'),
  'no l': row('v=BIMI1; a=https://example.com/a.pem', 'missing-location', { tag: 'l', count: 1 }),
  'no address': row('v=BIMI1; l=example.com/a.svg', 'bad-uri', { tag: 'l', count: 1 }),
  'two addresses': row('v=BIMI1; l=https://example.com/a.svg,https://example.com/b.svg', 'several-uris'),
  'http': row('v=BIMI1; l=http://example.com/a.svg', 'not-https'),
  'a PNG': row('v=BIMI1; l=https://example.com/a.png', 'not-svg'),
  'a word that is no tag': row('v=BIMI1; l=https://example.com/a.svg; logo', 'malformed', { tag: 'logo', count: 1 }),
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
  'something else': row('hello', 'skip'),
  'not answered': { zone: `${name} TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

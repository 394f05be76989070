import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/prefix-exact.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const mx = 'example.com MX 10 mx1.example.com'
const zone = (text: string) => `${mx}\nexample.com TXT ${text}`
const near = (record: string) => ({ 'example.com': { record, name: 'example.com', count: 1 } })

checkTable(check, {
  'a record': { zone: zone('"v=spf1 mx -all"'), expect: { 'example.com': 'skip' } },
  'a record beside a near miss': { zone: `${zone('"v=spf1 mx -all"')}\nexample.com TXT "v=spf10 -all"`, expect: { 'example.com': 'skip' } },
  'nothing that resembles one': { zone: `${mx}\nexample.com TXT "site-verification=v=spf1"\nexample.com TXT "spf2.0/pra -all"`, expect: { 'example.com': 'pass' } },
  'another version': { zone: zone('"v=spf10 mx -all"'), expect: { 'example.com': 'failed' }, args: near('v=spf10 mx -all') },
  'white space round the equals sign': { zone: zone('"v = spf1 mx -all"'), expect: { 'example.com': 'failed' } },
  'no v=': { zone: zone('"spf1 mx -all"'), expect: { 'example.com': 'failed' } },
  'a colon': { zone: zone('"v:spf1 mx -all"'), expect: { 'example.com': 'failed' } },
  'quotation marks of another sort': { zone: zone('"\\226\\128\\156v=spf1 mx -all\\226\\128\\157"'), expect: { 'example.com': 'failed' } },
  'a quotation mark': { zone: zone('"\\"v=spf1 mx -all\\""'), expect: { 'example.com': 'quoted' }, args: near('"v=spf1 mx -all"') },
  'an escaped one': { zone: zone('"\\\\\\"v=spf1 mx -all\\\\\\""'), expect: { 'example.com': 'quoted' } },
  'a space before it': { zone: zone('" v=spf1 mx -all"'), expect: { 'example.com': 'indented' } },
  'a semicolon': { zone: zone('"v=spf1; mx -all"'), expect: { 'example.com': 'no-space' } },
  'a tab': { zone: zone('"v=spf1\\009mx -all"'), expect: { 'example.com': 'no-space' } },
  'no space at all': { zone: zone('"v=spf1mx -all"'), expect: { 'example.com': 'no-space' } },
  'the record at _spf alone': {
    zone: `${mx}\n_spf.example.com TXT "v=spf1 mx -all"`, expect: { 'example.com': 'elsewhere' },
    args: { 'example.com': { record: 'v=spf1 mx -all', name: '_spf.example.com', domain: 'example.com' } },
  },
  'the record at spf alone': { zone: `${mx}\nspf.example.com TXT "v=spf1 mx -all"`, expect: { 'example.com': 'elsewhere' } },
  'a record that others include, of a domain without mail': { zone: 'example.com A 192.0.2.1\n_spf.example.com TXT "v=spf1 ip4:192.0.2.0/24 -all"', expect: { 'example.com': 'pass' } },
  'a wildcard': { zone: `${mx}\n*.example.com TXT "v=spf1 -all"`, expect: { 'example.com': 'pass' } },
  'the other names are not answered': { zone: `${mx}\n_spf.example.com TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'nobody knows whether it sends': { zone: 'example.com MX (timeout)\n_spf.example.com TXT "v=spf1 -all"', expect: { 'example.com': 'unknown:dns-timeout' } },
  'TXT is not answered': { zone: `${mx}\nexample.com TXT (servfail)`, expect: { 'example.com': 'unknown:dns-servfail' } },
})

test('the remedy is the record as it was meant', async () => {
  const set = async (text: string) => (await judgeWorld([check], { zone: text }))[0]?.remedy?.records?.set
  const meant = ['example.com. TXT "v=spf1 mx -all"']
  for (const text of ['"\\"v=spf1 mx -all\\""', '" v=spf1 mx -all"', '"v=spf1; mx -all"', '"v=spf1mx -all"', '"spf1 mx -all"', '"v=spf10 mx -all"']) {
    expect([text, await set(zone(text))]).toEqual([text, meant])
  }
  expect(await set(`${mx}\n_spf.example.com TXT "v=spf1 mx -all"`)).toEqual(meant)
  for (const text of ['"v=spf1;what ever"', '" v=spf1"', '" v=spf1 mx ip4:x"']) expect([text, await set(zone(text))]).toEqual([text, undefined])
  const [beside] = await judgeWorld([check], { zone: zone('" v=spf1 mx -all"') })
  expect(beside?.remedy?.records?.remove).toEqual(['example.com. TXT " v=spf1 mx -all"'])
  const [elsewhere] = await judgeWorld([check], { zone: `${mx}\nspf.example.com TXT "v=spf1 mx -all"` })
  expect(elsewhere?.remedy?.records?.remove).toBeUndefined()
})

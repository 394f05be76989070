import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/lookup-headroom.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const hosts = (count: number) => Array.from({ length: count }, (_, i) => `a:h${i}.example.com`).join(' ')
const record = (text: string) => `example.com TXT "v=spf1 ${text} -all"`

checkTable(check, {
  'eight': { zone: record(hosts(8)), expect: { 'example.com': 'pass' } },
  'nine': { zone: record(hosts(9)), expect: { 'example.com': 'failed' }, args: { 'example.com': { count: 9, foreign: 0 } } },
  'ten, most of them by others': {
    zone: `${record('mx include:_spf.example.net include:_spf.example.com')}
      _spf.example.com TXT "v=spf1 a ~all"
      _spf.example.net TXT "v=spf1 ${hosts(6)} ~all"`,
    expect: { 'example.com': 'failed' }, args: { 'example.com': { count: 10, foreign: 6 } },
  },
  'eleven: the limit itself is exceeded': { zone: record(hosts(11)), expect: { 'example.com': 'skip' } },
  'an include that is not answered': { zone: `${record(`${hosts(7)} include:_spf.example.net`)}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'unknown:dns-timeout' } },
  'too few left, whatever it holds': { zone: `${record(`${hosts(8)} include:_spf.example.net`)}\n_spf.example.net TXT (timeout)`, expect: { 'example.com': 'failed' } },
  'no record': { zone: 'example.com A 192.0.2.1', expect: { 'example.com': 'skip' } },
})

test('the remedy says where to begin', async () => {
  const [idle] = await judgeWorld([check], {
    zone: `${record(Array.from({ length: 9 }, (_, i) => `include:i${i}.example.net`).join(' '))}\n${Array.from({ length: 9 }, (_, i) => `i${i}.example.net TXT "v=spf1 -all"`).join('\n')}`,
  })
  expect(idle?.remedy?.text).toBe('Drop the includes of services that you no longer use.')
  const [finding] = await judgeWorld([check], {
    zone: `${record('mx include:_spf.example.net include:gone.example.net')}\n_spf.example.net TXT "v=spf1 ${hosts(6)} ~all"\ngone.example.net TXT "v=spf1 -all"`,
  })
  expect(finding?.remedy?.text).toBe('Drop the includes of services that you no longer use, write the addresses behind mx with ip4: and ip6:, '
    + 'or send what include:_spf.example.net is for, which takes 7 lookups, from a subdomain with a record of its own.')
})

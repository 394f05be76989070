/** Records as large and as odd as DNS can carry: every check of what they say comes to an end, and to a report of bearable size. */
import { expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { formatData } from '../../src/syntax/record.ts'
import { judgeWorld } from '../check-table.ts'

const ours = checks.filter(({ topic }) => topic === 'spf' || topic === 'dkim')
const long = (start: string, part: string) => `TXT ${formatData('TXT', { strings: start.concat(part.repeat(Math.floor((64_000 - start.length) / part.length))).match(/[^]{1,255}/g) ?? [] })}`

test.each([
  ['the same term, thousands of times', long('v=spf1 ', 'a ')],
  ['thousands of terms after all', long('v=spf1 -all ', 'mx ')],
  ['thousands of modifiers', long('v=spf1 ', 'x=y ')],
  ['thousands of addresses', long('v=spf1 ', 'ip4:10.1.2.3/9 ')],
  ['thousands of macros', long('v=spf1 ', 'exists:%{p}.x.de ')],
  ['thousands of errors', long('v=spf1 ', 'ip4:x ')],
  ['nothing but spaces', long('v=spf1', ' ')],
  ['nothing but quotation marks', long('', '"')],
  ['nothing but strings of one term', `TXT ${Array.from({ length: 20_000 }, () => '"mx"').join(' ').replace('"mx"', '"v=spf1"')}`],
  ['thousands of tags', long('v=DKIM1; p=AAAA; ', 't=y;')],
  ['a key without end', long('v=DKIM1; p=', 'AAAA')],
])('%s', async (_, record) => {
  const zone = `example.com MX 10 mx1.example.com\nexample.com ${record}\ns1._domainkey.example.com ${record}\n*.spf.example.com ${record}`
  const findings = await judgeWorld(ours, { zone, scope: { selectors: ['s1'], senders: [{ address: '192.0.2.1' }] } })
  expect(new Set(findings.map(({ check }) => check)).size).toBe(ours.length)
  for (const { check, args, evidence, remedy } of findings) {
    expect([check, JSON.stringify({ args, remedy }).length < 400_000, JSON.stringify(evidence).length < 1_000_000]).toEqual([check, true, true])
  }
})

test.each(['a ', 'x=y ', 'ptr ', 'ip4:10.1.2.3/9 '])('the same in ten records of one’s own: %s', async part => {
  const includes = Array.from({ length: 9 }, (_, i) => `i${i}.example.com`)
  const zone = `example.com MX 10 mx1.example.com
    example.com ${long(`v=spf1 ${includes.map(name => `include:${name}`).join(' ')} `, part)}
    ${includes.map(name => `${name} ${long('v=spf1 ', part)}`).join('\n')}`
  const findings = await judgeWorld(ours.filter(({ topic }) => topic === 'spf'), { zone })
  for (const { check, args, evidence, remedy } of findings) {
    expect([check, JSON.stringify({ args, remedy }).length < 400_000, JSON.stringify(evidence).length < 1_000_000]).toEqual([check, true, true])
  }
}, 60_000)

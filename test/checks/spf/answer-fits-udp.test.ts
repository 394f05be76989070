import { expect, test } from 'vitest'
import check from '../../../src/checks/spf/answer-fits-udp.ts'
import { encodeAnswer } from '../../../src/network/dns/codec.ts'
import { parseZone } from '../../../src/syntax/zone.ts'
import { checkTable, judgeWorld } from '../../check-table.ts'

const spf = 'example.com TXT "v=spf1 mx -all"'
/** With the record above, an answer of this many octets: 12 + 17 + (12 + 1 + 14) for what is there, 12 + 2 for the rest. */
const filled = (octets: number) => {
  const left = octets - 12 - 17 - 27 - 14
  const second = Math.min(left, 250)
  return `${spf}\nexample.com TXT "${'x'.repeat(left - second)}" "${'y'.repeat(second)}"`
}

checkTable(check, {
  'a short answer': { zone: spf, expect: { 'example.com': 'pass' } },
  '512 octets': { zone: filled(512), expect: { 'example.com': 'pass' } },
  '513 octets': { zone: filled(513), expect: { 'example.com': 'failed' }, args: { 'example.com': { domain: 'example.com', octets: 513 } } },
  'long, but without SPF': { zone: filled(513).replace(spf, 'example.com TXT "some-verification"'), expect: { 'example.com': 'skip' } },
  'TXT is not answered': { zone: 'example.com TXT (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

test('the size is that of the message on the wire', () => {
  for (const octets of [330, 512]) {
    const { records } = parseZone(filled(octets), { origin: '' })
    const message = encodeAnswer({ id: 1, question: { name: 'example.com', type: 'TXT' }, rcode: 'NOERROR', records })
    expect(message.length).toBe(octets)
  }
})

test('the largest record comes first', async () => {
  const [finding] = await judgeWorld([check], { zone: filled(560) })
  expect(finding?.evidence[0]).toMatchObject({ text: expect.stringContaining('xxxx') as string })
})

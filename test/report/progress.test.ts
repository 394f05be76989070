import { expect, test } from 'vitest'
import { beginProgress, reduce, view, type ProgressEvent } from '../../src/report/progress.ts'

const after = (domains: number, ...events: ProgressEvent[]) => events.reduce(reduce, beginProgress(domains))
const begun: ProgressEvent = { kind: 'checks', domain: 'example.com', total: 3 }

test('one domain: its name, what is done, what is being asked', () => {
  expect(view(after(1, begun), 80)).toBe('example.com: 0 of 3 checks')
  expect(view(after(1, begun, { kind: 'judged', domain: 'example.com' }, { kind: 'asking', id: 1, what: 'example.com MX' }), 80))
    .toBe('example.com: 1 of 3 checks, asking example.com MX')
  const two = after(1, begun, { kind: 'asking', id: 1, what: 'example.com MX' }, { kind: 'asking', id: 2, what: 'example.com TXT' })
  expect(view(two, 80)).toBe('example.com: 0 of 3 checks, asking example.com MX and 1 more')
  expect(view(reduce(two, { kind: 'answered', id: 1 }), 80)).toBe('example.com: 0 of 3 checks, asking example.com TXT')
})

test('several domains: how many are reported', () => {
  expect(view(after(3, begun, { kind: 'checks', domain: 'b.example', total: 3 }, { kind: 'judged', domain: 'b.example' }), 80))
    .toBe('0 of 3 domains: 1 of 6 checks')
  expect(view(after(3, begun, { kind: 'reported', domain: 'example.com' }), 80)).toBe('1 of 3 domains: 0 of 0 checks')
})

test('it is one line that fits and that no name can break out of', () => {
  const long = after(1, begun, { kind: 'asking', id: 1, what: `\u001b[2J\r\n${'x'.repeat(200)}` })
  expect(view(long, 60)).toHaveLength(60)
  expect(view(long, 60)).toContain('\\x1b[2J\\r\\n')
})

import { expect, test } from 'vitest'
import { memo } from '../../src/network/memo.ts'
import { NetworkFailure, outcome, type Network } from '../../src/network/network.ts'
import { createWorld } from '../world.ts'

const zone = `
  example.com       3600  SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 300
  example.com       600   MX  10 mx1.example.com
  brief.example.com 0     A   192.0.2.1
  long.example.com  999999 A  192.0.2.1
  example.com       TXT (servfail)
`

/** A memo over a counted world whose clock the test sets, in seconds. */
async function remembered(): Promise<{ network: Network; asked: string[]; clock: { seconds: number } }> {
  const world = await createWorld({ zone, pages: { 'https://example.com/': 'hello' } })
  const asked: string[] = []
  const clock = { seconds: 0 }
  const network = memo({
    ...world,
    query: question => {
      asked.push(`${question.name} ${question.type}`)
      return world.query(question)
    },
    fetch: (url, request) => {
      asked.push(url)
      return world.fetch(url, request)
    },
    now: () => new Date(clock.seconds * 1000),
  })
  return { network, asked, clock }
}

test.each([
  ['a page for a run, whatever it says', {}, 60, 'hello'],
  ['what may last for as long as it says', { lasting: true }, 600, 'hello'],
  ['what may last for three hours at the most', { lasting: true, limit: 1 }, 10_800, 'for ever'],
  ['what may last and is long for a run', { lasting: true }, 60, 'x'.repeat(2_000_000)],
])('keeps %s', async (_, request, seconds, body) => {
  const age = body === 'for ever' ? 999_999_999 : 600
  const world = await createWorld({ pages: { 'https://example.com/': `HTTP/1.1 200\ncache-control: public, max-age=${age}\n\n${body}` } })
  let asked = 0
  let now = 0
  const network = memo({ ...world, now: () => new Date(now), fetch: url => {
    asked++
    return world.fetch(url)
  } })
  await network.fetch('https://example.com/', request)
  now = seconds * 1000 - 1
  await network.fetch('https://example.com/', request)
  expect(asked).toBe(1)
  now = seconds * 1000
  await network.fetch('https://example.com/', request)
  expect(asked).toBe(2)
})

test('who asks while a question is under way gets the same answer', async () => {
  const { network, asked } = await remembered()
  const [first, second] = await Promise.all([
    network.query({ name: 'example.com', type: 'MX' }), network.query({ name: 'example.com', type: 'MX' }),
  ])
  expect(second).toBe(first)
  expect(asked).toHaveLength(1)
})

test.each([
  ['an answer for its TTL', 'example.com', 'MX', 600],
  ['an answer without TTL for a run', 'brief.example.com', 'A', 60],
  ['an answer with an absurd TTL for three hours', 'long.example.com', 'A', 10_800],
  ['a denial for the minimum of the SOA', 'nothing.example.com', 'A', 300],
  ['a denial without SOA for a run', 'nothing.example.org', 'A', 60],
  ['a failure for half a run', 'example.com', 'TXT', 30],
] as const)('keeps %s', async (_, name, type, seconds) => {
  const { network, asked, clock } = await remembered()
  await outcome(network.query({ name, type }))
  clock.seconds = seconds - 1
  await outcome(network.query({ name, type }))
  expect(asked).toHaveLength(1)
  clock.seconds = seconds
  await outcome(network.query({ name, type }))
  expect(asked).toHaveLength(2)
})

test('another server, transport or CD bit is another question', async () => {
  const { network, asked } = await remembered()
  const question = { name: 'example.com', type: 'MX' } as const
  await network.query(question)
  await network.query({ ...question, server: '192.0.2.53' })
  await network.query({ ...question, transport: 'tcp' })
  await network.query({ ...question, checkingDisabled: true })
  expect(asked).toHaveLength(4)
})

test('what failed for want of time or tape is not kept', async () => {
  let asked = 0
  const world = await createWorld({})
  const network = memo({
    ...world,
    query: () => {
      asked++
      return Promise.reject(new NetworkFailure({ event: 'unavailable', reason: 'deadline-spent', detail: 'too late' }))
    },
  })
  await outcome(network.query({ name: 'example.com', type: 'MX' }))
  await outcome(network.query({ name: 'example.com', type: 'MX' }))
  expect(asked).toBe(2)
})

test('pages are kept, by what was sent and by the limit; a POST is not', async () => {
  const { network, asked } = await remembered()
  await network.fetch('https://example.com/')
  await network.fetch('https://example.com/')
  expect(asked).toHaveLength(1)
  await expect(network.fetch('https://example.com/', { limit: 2 })).rejects.toMatchObject({ event: 'too-long' })
  await network.fetch('https://example.com/', { limit: 10 })
  expect(asked).toHaveLength(3)
  await outcome(network.fetch('https://example.com/', { method: 'POST' }))
  await outcome(network.fetch('https://example.com/', { method: 'POST' }))
  expect(asked).toHaveLength(5)
})

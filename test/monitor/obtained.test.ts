import { expect, test } from 'vitest'
import { createSessions, shareSessions, type Script } from '../../src/probes/sessions.ts'
import { Obtained } from '../../src/monitor/obtained.ts'
import { memo } from '../../src/network/memo.ts'
import type { Endpoint, Network, Question } from '../../src/network/network.ts'

const endpoint = (last: number): Endpoint => ({ host: 'mx.example', address: `192.0.2.${last}`, port: 25, tls: 'starttls' })
const script: Script<{ said: string; obtainedAt?: string; failure?: never }> = { name: 'smtp', run: () => Promise.resolve({ said: 'hello' }) }
const nowhere = {} as Network
const line = (last: number) => ({ from: 'session' as const, endpoint: `mx.example[192.0.2.${last}]:25`, line: '220 hello' })

test('a dialogue that another run held carries when it ended, and so does what is shown of it', async () => {
  let now = Date.parse('2026-11-23T10:00:00Z')
  const shared = shareSessions(() => now)
  const start = () => new Obtained({ network: new Date(now), sessions: new Date(now) })
  const first = start()
  expect(await first.sessions(shared.within(600_000)).hold(nowhere, endpoint(1), script)).toEqual({ said: 'hello' })
  expect(first.of(line(1))).toBeNull()
  now += 60_000
  const second = start()
  const sessions = second.sessions(shared.within(600_000))
  expect(await sessions.hold(nowhere, endpoint(1), script)).toEqual({ said: 'hello', obtainedAt: '2026-11-23T10:00:00.000Z' })
  expect(await sessions.hold(nowhere, endpoint(2), script)).toEqual({ said: 'hello' })
  expect([second.of(line(1)), second.of(line(2))]).toEqual(['2026-11-23T10:00:00.000Z', null])
  // of what the run saw itself as well, nobody can tell which of them is shown
  expect(await second.sessions(createSessions()).hold(nowhere, endpoint(1), script)).toEqual({ said: 'hello' })
  expect(second.of(line(1))).toBeNull()
})

test('an answer that was remembered carries when it was had, under the names of its records as well', async () => {
  let now = Date.parse('2026-11-23T10:00:00Z')
  const record = { name: 'b.example', type: 'TXT', ttl: 3600, text: '"x"', data: { strings: ['x'] } }
  const network = memo({
    query: (question: Question) => Promise.resolve({ question, rcode: 'NOERROR', records: [record], aliases: [], authority: [] }), now: () => new Date(now),
  } as unknown as Network)
  const ask = (obtained: Obtained) => obtained.network(network).query({ name: 'a.example', type: 'TXT' })
  const start = () => new Obtained({ network: new Date(now), sessions: new Date(0) })
  expect(await ask(start())).not.toHaveProperty('obtainedAt')
  now += 1000
  const later = start()
  expect(await ask(later)).toHaveProperty('obtainedAt', '2026-11-23T10:00:00.000Z')
  for (const name of ['a.example', 'b.example']) expect(later.of({ from: 'dns', name, type: 'TXT', text: '"x"', ttl: 3600 })).toBe('2026-11-23T10:00:00.000Z')
  expect(later.of({ from: 'dns', name: 'a.example', type: 'MX', text: '(nodata)', ttl: null })).toBeNull()
})

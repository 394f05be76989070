import { expect, test } from 'vitest'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { createLiveNetwork } from '../../src/network/live.ts'
import { memo } from '../../src/network/memo.ts'
import { outcome, type Network } from '../../src/network/network.ts'
import { createRecorder, record } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import { watch } from '../../src/network/watch.ts'
import { makeRecord } from '../../src/syntax/record.ts'
import { startServer } from './dns/servers.ts'

const secret = 'K3yOfMine'
const shown = '2.0.0.127.***.zen.dq.example.net'
const real = '2.0.0.127.k3yofmine.zen.dq.example.net'

test('a label that is a secret is asked for, and stands in nothing that is kept or shown', async () => {
  const server = await startServer(asked => {
    const { name, type } = asked.query
    asked.answer(type === 'A' ? { records: [makeRecord(name, 'A', 60, { address: '127.0.0.2' })] } : { rcode: 'SERVFAIL', extendedErrors: [{ code: 0, text: `no ${name}` }] })
  })
  const events: unknown[] = []
  const recorder = createRecorder()
  const live = createLiveNetwork({ resolvers: [server], timeout: 500 })
  const network: Network = memo(watch(record(live, recorder), event => events.push(event)))
  const answer = await network.query({ name: shown, type: 'A', secret })
  const failed = await outcome(network.query({ name: shown, type: 'TXT', secret }))
  expect(server.asked.map(({ query }) => query.name)).toContain(real)
  expect(new Set(server.asked.map(({ query }) => query.name))).toEqual(new Set([real]))
  expect(answer).toMatchObject({ question: { name: shown, type: 'A' }, records: [{ name: shown, text: '127.0.0.2' }] })
  expect(failed).toMatchObject({ problem: { reason: 'dns-servfail' } })
  const tape = formatCassette(recorder.cassette())
  expect(tape).toContain(`question ${shown}. A`)
  expect(`${JSON.stringify([answer, failed, events])}${tape}`.toLowerCase()).not.toContain(secret.toLowerCase())
  const replayed = replay(parseCassette(tape).cassette)
  expect(await replayed.query({ name: shown, type: 'A', secret: 'another' })).toEqual(answer)
})

test('nor does it when the list quotes it in its own way, or when it is a text that answers are full of', async () => {
  for (const key of [secret, '1', 'name', '$1-x']) {
    const server = await startServer(asked => {
      const { name } = asked.query
      asked.answer({ records: [makeRecord(name, 'TXT', 60, { strings: [`the key ${key} is over its limit; ${key.toUpperCase()}`] })] })
    })
    const answer = await createLiveNetwork({ resolvers: [server], timeout: 500 }).query({ name: shown, type: 'TXT', secret: key })
    expect(server.asked[0]?.query.name).toContain(`.${key.toLowerCase().replace('$', '\\$')}.zen`)
    expect(answer).toMatchObject({ rcode: 'NOERROR', question: { name: shown }, records: [{ ttl: 60, data: { strings: ['the key *** is over its limit; ***'] } }] })
  }
})

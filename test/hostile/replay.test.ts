/** A session with a hostile server, written down and read again: the recording tells the same facts, and can be read whatever was said. */
import { beforeAll, expect, test } from 'vitest'
import { Issuers } from '../../src/lab/issuers.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { createLiveNetwork } from '../../src/network/live.ts'
import { createRecorder, record } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import { showFor } from './certificates.ts'
import { readCorpus } from './corpus.ts'
import { play } from './server.ts'
import { summarize } from './summary.ts'
import { probe } from './visit.ts'

let issuers: Issuers
beforeAll(async () => {
  issuers = await Issuers.create(new Date())
})

test.concurrent.each(readCorpus().map(hostile => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
  const playing = await play(hostile, await showFor(hostile, issuers))
  const recorder = createRecorder()
  const live = createLiveNetwork({ resolvers: [], timeout: 600, anchors: [issuers.anchor], route: () => ({ address: '127.0.0.1', port: playing.port }) })
  const session = await probe(record(live, recorder), hostile)
  await playing.close()
  const text = formatCassette(recorder.cassette())
  expect(/[^\x0a\x20-\x7e]/.test(text)).toBe(false)
  const { cassette, errors } = parseCassette(text)
  expect(errors).toEqual([])
  expect(summarize(await probe(replay(cassette), hostile), null)).toEqual(summarize(session, null))
})

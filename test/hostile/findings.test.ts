/**
 * What a whole run makes of each hostile server: it ends, its report can be shown to anybody, it accuses a server of nothing that was not
 * seen, and says what the server's file says it must.
 */
import { beforeAll, expect, test } from 'vitest'
import { check, checks, type Report } from '../../src/index.ts'
import { Issuers } from '../../src/lab/issuers.ts'
import { createLiveNetwork } from '../../src/network/live.ts'
import { memo } from '../../src/network/memo.ts'
import { NetworkFailure, type Network } from '../../src/network/network.ts'
import { renderText } from '../../src/report/text.ts'
import { renderJsonLine } from '../../src/report/json.ts'
import { services } from '../../src/services.ts'
import { usualScope } from '../check-table.ts'
import { closedZone } from '../closed-zone.ts'
import { address, ehloName } from './visit.ts'
import { host, showFor } from './certificates.ts'
import { readCorpus, type HostileServer } from './corpus.ts'
import { play } from './server.ts'

const corpus = readCorpus()
let issuers: Issuers
beforeAll(async () => {
  issuers = await Issuers.create(new Date())
})

/** A domain that has this server and no other. */
async function runOver(hostile: HostileServer): Promise<Report> {
  const { service } = hostile
  const playing = await play(hostile, await showFor(hostile, issuers))
  try {
    const { port } = services[service]
    const live = createLiveNetwork({
      resolvers: [], timeout: silent(hostile) ? 600 : 10_000, anchors: [issuers.anchor],
      route: (at, asked) => at === address && asked === port ? { address: '127.0.0.1', port: playing.port } : null,
    })
    const ask = closedZone(`
      example.com MX ${service === 'smtp' ? `10 ${host}` : '0 .'}
      ${host} A ${address}
    `)
    const network: Network = {
      query: question => new Promise(resolve => resolve(ask(question) as never)),
      connect: (endpoint, options) => live.connect(endpoint, options),
      fetch: () => Promise.reject(new NetworkFailure({ event: 'refused', reason: 'connection-lost', detail: 'connection refused' })),
      now: () => live.now(),
    }
    const declared = service === 'smtp' ? {} : { [service]: { host, port } }
    return await check({ ...usualScope, ehloName, services: declared }, { network: memo(network) })
  } finally {
    await playing.close()
  }
}

const silent = ({ facts }: HostileServer): boolean => (facts['failure'] as { event?: string } | undefined)?.event === 'timeout'
/** It fell silent, hung up, or said too much. A failed handshake is another matter. */
const endedWithoutAWord = ({ facts }: HostileServer): boolean =>
  ['timeout', 'closed', 'too-long'].includes((facts['failure'] as { event?: string } | undefined)?.event ?? '')

test.concurrent.each(corpus.map(hostile => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
  const { findings, ...report } = await runOver(hostile)
  const endpoint = `${host}[${address}]:${services[hostile.service].port}`
  const failed = findings.filter(({ subject, verdict }) => subject === endpoint && verdict === 'fail')
  expect(failed.map(({ check: id }) => id)).toEqual(expect.arrayContaining(hostile.fails))
  if (endedWithoutAWord(hostile)) {
    // what could not be tested does not fail: no more is held against the server than it said before
    const accused = failed.filter(({ severity }) => severity === 'error' || severity === 'critical').map(({ check: id }) => id)
    expect(accused.filter(id => !hostile.fails.includes(id))).toEqual([])
  }
  const printed = [renderJsonLine({ findings, ...report }).trimEnd(), ...renderText({ findings, ...report }, { width: 100, colour: false, checks }).split('\n')]
  expect(printed.filter(line => /[\x00-\x1f\x7f-\x9f\u2028-\u202e]/.test(line))).toEqual([])
})

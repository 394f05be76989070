/**
 * Every server of fixtures/hostile against the probes, over real sockets: each session ends within its limits, with exactly the facts
 * that the server's file tells, and leaves nothing open behind it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Issuers } from '../../src/lab/issuers.ts'
import { folder, readCorpus, type HostileServer } from './corpus.ts'
import { visitHostile, type Visited } from './visit.ts'

const corpus = readCorpus()
let issuers: Issuers
beforeAll(async () => {
  issuers = await Issuers.create(new Date())
})

/** Where silence is the point a step may take this long; nowhere else does time decide. */
const impatient = 600

test('there are enough of them, of every protocol, and each is explained once', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(60)
  for (const protocol of ['smtp', 'imap', 'pop3']) expect(corpus.filter(({ name }) => name.startsWith(`${protocol}-`)).length).toBeGreaterThan(15)
  expect(new Set(corpus.map(({ service, about }) => `${service}: ${about}`)).size).toBe(corpus.length)
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const deed of ['S:', 'S*', 'S~', 'C:', '(hello)', '(tls)', '(certificate)', '(clear)', '(close)', '(cut)', '(reset)', '(alert']) {
    expect(readme).toContain(deed)
  }
})

const isSilent = ({ facts }: HostileServer): boolean => (facts['failure'] as { event?: string } | undefined)?.event === 'timeout'

async function learns(hostile: HostileServer, timeout: number): Promise<Visited> {
  const visited = await visitHostile(hostile, issuers, timeout)
  expect(visited.facts).toEqual(hostile.facts)
  expect(visited.astray).toEqual([])
  expect(visited.connections).toBe(1)
  expect(visited.octets, 'what the kernel held is all that went out').toBeLessThan(16 * 1024 * 1024)
  return visited
}

describe('learns of a server that answers', () => {
  test.each(corpus.filter(hostile => !isSilent(hostile)).map(hostile => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    await learns(hostile, 15_000)
  })
})

describe.concurrent('learns of a server that keeps waiting', () => {
  test.each(corpus.filter(isSilent).map(hostile => [hostile.name, hostile] as const))('%s', async (_, hostile) => {
    const { milliseconds } = await learns(hostile, impatient)
    expect(milliseconds).toBeLessThan(10 * impatient)
  })
})

test('no socket is left open', async () => {
  // a handle is gone a turn of the loop after it was closed
  await expect.poll(() => process.getActiveResourcesInfo().filter(kind => /^TCP|^TLS/.test(kind))).toEqual([])
})

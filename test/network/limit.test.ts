import { afterEach, expect, test, vi } from 'vitest'
import { Budget, limit } from '../../src/network/limit.ts'
import { outcome, type Connection, type Endpoint, type Network } from '../../src/network/network.ts'
import { createWorld } from '../world.ts'

const endpoint = (n: number): Endpoint => ({ host: `mx${n}.example.com`, address: `192.0.2.${n}`, port: 25, tls: 'starttls' })
const spent = { event: 'unavailable', reason: 'deadline-spent' }

/** A world of ten servers that say nothing until they are told to, and of what was asked of them. */
async function stage(): Promise<{ world: Network; asked: string[]; closed: string[]; release: () => void }> {
  const sessions = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`mx${n}.example.com[192.0.2.${n}]:25`, 'S: 220 hello']))
  const world = await createWorld({ zone: 'example.com A 192.0.2.1', sessions, pages: { 'https://example.com/': 'hello' } })
  const asked: string[] = []
  const closed: string[] = []
  let release = (): void => undefined
  const gate = new Promise<void>(resolve => (release = resolve))
  return {
    asked, closed, release,
    world: {
      ...world,
      query: async question => {
        asked.push(question.name)
        await gate
        return world.query(question)
      },
      connect: async (to, options) => {
        asked.push(to.host)
        const connection = await world.connect(to, options)
        return silent(connection, gate, () => closed.push(to.host))
      },
      fetch: async url => {
        asked.push(url)
        await gate
        return world.fetch(url)
      },
    },
  }
}

function silent(connection: Connection, gate: Promise<void>, onClose: () => void): Connection {
  return {
    endpoint: connection.endpoint, connected: connection.connected, tls: undefined, injected: '',
    readLine: async () => {
      await gate
      return connection.readLine()
    },
    writeLine: (line, shown) => connection.writeLine(line, shown),
    writeOctets: () => Promise.resolve(),
    writeSecret: beginning => Promise.resolve(beginning),
    unread: () => [],
    channelBinding: () => null,
    startTls: () => connection.startTls(),
    offerTls: (name, hello) => connection.offerTls(name, hello),
    close: () => {
      onClose()
      connection.close()
    },
  }
}

/** Everything that can go on without time passing has gone on. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve()
}

afterEach(() => {
  vi.useRealTimers()
})

test('two connections to one address, however many are wanted; the next when one closes', async () => {
  const { world, asked } = await stage()
  const network = limit(world)
  const wanted = [1, 1, 1, 1].map(n => network.connect(endpoint(n)))
  await settled()
  expect(asked).toHaveLength(2)
  const first = await wanted[0]
  first?.close()
  first?.close()
  await settled()
  expect(asked).toHaveLength(3)
})

test('so many connections in all, pages included', async () => {
  const { world, asked } = await stage()
  const network = limit(world, { total: 3 })
  void network.fetch('https://example.com/')
  for (let n = 1; n <= 5; n++) void network.connect(endpoint(n))
  await settled()
  expect(asked).toEqual(['https://example.com/', 'mx1.example.com', 'mx2.example.com'])
})

test('so many questions at a time, and all of them in the end', async () => {
  const { world, asked, release } = await stage()
  const network = limit(world, { questions: 4 })
  const answers = Array.from({ length: 10 }, (_, n) => network.query({ name: `n${n}.example.com`, type: 'A' }))
  await settled()
  expect(asked).toHaveLength(4)
  release()
  expect(await Promise.all(answers)).toHaveLength(10)
})

test('a budget is shared by the runs that hold it', async () => {
  const { world, asked } = await stage()
  const budget = new Budget({ perEndpoint: 1 })
  void limit(world, { budget }).connect(endpoint(1))
  void limit(world, { budget }).connect(endpoint(1))
  await settled()
  expect(asked).toHaveLength(1)
})

test('six new connections a minute to one address; the seventh is not waited for', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const { world } = await stage()
  const network = limit(world)
  for (let i = 0; i < 6; i++) (await network.connect(endpoint(1))).close()
  await expect(network.connect(endpoint(1))).rejects.toMatchObject({ ...spent, detail: expect.stringContaining('share of connections') as string })
  await expect(network.connect(endpoint(2))).resolves.toBeDefined()
  vi.advanceTimersByTime(60_000)
  await expect(network.connect(endpoint(1))).resolves.toBeDefined()
})

test('who may wait has the seventh when the minute is over, if the run lasts so long', async () => {
  vi.useFakeTimers()
  const { world } = await stage()
  const network = limit(limit(world), { deadline: 90_000 }) // the budget of a call within the time of a run
  for (let i = 0; i < 6; i++) (await network.connect(endpoint(1))).close()
  const waiting = network.connect(endpoint(1), { wait: Infinity })
  await settled()
  await vi.advanceTimersByTimeAsync(60_000)
  const seventh = await waiting
  seventh.close()
  for (let i = 0; i < 5; i++) (await network.connect(endpoint(1))).close()
  // 30 s are left, and the next one is free in 60
  await expect(network.connect(endpoint(1), { wait: Infinity })).rejects.toMatchObject(spent)
})

test('at the deadline all that is open, under way or waiting fails, and connections are closed', async () => {
  vi.useFakeTimers()
  const { world, asked, closed } = await stage()
  const network = limit(world, { deadline: 60_000, total: 2 })
  const open = await network.connect(endpoint(1))
  const pending = [
    open.readLine(), network.query({ name: 'example.com', type: 'A' }), network.fetch('https://example.com/'), network.connect(endpoint(2)),
  ].map(promise => outcome<unknown>(promise))
  await settled()
  const before = asked.length
  vi.advanceTimersByTime(60_000)
  for (const result of await Promise.all(pending)) expect(result).toMatchObject({ problem: spent })
  expect(closed).toEqual(['mx1.example.com'])
  await expect(network.query({ name: 'example.com', type: 'A' })).rejects.toMatchObject(spent)
  await expect(network.connect(endpoint(3))).rejects.toMatchObject(spent)
  await expect(open.writeLine('QUIT')).rejects.toMatchObject(spent)
  await settled()
  expect(asked).toHaveLength(before)
})

test('a connection that opens too late is closed at once', async () => {
  vi.useFakeTimers()
  const { world, closed, release } = await stage()
  let open = (): void => undefined
  const slow = new Promise<void>(resolve => (open = resolve))
  const network = limit({ ...world, connect: async (to, options) => {
    await slow
    return world.connect(to, options)
  } }, { deadline: 1000 })
  const wanted = outcome(network.connect(endpoint(1)))
  await settled()
  vi.advanceTimersByTime(1000)
  expect(await wanted).toMatchObject({ problem: spent })
  open()
  release()
  await settled()
  expect(closed).toEqual(['mx1.example.com'])
})

test('a signal ends the run as the deadline does', async () => {
  const { world } = await stage()
  const controller = new AbortController()
  const network = limit(world, { signal: controller.signal })
  const asked = outcome(network.query({ name: 'example.com', type: 'A' }))
  controller.abort()
  expect(await asked).toMatchObject({ problem: spent })
})

test('nothing waits for the deadline where a signal does: of a run that has ended before, nothing stays', async () => {
  vi.useFakeTimers()
  const { world } = await stage()
  limit(world, { deadline: 60_000, signal: new AbortController().signal })
  expect(vi.getTimerCount()).toBe(0)
  limit(world, { deadline: 60_000 })
  expect(vi.getTimerCount()).toBe(1)
})

test('a failed connect gives its turn back', async () => {
  const { world } = await stage()
  const network = limit(world, { perEndpoint: 1 })
  const closedPort = { ...endpoint(1), port: 26 }
  await expect(network.connect(closedPort)).rejects.toMatchObject({ event: 'refused' })
  await expect(network.connect(closedPort)).rejects.toMatchObject({ event: 'refused' })
})

import { expect, test } from 'vitest'
import { Schedule, type ScheduledTarget } from '../../src/monitor/schedule.ts'
import { FakeClock, settled } from './fake-clock.ts'

const rethrow = (_: string, error: unknown): never => {
  throw error
}

const target = (key: string, interval = 300, lastRun: Date | null = null): ScheduledTarget => ({ key, interval, lastRun })

/** Runs that end when they are told to. */
function byHand(concurrency = 10) {
  const clock = new FakeClock()
  const begun: string[] = []
  const open = new Map<string, () => void>()
  const schedule = new Schedule({
    clock, concurrency, onError: rethrow,
    run: key => {
      begun.push(key)
      return new Promise(resolve => open.set(key, resolve))
    },
  })
  const finish = async (key: string): Promise<void> => {
    open.get(key)?.()
    open.delete(key)
    await settled()
  }
  return { clock, begun, schedule, finish }
}

/** Runs that end at once, with the times at which they began. */
function atOnce(targets: readonly ScheduledTarget[], concurrency = 10) {
  const clock = new FakeClock()
  const times = new Map<string, number[]>()
  const schedule = new Schedule({
    clock, concurrency, onError: rethrow,
    run: key => {
      times.set(key, [...times.get(key) ?? [], clock.now().getTime()])
      return Promise.resolve()
    },
  })
  schedule.replace(targets)
  return { clock, times, schedule }
}

test('what never ran runs at once, and then once in every interval', async () => {
  const { clock, times } = atOnce([target('a.example dns'), target('b.example dns', 900)])
  await clock.advance(3_600_000)
  expect(times.get('a.example dns')?.length).toBeGreaterThanOrEqual(12)
  expect(times.get('a.example dns')?.length).toBeLessThanOrEqual(13)
  expect(times.get('b.example dns')?.length).toBeGreaterThanOrEqual(4)
  for (const [key, step] of [['a.example dns', 300_000], ['b.example dns', 900_000]] as const) {
    const [first = 0, second = 0, ...rest] = times.get(key) ?? []
    expect(second - first).toBeGreaterThanOrEqual(step / 2)
    expect(second - first).toBeLessThanOrEqual(1.5 * step)
    for (const [i, time] of rest.entries()) expect(Math.abs(time - (rest[i - 1] ?? second) - step)).toBeLessThan(100)
  }
})

test('targets are spread over the interval, always in the same way', async () => {
  const keys = Array.from({ length: 300 }, (_, i) => `d${i}.example dns`)
  const places = async (): Promise<number[]> => {
    const { clock, times } = atOnce(keys.map(key => target(key)), 1000)
    await clock.advance(900_000)
    return keys.map(key => (times.get(key)?.at(-1) ?? 0) % 300_000)
  }
  const found = await places()
  expect(await places()).toEqual(found)
  for (let part = 0; part < 10; part++) {
    expect(found.filter(place => place >= part * 30_000 && place < (part + 1) * 30_000).length).toBeGreaterThan(10)
  }
})

test('a target is never under way twice, and no more at a time than agreed', async () => {
  const { clock, begun, schedule, finish } = byHand(2)
  schedule.replace([target('a', 60), target('b', 60), target('c', 60)])
  await settled()
  expect(begun.length).toBe(2)
  expect([schedule.running, schedule.waiting]).toEqual([2, 1])
  await clock.advance(600_000)
  expect(begun.length).toBe(2)
  const [first = '', second = ''] = begun
  await finish(first)
  expect(begun.length).toBe(3)
  expect(begun.at(-1)).not.toBe(second)
  expect(schedule.isRunning(second)).toBe(true)
  await clock.advance(90_000)
  expect(begun.filter(key => key === second).length).toBe(1)
})

test('times that went by during a run are left out', async () => {
  const { clock, begun, schedule, finish } = byHand()
  schedule.replace([target('a', 60)])
  await clock.advance(3_600_000)
  await finish('a')
  await clock.advance(89_000)
  expect(begun).toEqual(['a', 'a'])
})

test('an earlier process is remembered: nothing is run before its time, and what was missed at once', async () => {
  const now = new FakeClock().now().getTime()
  const { clock, times } = atOnce([target('recent', 300, new Date(now - 10_000)), target('missed', 300, new Date(now - 3_600_000))])
  await clock.advance(1)
  expect([...times.keys()]).toEqual(['missed'])
  await clock.advance(440_000)
  expect(times.get('recent')?.length).toBe(1)
})

test('a new set of targets takes the place of the old one without disturbing what stays', async () => {
  const { clock, begun, schedule, finish } = byHand(2)
  schedule.replace([target('a', 60), target('b', 60), target('c', 60)])
  await settled()
  const [first = '', second = ''] = begun
  const third = ['a', 'b', 'c'].find(key => !begun.includes(key)) ?? ''
  schedule.replace([target(first, 60), target('d', 60)])
  await settled()
  expect(schedule.waiting).toBe(1)
  await finish(second) // it is not wanted any more, and runs to its end
  expect(begun).toEqual([first, second, 'd'])
  await finish(first)
  await finish('d')
  await clock.advance(200_000)
  expect(begun.filter(key => key === second || key === third)).toEqual([second])
})

test('a target can be asked for before its time, and is not run twice for it', async () => {
  const { begun, schedule, finish, clock } = byHand(1)
  schedule.replace([target('a', 60), target('b', 60, clock.now())])
  await settled()
  const both = Promise.all([schedule.now('b'), schedule.now('b'), schedule.now('a')])
  await finish('a')
  await finish('b')
  await both
  expect(begun).toEqual(['a', 'b'])
})

test('a run that throws is over like any other, and somebody is told', async () => {
  const clock = new FakeClock()
  const told: unknown[] = []
  const schedule = new Schedule({ clock, concurrency: 1, run: () => Promise.reject(new Error('bug')), onError: (key, error) => told.push([key, String(error)]) })
  schedule.replace([target('a', 60)])
  await clock.advance(200_000)
  expect(told.length).toBeGreaterThan(1)
  expect(told[0]).toEqual(['a', 'Error: bug'])
  expect(schedule.running).toBe(0)
})

test('after stop nothing begins, and no timer is left', async () => {
  const { clock, begun, schedule, finish } = byHand(1)
  schedule.replace([target('a', 60), target('b', 60)])
  await settled()
  let over = false
  const stopped = schedule.stop().then(() => (over = true))
  await settled()
  expect(over).toBe(false)
  await finish(begun[0] ?? '')
  await stopped
  await clock.advance(600_000)
  expect(begun.length).toBe(1)
  expect(clock.timers).toBe(0)
})

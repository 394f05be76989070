/**
 * When what is run. Every target has a grid of its own: its interval, begun at a moment that its name decides, so that a
 * thousand domains are spread over the interval, and always in the same way. What is due waits for its turn; a target that is
 * under way, or waits, is not begun again; times that went by in the meantime are left out.
 */
import type { Clock } from './clock.ts'
import { stableFraction } from './stable-hash.ts'

export interface ScheduledTarget {
  /** Unique. */
  readonly key: string
  /** Seconds. */
  readonly interval: number
  /** When the last run ended, of an earlier process as well; null before the first. */
  readonly lastRun: Date | null
}

export interface ScheduleOptions {
  readonly clock: Clock
  /** Runs under way at a time. */
  readonly concurrency: number
  /** Runs the target, and settles when that is over, however it went. */
  readonly run: (key: string) => Promise<void>
  /** Is told of what `run` throws, which is a bug of ours; the schedule goes on. */
  readonly onError: (key: string, error: unknown) => void
}

interface Entry {
  readonly key: string
  /** Where in its interval it is run: a number from 0 to 1 that its name decides. */
  readonly place: number
  interval: number
  /** Milliseconds since 1970. */
  next: number
  state: 'idle' | 'waiting' | 'running'
  /** Settles when the run that waits or is under way is over. */
  over: Promise<void> | null
  /** Nobody wants it any more. */
  gone: boolean
}

export class Schedule {
  readonly #clock: Clock
  readonly #run: ScheduleOptions['run']
  readonly #onError: ScheduleOptions['onError']
  #concurrency: number
  #entries = new Map<string, Entry>()
  /** Those that wait for their turn, in order. */
  #queue: { entry: Entry; begin: () => void }[] = []
  #running = 0
  #cancel: () => void = () => undefined
  #stopped = false

  constructor({ clock, concurrency, run, onError }: ScheduleOptions) {
    this.#clock = clock
    this.#concurrency = concurrency
    this.#run = run
    this.#onError = onError
  }

  /** From now on these and no others. One that stays keeps its time, and is not disturbed while it is under way. */
  replace(targets: Iterable<ScheduledTarget>, concurrency = this.#concurrency): void {
    this.#concurrency = concurrency
    const before = this.#entries
    this.#entries = new Map()
    const now = this.#now()
    for (const { key, interval, lastRun } of targets) {
      const known = before.get(key)
      before.delete(key)
      if (known) {
        if (known.interval !== interval) known.next = Math.min(known.next, slotAfter({ place: known.place, interval }, now))
        known.interval = interval
        this.#entries.set(key, known)
      } else {
        const place = stableFraction(key)
        const next = lastRun === null ? now : slotAfter({ place, interval }, lastRun.getTime())
        this.#entries.set(key, { key, place, interval, next, state: 'idle', over: null, gone: false })
      }
    }
    for (const entry of before.values()) entry.gone = true
    this.#queue = this.#queue.filter(({ entry, begin }) => {
      if (entry.gone) begin() // who waits for it hears that it will not come
      return !entry.gone
    })
    this.#wake()
  }

  nextRun(key: string): Date {
    return new Date(this.#entries.get(key)?.next ?? this.#now())
  }

  isRunning(key: string): boolean {
    return this.#entries.get(key)?.state === 'running'
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Runs a target before its time; one that waits or is under way is not run twice. Settles when it is over. */
  async now(key: string): Promise<void> {
    const entry = this.#entries.get(key)
    if (entry && !this.#stopped) await (entry.over ?? this.#enqueue(entry, true))
  }

  /** Begins nothing any more. Settles when what is under way is over. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel()
    for (const { entry, begin } of this.#queue.splice(0)) {
      entry.gone = true
      begin()
    }
    await Promise.allSettled([...this.#entries.values()].flatMap(({ over }) => over ?? []))
  }

  #now(): number {
    return this.#clock.now().getTime()
  }

  /** Sets out what is due, and sleeps until the next is. */
  #wake(): void {
    this.#cancel()
    if (this.#stopped) return
    const now = this.#now()
    let earliest = Infinity
    const due: Entry[] = []
    for (const entry of this.#entries.values()) {
      if (entry.state !== 'idle') continue
      if (entry.next <= now) due.push(entry)
      else earliest = Math.min(earliest, entry.next)
    }
    // What has waited longest first; and those that never ran in an order that mixes the modules.
    for (const entry of due.toSorted((a, b) => a.next - b.next || a.place - b.place)) void this.#enqueue(entry)
    if (earliest < Infinity) this.#cancel = this.#clock.after(Math.max(earliest - now, wakeAtMost), () => this.#wake())
  }

  #enqueue(entry: Entry, first = false): Promise<void> {
    entry.state = 'waiting'
    const turn = new Promise<void>(begin => {
      const waiting = { entry, begin }
      if (first) this.#queue.unshift(waiting)
      else this.#queue.push(waiting)
    })
    entry.over = turn.then(() => this.#perform(entry))
    this.#advance()
    return entry.over
  }

  /** As many as there is room for. */
  #advance(): void {
    while (this.#running < this.#concurrency) {
      const next = this.#queue.shift()
      if (!next) return
      this.#running++
      next.entry.state = 'running'
      next.begin()
    }
  }

  async #perform(entry: Entry): Promise<void> {
    if (entry.state !== 'running') return
    try {
      await this.#run(entry.key)
    } catch (error) {
      this.#onError(entry.key, error)
    }
    this.#running--
    entry.state = 'idle'
    entry.over = null
    entry.next = slotAfter(entry, this.#now())
    this.#advance()
    this.#wake()
  }
}

/** The first moment of the target's grid after `time`, and at least half an interval later. */
function slotAfter({ place, interval }: Pick<Entry, 'place' | 'interval'>, time: number): number {
  const step = interval * 1000
  const phase = place * step
  const slot = Math.floor((time - phase) / step + 1) * step + phase
  return slot - time < step / 2 ? slot + step : slot
}

/** Milliseconds: targets that are due almost together are set out together. */
const wakeAtMost = 50

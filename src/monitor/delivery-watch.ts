/**
 * The module of the service that sends test messages: each route of the configuration at its interval, what came of it as samples.
 * What was lost is remembered, so that a later run knows it when it comes.
 */
import type { DeliveryResult, EarlierDelivery } from '../delivery/result.ts'
import type { Clock } from './clock.ts'
import { readDeliveries, stillWaiting, writeDeliveries } from './deliveries.ts'
import type { Log } from './log.ts'
import type { Sample } from './metrics.ts'
import { Schedule } from './schedule.ts'

export interface DeliveryRoute {
  readonly name: string
  /** Seconds. */
  readonly interval: number
  /** Sends one message, and sees it through. */
  readonly run: (earlier: readonly EarlierDelivery[]) => Promise<DeliveryResult>
}

export interface DeliveryWatchOptions {
  readonly clock: Clock
  readonly log: Log
  /** Where what was lost is kept; without it in memory alone. */
  readonly directory: string | undefined
}

/** Messages under way at a time. */
const atATime = 4

export class DeliveryWatch {
  readonly #clock: Clock
  readonly #log: Log
  readonly #directory: string | undefined
  readonly #schedule: Schedule
  #routes = new Map<string, DeliveryRoute>()
  readonly #samples = new Map<string, readonly Sample[]>()
  #waiting: readonly EarlierDelivery[] = []

  constructor({ clock, log, directory }: DeliveryWatchOptions) {
    this.#clock = clock
    this.#log = log
    this.#directory = directory
    this.#schedule = new Schedule({
      clock, concurrency: atATime, run: name => this.#run(name),
      onError: (route, error) => log('error', 'a delivery failed by a bug in mailcheck', { route, error: String(error) }),
    })
    if (directory !== undefined) this.#waiting = this.#kept(directory)
  }

  /** Sends along these routes from now on. */
  watch(routes: readonly DeliveryRoute[]): void {
    this.#routes = new Map(routes.map(route => [route.name, route]))
    for (const name of this.#samples.keys()) if (!this.#routes.has(name)) this.#samples.delete(name)
    this.#schedule.replace(routes.map(({ name, interval }) => ({ key: name, interval, lastRun: null })), atATime)
  }

  samples(): readonly Sample[] {
    return [...this.#samples.values()].flat()
  }

  async stop(): Promise<void> {
    await this.#schedule.stop()
  }

  async #run(name: string): Promise<void> {
    const route = this.#routes.get(name)
    if (!route) return
    const result = await route.run(this.#waiting)
    this.#waiting = stillWaiting(this.#waiting, result, this.#clock.now())
    if (this.#directory !== undefined) this.#keep(this.#directory)
    this.#samples.set(name, deliverySamples(name, result, this.#clock.now(), this.#samples.get(name) ?? []))
    for (const { outcome, problems, unknown } of result.routes) {
      if (outcome !== 'delivered') this.#log('warn', 'a test message did not come', { route: name, outcome, why: problems[0]?.text ?? unknown?.detail ?? '' })
    }
    for (const { seconds } of result.late) this.#log('info', 'a test message that was lost came after all', { route: name, seconds: Math.round(seconds) })
  }

  #kept(directory: string): readonly EarlierDelivery[] {
    try {
      return readDeliveries(directory)
    } catch (error) {
      this.#log('warn', 'what was lost earlier cannot be read', { error: String(error) })
      return []
    }
  }

  #keep(directory: string): void {
    try {
      writeDeliveries(directory, this.#waiting)
    } catch (error) {
      this.#log('warn', 'what was lost cannot be kept', { error: String(error) })
    }
  }
}

/** What could not be tested leaves the last decided outcome as it was, and says so. */
export function deliverySamples(route: string, { routes: [result] }: DeliveryResult, at: Date, before: readonly Sample[]): Sample[] {
  if (!result) return [...before]
  const sample = (family: Sample['family'], value: number, labels: Readonly<Record<string, string>> = {}): Sample => ({ family, labels: { route, ...labels }, value })
  const always = [
    sample('mailcheck_delivery_timestamp_seconds', at.getTime() / 1000), sample('mailcheck_delivery_unknown', result.outcome === 'unknown' ? 1 : 0),
  ]
  if (result.outcome === 'unknown' && !result.problems.some(({ severity }) => severity === 'error')) {
    return [...before.filter(({ family }) => family !== 'mailcheck_delivery_timestamp_seconds' && family !== 'mailcheck_delivery_unknown'), ...always]
  }
  const stages = new Map(result.timeline.filter(({ stage }) => stage === 'accepted' || stage === 'delivered' || stage === 'imap' || stage === 'pop3')
    .map(({ stage, seconds }) => [stage, Math.max(0, seconds)]))
  return [
    ...always,
    sample('mailcheck_delivery_success', result.outcome === 'delivered' && !result.problems.some(({ severity }) => severity === 'error' || severity === 'critical') ? 1 : 0),
    ...[...stages].map(([stage, seconds]) => sample('mailcheck_delivery_seconds', seconds, { stage })),
    ...result.folder === null ? [] : [sample('mailcheck_delivery_folder_info', 1, { folder: result.folder.kind })],
  ]
}

/**
 * The service without its web server: runs every target at its interval, keeps what is known, takes a new configuration
 * without losing it, and ends in order.
 */
import { check, type CheckOptions } from '../index.ts'
import type { Check } from '../checks/define.ts'
import { publicOnly } from '../network/public-only.ts'
import { inTurns, Turns } from '../network/turns.ts'
import { createSessions, shareSessions, type Sessions, type SharedSessions } from '../probes/sessions.ts'
import { decided, type Report } from '../report/report.ts'
import type { Clock } from './clock.ts'
import type { DeliveryWatch } from './delivery-watch.ts'
import { applyChange, changeOf, emptyRecord, type Change, type DomainRecord } from './domain-record.ts'
import { targetSamples } from './domain-samples.ts'
import type { Log } from './log.ts'
import { mergeReports } from './merged-report.ts'
import { samplesOf, type FinishedRun, type Samples } from './metrics.ts'
import type { Module } from './modules.ts'
import { historyFacts } from './observations.ts'
import { Obtained } from './obtained.ts'
import { createOwnMetrics, type OwnMetrics } from './own-metrics.ts'
import type { Sample } from './metrics.ts'
import type { ReportWatch } from './report-watch.ts'
import { Schedule } from './schedule.ts'
import { SettingsError, type NamedDomain, type Settings } from './settings.ts'
import { belongsTo } from './stable-hash.ts'
import type { Target, TargetStatus } from './target.ts'
import { Targets } from './targets.ts'

/** What outlives the process. */
export interface Memory {
  recall(domain: string): DomainRecord | undefined
  /** Keeps the change; `record` is what it comes to. Settles when it is kept. */
  remember(domain: string, change: Change, record: DomainRecord): Promise<void>
  close(): Promise<void>
}

/** Further domains, from files that somebody else writes. */
export interface Discovery {
  /** What the files say now. */
  domains(): readonly NamedDomain[]
  readonly unreadable: number
  /** Looks at these files from now on. */
  watch(patterns: readonly string[]): void
  close(): void
}

/** The mail logs that are followed. */
export interface MailLogs {
  /** Follows these from now on. */
  watch(files: readonly string[]): void
  text(): Promise<string>
  close(): Promise<void>
}

export interface ServiceOptions {
  readonly settings: Settings
  /** Reads the configuration again. Rejects with what is wrong with it. */
  readonly load: () => Promise<Settings>
  readonly clock: Clock
  readonly log: Log
  readonly checks: readonly Check[]
  readonly memory?: Memory | undefined
  readonly discovery?: ((onChange: () => void) => Discovery) | undefined
  /** Takes in what others report. */
  readonly reports?: ReportWatch | undefined
  /** Sends test messages. */
  readonly deliveries?: DeliveryWatch | undefined
  readonly mailLogs?: MailLogs | undefined
  /** Runs stop for a scrape, not a scrape for runs: so does all else that takes turns with them. */
  readonly turns?: Turns | undefined
}

/** What a probe came to. */
export interface Probed {
  readonly samples: Samples
  readonly report: Report | null
  readonly success: boolean
  readonly seconds: number
}

/** Unlisted domains that are probed at a time. */
const mostProbes = 10
/** Milliseconds between two sessions with an endpoint, at the least: what its budget of new connections a minute allows. */
const leastSessionAge = 12_000
const greatestSessionAge = 600_000

export class Service {
  readonly targets = new Targets()
  readonly own: OwnMetrics
  readonly checks: readonly Check[]
  #settings: Settings
  readonly #load: ServiceOptions['load']
  readonly #clock: Clock
  readonly #log: Log
  readonly #memory: Memory | undefined
  readonly #discovery: Discovery | undefined
  readonly #reports: ReportWatch | undefined
  readonly #deliveries: DeliveryWatch | undefined
  readonly mailLogs: MailLogs | undefined
  readonly #schedule: Schedule
  readonly #sessions: SharedSessions
  readonly #turns: Turns
  readonly #underWay = new Set<AbortController>()
  #probes = 0
  #reloading: Promise<boolean> | null = null
  #state: 'new' | 'running' | 'stopping' = 'new'

  constructor({ settings, load, clock, log, checks, memory, discovery, reports, deliveries, mailLogs, turns = new Turns() }: ServiceOptions) {
    this.mailLogs = mailLogs
    this.#turns = turns
    this.#settings = settings
    this.#load = load
    this.#clock = clock
    this.#log = log
    this.checks = checks
    this.#memory = memory
    this.#reports = reports
    this.#deliveries = deliveries
    this.#sessions = shareSessions(() => clock.now().getTime())
    this.#schedule = new Schedule({ clock, concurrency: settings.concurrency, run: key => this.#run(targetOf(key)), onError: (key, error) => this.#bug(targetOf(key), error) })
    this.#discovery = discovery?.(() => this.#apply())
    this.own = createOwnMetrics({
      runsInFlight: () => this.#schedule.running,
      runsWaiting: () => this.#schedule.waiting,
      targets: () => new Map(this.targets.modules().map(({ name }) => [name, this.targets.size])),
      unreadableTargetFiles: () => this.#discovery?.unreadable ?? 0,
    })
  }

  /** Sets out. */
  start(): void {
    this.#state = 'running'
    this.own.reloaded(true, this.#clock.now())
    this.#discovery?.watch(this.#settings.targetFiles)
    void this.#reports?.watch(this.#settings.reports ?? null)
    this.#deliveries?.watch(this.#settings.routes ?? [])
    this.mailLogs?.watch(this.#settings.logs ?? [])
    this.#apply()
    this.#log('info', 'checking', { domains: this.targets.size, modules: this.#settings.modules.map(({ name }) => name).join(' ') })
  }

  get ready(): boolean {
    return this.#state === 'running'
  }

  get allowUnlisted(): boolean {
    return this.#settings.allowUnlisted
  }

  now(): Date {
    return this.#clock.now()
  }

  /** What came of the test messages. */
  deliverySamples(): readonly Sample[] {
    return this.#deliveries?.samples() ?? []
  }

  /** What others report of the domains that are checked. */
  reportSamples(): readonly Sample[] {
    return this.#reports?.samples(this.targets.domains().map(({ domain }) => domain)) ?? []
  }

  /** Takes what the configuration says now; false, and everything stays as it is, when that cannot be read. */
  reload(): Promise<boolean> {
    this.#reloading ??= this.#reload().finally(() => (this.#reloading = null))
    return this.#reloading
  }

  statuses(): TargetStatus[] {
    return [...this.targets.all()].map(target => {
      const run = this.targets.record(target.domain)?.runs.get(target.module)
      const key = keyOfTarget(target)
      return {
        ...target,
        interval: this.targets.module(target.module)?.interval ?? 0,
        lastRun: run ? new Date(run.endedAt) : null,
        nextRun: this.#schedule.nextRun(key),
        running: this.#schedule.isRunning(key),
        success: run?.success ?? null,
        report: this.targets.glance(target) ?? null,
      }
    })
  }

  /** What /metrics has of the domains. */
  lines(): AsyncGenerator<Buffer> {
    return this.targets.lines()
  }

  /** What all modules last found; undefined for a domain that is not configured, null before its first run. */
  report(domain: string): Report | null | undefined {
    const name = this.targets.name(domain)
    if (!name) return undefined
    const [first, ...rest] = this.targets.reports(domain)
    return first ? this.#marked(mergeReports([first, ...rest], this.#settings.scopeOf(name), this.checks)) : null
  }

  /**
   * The last run of a scheduled target, after its first run if need be; else a run of its own. `deadline` in milliseconds.
   * Null: too much is going on.
   */
  async probe(input: NamedDomain, module: Module, deadline: number): Promise<Probed | null> {
    const target = { domain: input.domain, module: module.name }
    if (!this.targets.name(input.domain)) return this.#probeUnlisted(input, module, deadline)
    if (!this.targets.samples(target)) await this.#within(deadline, this.#schedule.now(keyOfTarget(target)))
    const run = this.targets.record(input.domain)?.runs.get(module.name)
    const samples = this.targets.samples(target)
    if (!run || !samples) return { samples: [], report: null, success: false, seconds: deadline / 1000 }
    const report = this.targets.report(target)
    return { samples, report: report ? this.#marked(report) : null, success: run.success, seconds: run.seconds }
  }

  #marked(report: Report): Report {
    return this.#settings.mark?.(report) ?? report
  }

  /** Ends: what is under way may finish for so many milliseconds. */
  async stop(patience: number): Promise<void> {
    this.#state = 'stopping'
    this.#discovery?.close()
    const sent = this.#deliveries?.stop() // no message sets out that nobody would look for
    const over = this.#schedule.stop()
    if (!await this.#within(patience, over)) {
      for (const controller of this.#underWay) controller.abort()
      await this.#within(abandonment, over)
    }
    await this.#within(abandonment, Promise.all([this.#reports?.stop(), sent]).then(() => undefined))
    await this.mailLogs?.close()
    await this.#memory?.close()
  }

  async #reload(): Promise<boolean> {
    try {
      const settings = await this.#load()
      if (this.#state === 'stopping') return false // what is closed stays closed
      this.#settings = settings
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      this.own.reloaded(false, this.#clock.now())
      for (const line of error.message.split('\n')) this.#log('error', 'the configuration cannot be read; the old one stays in force', { problem: line })
      return false
    }
    this.own.reloaded(true, this.#clock.now())
    this.#discovery?.watch(this.#settings.targetFiles)
    void this.#reports?.watch(this.#settings.reports ?? null)
    this.#deliveries?.watch(this.#settings.routes ?? [])
    this.mailLogs?.watch(this.#settings.logs ?? [])
    this.#apply()
    this.#log('info', 'configuration read again', { domains: this.targets.size })
    return true
  }

  /** Brings targets and schedule in line with the settings and the target files. */
  #apply(): void {
    if (this.#state !== 'running') return
    const { modules, shard, domains, concurrency } = this.#settings
    const all = new Map([...this.#discovery?.domains() ?? [], ...domains].map(domain => [domain.domain, domain]))
    const own = [...all.values()].filter(({ domain }) => shard === null || belongsTo(shard, domain))
    this.targets.replace(own, modules, domain => this.#memory?.recall(domain), this.#settings.waivers)
    void this.targets.refresh()
    this.#schedule.replace([...this.targets.all()].map(target => {
      const endedAt = this.targets.record(target.domain)?.runs.get(target.module)?.endedAt
      return {
        key: keyOfTarget(target), interval: this.targets.module(target.module)?.interval ?? 0,
        lastRun: endedAt === undefined ? null : new Date(endedAt),
      }
    }), concurrency)
  }

  async #run(target: Target): Promise<void> {
    const name = this.targets.name(target.domain)
    const module = this.targets.module(target.module)
    const record = this.targets.record(target.domain)
    if (!name || !module || !record) return
    const sessions = this.#sessions.within(Math.min(Math.max(module.interval * 500, leastSessionAge), greatestSessionAge))
    const ended = await this.#perform(name, module, { sessions, history: historyFacts(record.histories, record.since) })
    if (!ended) return
    const { report, run } = ended
    this.own.runEnded(run.module, run.seconds, run.success)
    const change = this.targets.finish(target.domain, report, run)
    const after = this.targets.record(target.domain)
    if (change && after) await this.#memory?.remember(target.domain, change, after)
  }

  /** One run; null when it was abandoned, which says nothing about anything. */
  async #perform(
    name: NamedDomain, module: Module, options: Pick<CheckOptions, 'history'> & Partial<Pick<CheckOptions, 'sessions' | 'network' | 'deadline'>>,
  ): Promise<{ readonly report: Report | null; readonly run: FinishedRun } | null> {
    const { deadline, scopeOf } = this.#settings
    const { network = this.#settings.network, sessions = createSessions(), history } = options
    const obtained = new Obtained({ network: network.now(), sessions: this.#clock.now() })
    const controller = new AbortController()
    this.#underWay.add(controller)
    await this.#turns.take()
    const began = performance.now()
    let report: Report | null = null
    try {
      report = await check(scopeOf(name), {
        deadline: options.deadline ?? deadline,
        network: obtained.network(inTurns(network, this.#turns)), sessions: obtained.sessions(sessionsInTurns(sessions, this.#turns)),
        obtainedAt: evidence => obtained.of(evidence),
        ...(history ? { history } : {}), checks: module.checks, signal: controller.signal,
      })
    } catch (error) {
      this.#bug({ domain: name.domain, module: module.name }, error)
    } finally {
      this.#underWay.delete(controller)
    }
    if (controller.signal.aborted) return null
    await this.#turns.take()
    const success = report !== null && (report.counts.unknown === 0 || decided(report.counts))
    return { report, run: { module: module.name, endedAt: this.#clock.now(), seconds: (performance.now() - began) / 1000, success } }
  }

  #bug({ domain, module }: Target, error: unknown): void {
    this.#log('error', 'a run failed by a bug in mailcheck', { domain, module, error: error instanceof Error ? error.stack ?? error.message : String(error) })
  }

  /** Strangers' domains must not lead us to our own neighbours, nor learn what sessions with those said. */
  async #probeUnlisted(name: NamedDomain, module: Module, deadline: number): Promise<Probed | null> {
    if (this.#probes >= mostProbes) return null
    this.#probes++
    try {
      const ended = await this.#perform(name, module, {
        network: publicOnly(this.#settings.network), sessions: createSessions(), deadline: Math.min(deadline, this.#settings.deadline),
      })
      if (!ended) return null
      const { report, run } = ended
      const record = applyChange(emptyRecord, changeOf(emptyRecord, report, run))
      const measured = new Map([[module.name, report ? samplesOf(report) : []]])
      const samples = targetSamples({ domain: name.domain, record, measured, intervals: new Map([[module.name, module.interval]]) }, module.name)
        .filter(({ family }) => family !== 'mailcheck_run_interval_seconds' && family !== 'mailcheck_record_changed_timestamp_seconds')
      return { samples, report, success: run.success, seconds: run.seconds }
    } finally {
      this.#probes--
    }
  }

  /** Whether it is over before so many milliseconds have passed. */
  #within(milliseconds: number, over: Promise<unknown>): Promise<boolean> {
    return new Promise(resolve => {
      const cancel = this.#clock.after(milliseconds, () => resolve(false))
      const settle = (): void => {
        cancel()
        resolve(true)
      }
      over.then(settle, settle)
    })
  }
}

function sessionsInTurns(sessions: Sessions, turns: Turns): Sessions {
  return {
    hold: async (network, endpoint, script) => {
      await turns.take()
      return sessions.hold(network, endpoint, script)
    },
    towardsTls: async (network, endpoint, script) => {
      await turns.take()
      return sessions.towardsTls(network, endpoint, script)
    },
  }
}

/** Milliseconds for what was told to end. */
const abandonment = 500

function keyOfTarget({ domain, module }: Target): string {
  return `${domain} ${module}`
}

function targetOf(key: string): Target {
  const [domain = '', module = ''] = key.split(' ', 2)
  return { domain, module }
}

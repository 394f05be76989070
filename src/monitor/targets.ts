/** The targets of the service and what each is at: the state in memory, from which every answer is given. */
import { checks as registry } from '../checks/index.ts'
import type { Report } from '../report/report.ts'
import { waivedBy, type IsWaived, type Waiver } from '../report/waivers.ts'
import { applyChange, changeOf, emptyRecord, withoutModules, type Change, type DomainRecord } from './domain-record.ts'
import { domainSamples, targetSamples, type DomainInput } from './domain-samples.ts'
import { Exposition } from './exposition.ts'
import { KeptReport, type ReportGlance } from './kept-report.ts'
import { samplesOf, type FinishedRun, type Samples } from './metrics.ts'
import type { Module } from './modules.ts'
import type { NamedDomain } from './settings.ts'
import type { Target } from './target.ts'

interface Watched {
  readonly name: NamedDomain
  record: DomainRecord
  /** By module. */
  readonly reports: Map<string, KeptReport>
  readonly measured: Map<string, Samples>
}

/** Milliseconds of work before others are looked after. */
const stretch = 5

export class Targets {
  readonly #exposition = new Exposition()
  readonly #domains = new Map<string, Watched>()
  #modules: ReadonlyMap<string, Module> = new Map()
  /** Domains whose lines are not as they should be: they are many at once when a configuration is read. */
  readonly #stale = new Set<string>()
  /** What else than its runs decides on the lines of a domain. */
  #shape = ''
  #isWaived: IsWaived = () => false

  /** From now on these domains, with these modules. What is not among them is forgotten; `recall` says what is remembered of a new one. */
  replace(domains: readonly NamedDomain[], modules: readonly Module[], recall: (domain: string) => DomainRecord | undefined, waivers: readonly Waiver[] = []): void {
    const before = this.#shape
    this.#shape = JSON.stringify([modules.map(({ name, interval }) => [name, interval]), waivers])
    this.#isWaived = waivedBy(waivers, registry)
    this.#modules = new Map(modules.map(module => [module.name, module]))
    const isAsBefore = before === this.#shape
    const names = new Set(modules.map(({ name }) => name))
    const wanted = new Set(domains.map(({ domain }) => domain))
    for (const domain of this.#domains.keys()) {
      if (wanted.has(domain)) continue
      this.#domains.delete(domain)
      this.#exposition.delete(domain)
    }
    for (const name of domains) {
      const known = this.#domains.get(name.domain)
      const record = withoutModules(known?.record ?? recall(name.domain) ?? emptyRecord, names)
      const kept = <V>(map: ReadonlyMap<string, V> | undefined): Map<string, V> => new Map([...map ?? []].filter(([module]) => names.has(module)))
      this.#domains.set(name.domain, { name, record, reports: kept(known?.reports), measured: kept(known?.measured) })
      if (!known || !isAsBefore) this.#stale.add(name.domain)
    }
  }

  /** Writes the lines of all domains anew whose lines are not as they should be. */
  async refresh(): Promise<void> {
    let since = performance.now()
    for (const domain of this.#stale) {
      this.#expose(domain)
      if (performance.now() - since < stretch) continue
      await new Promise(resolve => setImmediate(resolve))
      since = performance.now()
    }
  }

  /** What /metrics has of every domain. */
  async * lines(): AsyncGenerator<Buffer> {
    await this.refresh()
    yield * this.#exposition.pieces()
  }

  get size(): number {
    return this.#domains.size
  }

  domains(): NamedDomain[] {
    return [...this.#domains.values()].map(({ name }) => name)
  }

  modules(): Module[] {
    return [...this.#modules.values()]
  }

  * all(): Generator<Target> {
    for (const domain of this.#domains.keys()) for (const module of this.#modules.keys()) yield { domain, module }
  }

  module(name: string): Module | undefined {
    return this.#modules.get(name)
  }

  name(domain: string): NamedDomain | undefined {
    return this.#domains.get(domain)?.name
  }

  record(domain: string): DomainRecord | undefined {
    return this.#domains.get(domain)?.record
  }

  /** What the last run found; undefined before the first one of this process. */
  report({ domain, module }: Target): Report | undefined {
    return this.#domains.get(domain)?.reports.get(module)?.whole()
  }

  glance({ domain, module }: Target): ReportGlance | undefined {
    const watched = this.#domains.get(domain)
    const glance = watched?.reports.get(module)?.glance
    return glance && { ...glance, findings: glance.findings.filter(finding => !this.#isWaived(finding, glance.startedAt.slice(0, 10))) }
  }

  /** The latest of each module, the later one last. */
  reports(domain: string): Report[] {
    return [...this.#domains.get(domain)?.reports.values() ?? []].map(kept => kept.whole()).toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
  }

  /** Takes in a run that ended; null when nobody wants to know any more. */
  finish(domain: string, report: Report | null, run: FinishedRun): Change | null {
    const watched = this.#domains.get(domain)
    if (!watched || !this.#modules.has(run.module)) return null
    const change = changeOf(watched.record, report, run)
    watched.record = applyChange(watched.record, change)
    if (report) {
      watched.reports.set(run.module, new KeptReport(report))
      watched.measured.set(run.module, samplesOf(report))
    }
    this.#expose(domain)
    return change
  }

  /** What a probe of this target hands out; undefined before its first run. */
  samples({ domain, module }: Target): Samples | undefined {
    const watched = this.#domains.get(domain)
    return watched?.record.runs.has(module) ? targetSamples(this.#input(watched), module) : undefined
  }

  #expose(domain: string): void {
    const watched = this.#domains.get(domain)
    this.#stale.delete(domain)
    if (watched) this.#exposition.set(domain, domainSamples(this.#input(watched)))
  }

  #input({ name: { domain }, record, measured }: Watched): DomainInput {
    return { domain, record, measured, isWaived: this.#isWaived, intervals: new Map([...this.#modules].map(([name, { interval }]) => [name, interval])) }
  }
}

/** What the configuration asks of the service. Everything but the address and the state directory may change by a reload. */
import type { Network } from '../network/network.ts'
import type { Report } from '../report/report.ts'
import type { Waiver } from '../report/waivers.ts'
import type { Scope } from '../scope.ts'
import type { DeliveryRoute } from './delivery-watch.ts'
import type { Module } from './modules.ts'
import type { Shard } from './stable-hash.ts'

export interface NamedDomain {
  /** What a target file says of it; handed on by /sd. */
  readonly labels?: Readonly<Record<string, string>>
  readonly domain: string
  readonly shownAs: string
}

export interface Settings {
  /** Domains that the configuration names. */
  readonly domains: readonly NamedDomain[]
  /** Files that name further ones: paths, or `*.yaml` in a folder. */
  readonly targetFiles: readonly string[]
  /** Along which test messages are sent. */
  readonly routes?: readonly DeliveryRoute[]
  /** Where others’ reports arrive: a folder, a maildir or a mailbox; without it none are read. */
  readonly reports?: string
  /** Mail logs to follow. */
  readonly logs?: readonly string[]
  /** In this order; the first is what a probe runs that names none. */
  readonly modules: readonly Module[]
  readonly allowUnlisted: boolean
  /** Runs under way at a time. */
  readonly concurrency: number
  /** Milliseconds that a run may take. */
  readonly deadline: number
  /** Which domains are for this process. */
  readonly shard: Shard | null
  readonly scopeOf: (domain: NamedDomain) => Scope
  /** Shared by all runs: with its memory, and within its budget. */
  readonly network: Network
  /** What somebody answers for: it has no series, and rings nobody. */
  readonly waivers?: readonly Waiver[]
  /** Puts into a report what waivers and the profile say of it. */
  readonly mark?: (report: Report) => Report
}

/** Why settings cannot be had: one line for each problem. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SettingsError'
  }
}

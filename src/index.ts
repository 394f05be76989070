/**
 * The library: one domain in, one report out. Everything it learns comes through the `Network` it is given, so the same call
 * runs against the internet, a recording, or a world on loopback.
 */
import { checks as allChecks } from './checks/index.ts'
import type { Check, Evidence } from './checks/define.ts'
import { limit, Budget, type BudgetOptions } from './network/limit.ts'
import { createLiveNetwork, type LiveOptions } from './network/live.ts'
import { memo } from './network/memo.ts'
import type { Network } from './network/network.ts'
import { record, type Recorder } from './network/record.ts'
import { watch, type NetworkEvent } from './network/watch.ts'
import { whenOpened } from './network/when-opened.ts'
import { version } from './package.ts'
import { domainProbes, subjectProbes } from './probes/index.ts'
import type { HistoryFacts } from './probes/history.ts'
import { createSessions, type Sessions } from './probes/sessions.ts'
import { makeReport, type Report } from './report/report.ts'
import { run, type RunEvent } from './run.ts'
import type { Scope } from './scope.ts'

export interface CheckOptions {
  readonly network: Network
  /** Dialogues to share with other domains of the same call; else this run keeps its own. */
  readonly sessions?: Sessions
  /** What earlier runs saw of the domain. */
  readonly history?: HistoryFacts
  /** When this was seen (RFC 3339), if that was before the run: for a network and dialogues that runs share. */
  readonly obtainedAt?: (evidence: Evidence) => string | null
  /** Which checks to judge, in report order; by default all. */
  readonly checks?: readonly Check[]
  readonly onEvent?: (event: RunEvent) => void
  /** Milliseconds after which whatever is still open is unknown (`deadline-spent`). */
  readonly deadline?: number
  /** Ends the run in the same way. */
  readonly signal?: AbortSignal
}

/** Checks one domain. Rejects only for a bug of ours: what cannot be tested is `unknown` in the report. */
export async function check(scope: Scope, options: CheckOptions): Promise<Report> {
  const { checks = allChecks, sessions = createSessions(), history, obtainedAt, onEvent, deadline, signal } = options
  const end = runEnd(deadline, signal)
  const network = end ? limit(options.network, { budget: unlimited, signal: end.signal, ...deadline === undefined ? {} : { deadline } }) : options.network
  try {
    const startedAt = network.now()
    const result = await run(scope, { checks, domainProbes, subjectProbes }, { network, sessions, history, obtainedAt, ...(onEvent ? { onEvent } : {}) })
    return makeReport(scope, result, { startedAt, version: version(), checks })
  } finally {
    end?.over()
  }
}

/** When the run must end; nothing of that outlives one that ends before, as a service has many of them. */
function runEnd(deadline: number | undefined, signal: AbortSignal | undefined): { readonly signal: AbortSignal; over(): void } | null {
  if (deadline === undefined && signal === undefined) return null
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  if (signal?.aborted || (deadline !== undefined && deadline <= 0)) abort()
  const timer = deadline === undefined ? undefined : setTimeout(abort, Math.min(deadline, 2 ** 31 - 1)).unref()
  signal?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    over: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

/** For a wrapper that only ends a run: the budget is kept below, where all domains of a call share it. */
const unlimited = new Budget({ perEndpoint: Infinity, perMinute: Infinity, total: Infinity, questions: Infinity })

/** A world to live in, in place of the internet. */
export type Surroundings = Required<Pick<LiveOptions, 'resolvers' | 'route' | 'roots'>>

export type NetworkOptions = LiveOptions & {
  /** Where everything takes place; opened when something is first asked. */
  readonly surroundings?: () => Promise<Surroundings>
  /** Is told of every exchange while it happens. */
  readonly listener?: (event: NetworkEvent) => void
  /** Writes down every exchange. */
  readonly recorder?: Recorder
  readonly budget?: BudgetOptions
}

/** The network as it is: answers remembered, watched, recorded, and asked for within a budget. */
export function createNetwork({ listener, recorder, budget, surroundings, ...live }: NetworkOptions): Network {
  const lowest = surroundings ? whenOpened(async () => createLiveNetwork({ ...live, ...await surroundings() })) : createLiveNetwork(live)
  const limited = limit(lowest, budget)
  return observed(recorder ? record(limited, recorder) : limited, listener)
}

/** Any network, such as a replayed recording, with its answers remembered and watched. */
export function observed(network: Network, listener?: (event: NetworkEvent) => void): Network {
  return memo(listener ? watch(network, listener) : network)
}

export { checks } from './checks/index.ts'
export { checkHost } from './evaluate/check-host.ts'
export { drive } from './probes/drive.ts'
export { createSessions } from './probes/sessions.ts'
export { exitCode } from './report/exit-code.ts'
export { makeScope } from './scope.ts'
export { parseDomain } from './syntax/domain.ts'
export { NetworkFailure } from './network/network.ts'
export type { Check, Evidence, Question, Remedy, Severity } from './checks/define.ts'
export type { NetworkEvent } from './network/watch.ts'
export type { Answer, Connection, Endpoint, Failure, HttpResponse, Network } from './network/network.ts'
export type { HistoryFacts, Observation, ObservedCertificate } from './probes/history.ts'
export type { SpfRequest, SpfResult, SpfVerdict } from './evaluate/check-host.ts'
export type { Counts, QuestionAnswer, Report, ReportedFinding } from './report/report.ts'
export type { ExitPolicy, FailOn } from './report/exit-code.ts'
export type { Finding, RunEvent } from './run.ts'
export type { Reason } from './reasons.ts'
export type { Account, DeclaredService, Permission, Scope, ScopeFlags, Sender, VantageHost } from './scope.ts'

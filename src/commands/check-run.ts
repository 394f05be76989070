/** What `mailcheck check` does, from arguments to exit status. */
import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import { selectChecks } from '../checks/select.ts'
import type { Config } from '../config.ts'
import { check, checks as allChecks, createSessions, exitCode, makeScope, parseDomain, type Check, type FailOn, type HistoryFacts, type Report, type ScopeFlags } from '../index.ts'
import { applyProfile } from '../report/profile.ts'
import { decided } from '../report/report.ts'
import { parseHostPort } from '../syntax/host-port.ts'
import type { ReceivedReport } from '../syntax/received-report.ts'
import type { SuppliedMessage } from '../syntax/supplied-message.ts'
import { chosenProfile, scopeUnder } from './chosen-profile.ts'
import { readConfiguration } from './configuration.ts'
import { comparedWith } from './compared.ts'
import { destinationsOf } from './destinations.ts'
import { ownEhloName } from './ehlo-name.ts'
import type { CheckFlags } from './flags.ts'
import { Interruption } from './interruption.ts'
import { lookForSecrets } from './login-secrets.ts'
import { domainsRecorded, familiesOf, networkFromFlags, scopesRecorded, type Surroundings } from './network-from-flags.ts'
import { Output, tell } from './output.ts'
import { ProgressLine } from './progress-line.ts'
import { Printing } from './printing.ts'
import { askedIn, type Asked } from './recorded-scope.ts'
import { reporter, type Reporter } from './reporter.ts'
import { traceLines } from './trace.ts'
import { UsageError } from './usage-error.ts'
import { permissionsOf, withoutEffect } from './without-effect.ts'

/** Domains under way at a time; the budget of the network bounds what they do together. */
const atATime = 10

/** Where the run takes place, when that is not the internet. */
export interface Place {
  readonly surroundings: () => Promise<Surroundings>
  readonly config: Config
  /** By user name, in a world. */
  readonly passwords?: ReadonlyMap<string, string>
}

/**
 * How it is judged: by which checks, beside which earlier report, by whose profile; where nothing is said of that, as it was recorded.
 * Throws `UsageError` and `ConfigError`.
 */
export async function judgingUnder(flags: CheckFlags, config: Config | null) {
  const recorded = recordedOf(flags)
  const checks = selected(flags, recorded)
  const idle = withoutEffect(flags, allChecks)
  if (idle !== undefined) tell(idle)
  return { checks, compared: comparedWith(flags, config), profile: await chosenProfile(flags.profile, config, recorded.profile) }
}

/** Which checks the recording that is replayed was made with, and so has the answers for. */
export function recordedOf({ replay }: Pick<CheckFlags, 'replay'>): Asked {
  return replay === undefined ? {} : askedIn(scopesRecorded(replay))
}

/**
 * Returns the exit status; `printed` prints the reports in place of what the flags say. Throws `UsageError` and `ConfigError`
 * before anything is asked, and whatever a bug throws after.
 */
export async function runCheck(inputs: readonly string[], flags: CheckFlags, place?: Place, printed?: Reporter): Promise<number> {
  const { domains, refused } = readDomains(inputs.length === 0 && flags.replay !== undefined ? domainsRecorded(flags.replay) : inputs, flags.quiet)
  const destinations = destinationsOf(flags)
  const [{ format }] = destinations
  const config = place?.config ?? await readConfiguration(flags.config)
  const { checks, compared, profile } = await judgingUnder(flags, config)
  if (domains.length === 0) return 2
  if (flags.login && flags.replay === undefined) {
    const nobody = lookForSecrets(config, domains)
    if (nobody !== undefined && !flags.quiet) tell(`--login: ${nobody}`)
  }

  const interruption = new Interruption()
  const output = new Output(() => interruption.stop())
  const progress = new ProgressLine(domains.length, process.stderr.isTTY && !flags.quiet && !flags.trace)
  const { network, scoped, finish } = networkFromFlags(flags, config, event => {
    progress.onNetwork(event)
    if (flags.trace) for (const line of traceLines(event)) process.stderr.write(`${line}\n`)
  }, place?.surroundings)
  const shared = await scopeFlags(flags)
  const remembered = flags.state === undefined ? undefined : await rememberedIn(flags.state)
  const planned = flags.overlay === undefined ? null : await import('./overlaid.ts')
  const sessions = createSessions()
  setMaxListeners(0, interruption.signal)
  const printing = await Printing.open<Report>(destinations, output, {
    colour: flags.color, printed, make: (wanted, paper) => reporter(wanted, { checks, quiet: flags.quiet, ...paper }),
  })
  const limit = pLimit(atATime)
  const runs = domains.map(input => limit(async (): Promise<Report | null> => {
    if (interruption.signal.aborted) return null
    const history = remembered?.(input.domain)
    const overlaid = planned ? await planned.overlaid(network, flags.overlay ?? '', input.domain) : network
    const report = await check(scopeUnder(scoped(makeScope(shared, config, input)), profile), {
      network: overlaid, sessions, checks, ...(history ? { history } : {}), signal: interruption.signal, deadline: flags.deadline * 1000,
      onEvent: event => progress.on(event.kind === 'checks' ? { ...event, domain: input.domain } : { kind: 'judged', domain: input.domain }),
    })
    progress.on({ kind: 'reported', domain: input.domain })
    return report
  }))
  for (const run of runs) run.catch(() => undefined) // told of when its turn comes

  const policy = { failOn: (flags['fail-on'] ?? config?.defaults?.failOn ?? 'error') as FailOn, strict: flags.strict }
  let status: 0 | 1 | 3 = 0
  let left = 0
  let bug: { error: unknown } | undefined
  for (let run = runs.shift(); run; run = runs.shift()) { // taken off, so that a report is forgotten once it is printed
    try {
      const bare = await run
      if (bare === null) {
        left++
        continue
      }
      const report = compared.mark(profile ? applyProfile(bare, profile, allChecks) : bare)
      progress.clear()
      if (format !== 'text' && !flags.quiet && !decided(report.counts)) for (const line of report.vantage) tell(`${report.domain}: ${line}`)
      await printing.report(report)
      status = worse(status, exitCode([report], policy))
    } catch (error) {
      bug ??= { error }
    }
  }
  progress.clear()
  await printing.close()
  await finish()
  compared.tellWaivers(format === 'text' && !printed)
  if (left > 0) tell(`stopped: ${left} of ${domains.length} domains were not checked`)
  if (bug) throw bug.error
  return interruption.byUser ? 130 : refused > 0 ? 2 : status
}

/** What `mailcheck serve` keeps of each domain there; it is only read, and once. */
async function rememberedIn(directory: string): Promise<(domain: string) => HistoryFacts> {
  const { readHistory, StateError } = await import('../monitor/journal.ts')
  try {
    return await readHistory(directory)
  } catch (error) {
    throw error instanceof StateError ? new UsageError(`--state: ${error.message}`) : error
  }
}

/** What the flags say of every domain alike. */
export async function scopeFlags(flags: CheckFlags): Promise<ScopeFlags> {
  const families = familiesOf(flags)
  return {
    selectors: flags.selector ?? [], permissions: permissionsOf(flags), bulk: flags.bulk, ehloName: ehloNameOf(flags),
    ...(families ? { families } : {}), ...vantageOf(flags), ...await messageOf(flags), ...await reportsOf(flags),
  }
}

function worse(a: 0 | 1 | 3, b: 0 | 1 | 3): 0 | 1 | 3 {
  if (a === 1 || b === 1) return 1
  return a === 3 || b === 3 ? 3 : 0
}

/** What is no domain is told at once; the others are checked all the same. */
export function readDomains(inputs: readonly string[], quiet: boolean): { domains: { domain: string; shownAs: string }[]; refused: number } {
  if (inputs.length === 0) throw new UsageError('name a domain, such as: mailcheck example.com')
  const domains: { domain: string; shownAs: string }[] = []
  for (const input of inputs) {
    const parsed = parseDomain(input)
    if ('error' in parsed) tell(parsed.error)
    else {
      if (parsed.note !== undefined && !quiet) tell(parsed.note)
      domains.push(parsed)
    }
  }
  return { domains, refused: inputs.length - domains.length }
}

/** `recorded` counts where the flags are silent; of its patterns, those that another version wrote may name no check here. */
export function selected({ only, skip }: Pick<CheckFlags, 'only' | 'skip'>, recorded: Asked = {}): readonly Check[] {
  const patterns = (list: readonly string[]) => list.flatMap(text => text.split(',')).map(text => text.trim()).filter(text => text !== '')
  const known = (list: readonly string[] = []) => patterns(list).filter(pattern => selectChecks(allChecks, [pattern], []).unmatched.length === 0)
  const recordedOnly = known(recorded.only)
  const these = only ? patterns(only) : recordedOnly.length > 0 ? recordedOnly : patterns(recorded.only ?? []) // of which none is known: then it is told
  const { checks, unmatched } = selectChecks(allChecks, these, skip ? patterns(skip) : known(recorded.skip))
  if (unmatched.length > 0) {
    throw new UsageError(unmatched.map(({ pattern, nearest }) =>
      `no check is called "${pattern}"${nearest === undefined ? '' : `; did you mean "${nearest}"?`} (mailcheck checks lists them all)`).join('\n'))
  }
  if (checks.length === 0) throw new UsageError('--only and --skip leave no check to do')
  return checks
}

export function ehloNameOf({ ehlo }: Pick<CheckFlags, 'ehlo'>): string {
  if (ehlo === undefined) return ownEhloName()
  if (!/^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[\x21-\x5a\x5e-\x7e]+\])$/i.test(ehlo) || ehlo.length > 255) {
    throw new UsageError(`--ehlo: "${ehlo.slice(0, 80)}" is neither a host name nor an address literal such as [192.0.2.1]`)
  }
  return ehlo
}

/** The message of `--message`, for the checks of that topic. */
async function messageOf({ message }: CheckFlags): Promise<{ message?: SuppliedMessage }> {
  if (message === undefined) return {}
  const { readMessageFile } = await import('./read-message.ts')
  return { message: { ...await readMessageFile(message), given: {} } }
}

/** The reports of `--reports`, and those that the state keeps. */
async function reportsOf({ reports: path, state }: CheckFlags): Promise<{ reports?: readonly ReceivedReport[] }> {
  if (path === undefined && state === undefined) return {}
  const { readReportFolder } = await import('./read-reports.ts')
  const { reports, setAside } = await readReportFolder(path, state)
  if (setAside.length > 0) tell(`--reports: ${setAside.length === 1 ? 'one thing is' : `${setAside.length} things are`} set aside, such as ${setAside[0]?.where ?? ''}: ${setAside[0]?.reason ?? ''} (mailcheck reports lists them)`)
  return path === undefined && reports.length === 0 ? {} : { reports }
}

/** `none` switches off what the configuration says. */
export function vantageOf({ vantage }: Pick<CheckFlags, 'vantage'>): { vantage?: readonly string[] } {
  if (!vantage || vantage.length === 0) return {}
  const hosts = vantage.filter(text => text !== 'none')
  const wrong = hosts.find(text => parseHostPort(text) === null)
  if (wrong !== undefined) throw new UsageError(`--vantage: "${wrong}" is neither HOST nor HOST:PORT, and not "none"`)
  return { vantage: hosts }
}

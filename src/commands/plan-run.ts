/** What `mailcheck plan` does, from arguments to exit status. */
import { isRegression } from '../change/compare.ts'
import { markPlan } from '../change/plan-verdicts.ts'
import type { PlanReport } from '../change/plan.ts'
import { checks as allChecks, exitCode, type FailOn } from '../index.ts'
import { applyProfile } from '../report/profile.ts'
import { foldName } from '../syntax/name.ts'
import { parseDomain } from '../syntax/domain.ts'
import { destinationsOf } from './destinations.ts'
import { judgingUnder, readDomains, scopeFlags, type Place } from './check-run.ts'
import { scopeUnder } from './chosen-profile.ts'
import { readConfiguration } from './configuration.ts'
import type { CheckFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { Interruption } from './interruption.ts'
import { domainsRecorded, networkFromFlags } from './network-from-flags.ts'
import { Output, tell } from './output.ts'
import { makePlan } from './plan-report.ts'
import { planReporter } from './plan-reporter.ts'
import { plannedRecords, type PlannedFlags } from './planned-records.ts'
import { Printing } from './printing.ts'
import { ProgressLine } from './progress-line.ts'
import { traceLines } from './trace.ts'
import { UsageError } from './usage-error.ts'

export type PlanFlags = CheckFlags & PlannedFlags & { readonly all: boolean }

export async function planInWorld(inputs: readonly string[], flags: PlanFlags): Promise<number> {
  return inWorld(flags, await readConfiguration(flags.config), [], place => runPlan(inputs, flags, place))
}

/** Throws `UsageError` and `ConfigError` before anything is asked, and whatever a bug throws after. */
export async function runPlan(named: readonly string[], flags: PlanFlags, place?: Place): Promise<number> {
  const inputs = named.length === 0 && flags.replay !== undefined ? domainsRecorded(flags.replay) : named
  if (inputs.length !== 1) throw new UsageError(inputs.length === 0 ? 'name a domain, such as: mailcheck plan example.com --zone FILE' : 'a plan is for one domain at a time')
  if ([flags.zone, flags.set, flags.delete].every(list => (list ?? []).length === 0)) throw new UsageError('say what is planned: --zone FILE, --set RECORD or --delete RECORD')
  if (flags.complete === true && (flags.zone ?? []).length === 0) throw new UsageError('--complete needs --zone FILE: it says that the file is the whole zone')
  const destinations = destinationsOf(flags)
  const [{ format }] = destinations
  const { domains: [input] } = readDomains(inputs, flags.quiet)
  if (!input) return 2
  const planned: PlannedFlags = { ...flags, ...flags.origin === undefined ? {} : { origin: originOf(flags.origin) } }
  const config = place?.config ?? await readConfiguration(flags.config)
  const { checks, compared, profile } = await judgingUnder(flags, config)

  const interruption = new Interruption()
  const output = new Output(() => interruption.stop())
  const progress = new ProgressLine(2, process.stderr.isTTY && !flags.quiet && !flags.trace)
  const { network, scoped, finish } = networkFromFlags(flags, config, event => {
    progress.onNetwork(event)
    if (flags.trace) for (const line of traceLines(event)) process.stderr.write(`${line}\n`)
  }, place?.surroundings)
  const plan = await plannedRecords(planned, input.domain, network)
  const printing = await Printing.open<PlanReport>(destinations, output, {
    colour: flags.color, make: (format, paper) => planReporter(format, { checks, quiet: flags.quiet, all: flags.all, ...paper }),
  })
  const report = markPlan(await makePlan(input, plan, {
    network, scoped: scope => scopeUnder(scoped(scope), profile), checks, config, flags: await scopeFlags(flags), signal: interruption.signal, deadline: flags.deadline * 1000,
    onEvent: event => progress.on(event.kind === 'checks' ? { ...event, domain: input.domain } : { kind: 'judged', domain: input.domain }),
  }), bare => compared.mark(profile ? applyProfile(bare, profile, allChecks) : bare))
  progress.clear()
  if (report.idle !== null && format !== 'text') tell(report.idle)
  await printing.report(report)
  await printing.close()
  await finish()
  if (interruption.byUser) return 130
  return planStatus(report, { failOn: (flags['fail-on'] ?? config?.defaults?.failOn ?? 'error') as FailOn, strict: flags.strict, all: flags.all })
}

/** 1 for a regression at that severity (`all`: for anything that fails); 3 with `strict` for what can no longer be told. */
export function planStatus({ after, changes, undecided }: Pick<PlanReport, 'after' | 'changes' | 'undecided'>, policy: { failOn: FailOn; strict: boolean; all: boolean }): 0 | 1 | 3 {
  if (policy.all) return exitCode([after], policy)
  const findings = [...changes.filter(isRegression), ...undecided].map(({ finding }) => finding)
  return exitCode([{ findings, counts: after.counts }], policy)
}

function originOf(text: string): string {
  const parsed = parseDomain(text)
  if ('error' in parsed) throw new UsageError(`--origin: ${parsed.error}`)
  return foldName(parsed.domain)
}

/** What `mailcheck fix` does: checks, lays what the remedies propose over the DNS, checks again, and prints what is left. */
import { setMaxListeners } from 'node:events'
import { renderFix, type NotationName } from '../change/fix-notations.ts'
import type { FixedSet, LiveSet } from '../change/fix.ts'
import { settleFix, type FixTools } from '../change/settle-fix.ts'
import type { Config } from '../config.ts'
import { check, createSessions, makeScope, parseDomain, type Check, type Network, type Scope } from '../index.ts'
import { outcome } from '../network/network.ts'
import { overlay } from '../network/overlay.ts'
import { decided } from '../report/report.ts'
import type { Sessions } from '../probes/sessions.ts'
import { recordedOf, scopeFlags, selected, type Place } from './check-run.ts'
import { readConfiguration } from './configuration.ts'
import type { CheckFlags, NetworkFlags } from './flags.ts'
import { inWorld } from './in-world.ts'
import { Interruption } from './interruption.ts'
import { domainsRecorded, networkFromFlags } from './network-from-flags.ts'
import { Output, tell } from './output.ts'
import { traceLines } from './trace.ts'
import { UsageError } from './usage-error.ts'

type FixFlags = NetworkFlags & { readonly for: string }
  & Pick<CheckFlags, 'only' | 'skip' | 'selector' | 'config' | 'ehlo' | 'vantage' | 'own' | 'tls-scan' | 'record' | 'replay' | 'redact' | 'world' | 'trace'>

/** Returns 0 when there was something to judge, 3 when nothing could be decided. Throws `UsageError` and `ConfigError`. */
export async function runFix(inputs: readonly string[], flags: FixFlags): Promise<number> {
  const [input, ...more] = inputs.length === 0 && flags.replay !== undefined ? domainsRecorded(flags.replay) : inputs
  if (input === undefined) throw new UsageError('name a domain, such as: mailcheck fix example.com')
  if (more.length > 0) throw new UsageError('fix one domain at a time: each has a zone of its own')
  const domain = parseDomain(input)
  if ('error' in domain) throw new UsageError(domain.error)
  if (domain.note !== undefined) tell(domain.note)
  const config = await readConfiguration(flags.config)
  if (!flags.world) return fix(domain, flags, config)
  return inWorld({ ...rest, ...flags }, config, [], place => fix(domain, flags, place.config, place))
}

async function fix(domain: Pick<Scope, 'domain' | 'shownAs'>, flags: FixFlags, config: Config | null, place?: Place): Promise<number> {
  const checks = selected(flags, recordedOf(flags))
  const { network, scoped, finish } = networkFromFlags(flags, config, event => {
    if (flags.trace) for (const line of traceLines(event)) process.stderr.write(`${line}\n`)
  }, place?.surroundings)
  const scope = scoped(makeScope(await scopeFlags({ ...rest, ...flags }), config, domain))
  const interruption = new Interruption()
  setMaxListeners(0, interruption.signal)
  const output = new Output(() => interruption.stop())
  const options = { checks, signal: interruption.signal, deadline: flags.deadline * 1000 }
  const sessions = createSessions()
  const report = await check(scope, { ...options, network, sessions })
  for (const line of decided(report.counts) ? [] : report.vantage) tell(line)
  const settled = await settleFix(report, fixTools(scope, { ...options, network, sessions }))
  await finish()
  if (interruption.byUser) return 130
  await output.write(renderFix(settled, flags.for as NotationName))
  return decided(report.counts) ? 0 : 3
}

interface FixOptions {
  readonly network: Network
  readonly sessions: Sessions
  readonly checks?: readonly Check[]
  readonly signal?: AbortSignal
  readonly deadline?: number
}

/** Both runs see the same answers and sessions; the second one with the records of the fix over them. */
export function fixTools(scope: Scope, options: FixOptions): FixTools {
  return {
    ask: async (name, type): Promise<LiveSet> => {
      const result = await outcome(options.network.query({ name, type }))
      if ('problem' in result) return { problem: result.problem.detail }
      const { records, aliases } = result.value
      return { records, alias: aliases.length > 0 && type !== 'CNAME' }
    },
    judge: (sets: readonly FixedSet[]) =>
      check(scope, { ...options, network: overlay(options.network, { sets: sets.map(({ name, type, records }) => ({ name, type, records })) }) }),
  }
}

/** The flags of `check` that `fix` does not have. */
const rest: CheckFlags = {
  'fail-on': 'never', deadline: 60, world: true, json: false, strict: false, trace: false, quiet: false, ipv4: false, ipv6: false,
  'trust-ad': false, own: false, login: false, 'tls-scan': false, lists: false, 'third-parties': false, bulk: false,
}

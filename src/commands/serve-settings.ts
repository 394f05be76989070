/** From flags and configuration to the settings of the service. */
import { checks } from '../checks/index.ts'
import { durationOf, type Config } from '../config.ts'
import { makeScope } from '../index.ts'
import type { Network } from '../network/network.ts'
import { findPerson, type Person } from '../delivery/person.ts'
import type { DeliveryRoute } from '../monitor/delivery-watch.ts'
import { defaultModules, moduleOf, type Module } from '../monitor/modules.ts'
import { SettingsError, type Settings } from '../monitor/settings.ts'
import type { Shard } from '../monitor/stable-hash.ts'
import type { Profile } from '../data/profiles.ts'
import { applyProfile } from '../report/profile.ts'
import { waive } from '../report/waivers.ts'
import type { Permission } from '../scope.ts'
import type { ReceivedReport } from '../syntax/received-report.ts'
import { ehloNameOf, vantageOf } from './check-run.ts'
import { scopeUnder } from './chosen-profile.ts'
import { waiversOf } from './compared.ts'
import type { CheckFlags, NetworkFlags } from './flags.ts'
import { withPasswords } from './login-secrets.ts'
import { familiesOf } from './network-from-flags.ts'
import { UsageError } from './usage-error.ts'

export type ServeFlags = Omit<NetworkFlags, 'deadline'>
  & Pick<CheckFlags, 'config' | 'ehlo' | 'vantage' | 'world' | 'state' | 'own' | 'login' | 'tls-scan' | 'lists' | 'third-parties'> & {
    readonly listen?: string | undefined
    readonly 'web-config'?: string | undefined
    readonly shard?: string | undefined
    readonly 'log-format'?: string | undefined
    readonly deadline?: number | undefined
  }

export interface SettingsInput {
  readonly flags: ServeFlags
  readonly config: Config
  /** The domains to check, when they are not those of the configuration. */
  readonly domains?: readonly string[] | undefined
  readonly shard: Shard | null
  readonly network: Network
  /** In a world. */
  readonly passwords?: ReadonlyMap<string, string> | undefined
  /** By whose measure the reports are read as well. */
  readonly profile?: Profile | null | undefined
  /** What others report of a domain, where they are read. */
  readonly reportsOn?: ((domain: string) => readonly ReceivedReport[]) | undefined
  /** When they were last read; null: not yet. */
  readonly reportsReadAt?: (() => Date | null) | undefined
}

const usualConcurrency = 20
const usualDeadline = 60_000

/** Throws `SettingsError`. */
export function settingsFrom({ flags, config, domains = [...config.domains.keys()], shard, network, passwords, profile = null, reportsOn, reportsReadAt }: SettingsInput): Settings {
  const serve = config.serve ?? {}
  const { allowUnlisted, allow_unlisted: spelledOtherwise } = serve
  if (allowUnlisted !== undefined && spelledOtherwise !== undefined && allowUnlisted !== spelledOtherwise) {
    throw new SettingsError(`${config.at('serve', 'allow_unlisted')}: allowUnlisted and allow_unlisted are the same setting, and say opposite things`)
  }
  const permissions = permissionsOf(flags, config)
  const families = familiesOf(flags)
  const waivers = asSettings(() => waiversOf(config))
  const scopeFlags = { permissions: [...permissions], ehloName: ehloNameOf(flags), ...vantageOf(flags), ...(families ? { families } : {}) }
  return {
    domains: domains.map(domain => ({ domain, shownAs: domain })),
    targetFiles: serve.targets ?? [],
    ...serve.reports === undefined ? {} : { reports: serve.reports },
    logs: serve.logs ?? [],
    modules: modulesOf(config, permissions),
    routes: routesOf(flags, config, network, passwords),
    allowUnlisted: allowUnlisted ?? spelledOtherwise ?? false,
    concurrency: serve.concurrency ?? usualConcurrency,
    deadline: flags.deadline === undefined ? serve.deadline === undefined ? usualDeadline : durationOf(serve.deadline) : flags.deadline * 1000,
    shard,
    scopeOf: domain => {
      const reports = reportsOn?.(domain.domain) ?? []
      const given = serve.reports !== undefined || reports.length > 0 ? { reports, ...reportsReadAt ? { reportsReadAt: reportsReadAt() } : {} } : {}
      return scopeUnder(makeScope({ ...scopeFlags, ...given }, config, domain), profile)
    },
    network,
    waivers,
    mark: report => waive(profile ? applyProfile(report, profile, checks) : report, waivers, { registry: checks, otherDomains: [...config.domains.keys()] }),
  }
}

function asSettings<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof UsageError ? new SettingsError(error.message) : error
  }
}

/** Seconds, and milliseconds. */
const usualRoute = { interval: 900, timeout: 300_000 } as const

/** Throws `SettingsError` for accounts that are not there. */
function routesOf(flags: ServeFlags, config: Config, network: Network, passwords: ReadonlyMap<string, string> | undefined): DeliveryRoute[] {
  return Object.entries(config.routes ?? {}).map(([name, { from, to, interval, timeout }]): DeliveryRoute => {
    const [sender, receiver] = ([['from', from], ['to', to]] as const).map(([end, wanted]): Person => {
      const person = findPerson(config, wanted)
      if (typeof person === 'string') throw new SettingsError(`${config.at('routes', name, end)}: ${person}`)
      return passwords ? withPasswords(person, passwords) : person
    })
    const seconds = interval === undefined ? usualRoute.interval : durationOf(interval) / 1000
    return {
      name, interval: seconds,
      run: async earlier => {
        const { roundTrip } = await import('./deliver-run.ts')
        if (!sender || !receiver) throw new TypeError('a route has two ends')
        return roundTrip({
          network, config, from: sender, to: [receiver], earlier,
          flags: {
            timeout: (timeout === undefined ? usualRoute.timeout : durationOf(timeout)) / 1000, keep: false, json: false, strict: false, trace: false, world: false, quiet: true,
            ipv4: flags.ipv4, ipv6: flags.ipv6, ehlo: flags.ehlo,
          },
        })
      },
    }
  })
}

/** Where the state directory is. */
export function stateOf(flags: ServeFlags, config: Config): string | undefined {
  return flags.state ?? config.serve?.state
}

function permissionsOf(flags: ServeFlags, config: Config): ReadonlySet<Permission> {
  const permissions = new Set<Permission>(config.serve?.permit)
  if (flags.own) permissions.add('own')
  if (flags.login) permissions.add('login')
  if (flags['tls-scan']) permissions.add('tlsScan')
  if (flags.lists) permissions.add('lists')
  if (flags['third-parties']) permissions.add('thirdParties')
  if (stateOf(flags, config) !== undefined) permissions.add('state')
  if (config.serve?.reports !== undefined) permissions.add('reports')
  return permissions
}

export function modulesOf({ modules, at }: Config, permissions: ReadonlySet<Permission>): readonly Module[] {
  if (modules === undefined) return defaultModules(checks, permissions)
  const problems: string[] = []
  const made = Object.entries(modules).flatMap(([name, { only, skip, interval }]): Module[] => {
    try {
      if (!/^[\w-]{1,40}$/.test(name)) throw new Error(`module ${JSON.stringify(name)}: a name is of letters, digits, "-" and "_"`)
      return [moduleOf(name, { only, skip, interval: interval === undefined ? undefined : durationOf(interval) }, checks, permissions)]
    } catch (error) {
      problems.push(`${at('modules', name)}: ${(error as Error).message}`)
      return []
    }
  })
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  if (made.length === 0) throw new SettingsError(`${at('modules')}: "modules" names none: name one, or leave it out`)
  return made
}

/** Modules: which checks are run together, and how often. Without modules in the configuration, those that mail wants. */
import type { Check } from '../checks/define.ts'
import { selectChecks } from '../checks/select.ts'
import type { Permission } from '../scope.ts'

export interface Module {
  readonly name: string
  /** Seconds from one run to the next. */
  readonly interval: number
  /** What may be judged: a check that needs a permission which nobody gave is left out. */
  readonly checks: readonly Check[]
}

export interface ModuleDefinition {
  readonly only?: readonly string[] | undefined
  readonly skip?: readonly string[] | undefined
  /** Milliseconds. */
  readonly interval?: number | undefined
}

/** For what says nothing of it: an answer of the DNS is had for nothing, a session is not, and a login locks out. */
const intervals = { dns: 300, sessions: 900, deep: 21_600 } as const

/** Facts for which a session is held, be it by way of others. */
const sessionFacts: ReadonlySet<string> = new Set([
  'smtp', 'ownSmtp', 'service', 'egress', 'mxSessions', 'serviceSessions', 'greetingNames', 'certificateHosts', 'namedServices', 'advertisedModes',
])

/** What is looked at every few hours: it asks others' services, or costs the user's servers more than a greeting. */
const dear: ReadonlySet<Permission> = new Set(['own', 'login', 'tlsScan', 'lists', 'thirdParties'])

/** `dns`, `sessions` and, as far as it is permitted, `deep`: each check is in one of them. */
export function defaultModules(checks: readonly Check[], permissions: ReadonlySet<Permission>): readonly Module[] {
  const permitted = checks.filter(({ requires }) => requires === undefined || permissions.has(requires))
  return (Object.keys(intervals) as (keyof typeof intervals)[])
    .map(name => ({ name, interval: intervals[name], checks: permitted.filter(check => customaryModule(check) === name) }))
    .filter(module => module.checks.length > 0)
}

/** Throws an error that names the module and the pattern which selects nothing. */
export function moduleOf(name: string, { only = [], skip = [], interval }: ModuleDefinition, checks: readonly Check[], permissions: ReadonlySet<Permission>): Module {
  const { checks: selected, unmatched: [wrong] } = selectChecks(checks, only, skip)
  if (wrong) {
    const meant = wrong.nearest === undefined ? '' : `; did you mean "${wrong.nearest}"?`
    throw new Error(`module ${JSON.stringify(name)}: no check is called "${wrong.pattern}"${meant} (mailcheck checks lists them all)`)
  }
  const permitted = selected.filter(({ requires }) => requires === undefined || permissions.has(requires))
  if (permitted.length === 0) {
    const needs = [...new Set(selected.map(({ requires }) => requires))].filter(requires => requires !== undefined)
    throw new Error(`module ${JSON.stringify(name)}: there is no check to do${needs.length > 0 ? `: nothing permits ${needs.join(', ')} (serve.permit)` : ''}`)
  }
  const slowest = Math.min(...permitted.map(check => intervals[customaryModule(check)]))
  return { name, interval: interval === undefined ? slowest : interval / 1000, checks: permitted }
}

function customaryModule({ requires, needs, uses = [] }: Check): keyof typeof intervals {
  if (requires !== undefined && dear.has(requires)) return 'deep'
  return [...needs, ...uses].some(fact => sessionFacts.has(fact)) ? 'sessions' : 'dns'
}

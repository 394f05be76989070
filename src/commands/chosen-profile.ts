/** The profile that the flags or the configuration name: one of ours, or one of the user's. */
import { checks as registry } from '../checks/index.ts'
import { selectChecks } from '../checks/select.ts'
import type { Config } from '../config.ts'
import type { Profile } from '../data/profiles.ts'
import type { Scope } from '../scope.ts'
import { nearest } from '../syntax/nearest.ts'
import { tell } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Null for the catalogue's own severities. `recorded`: whose measure a recording was made by. Throws `UsageError`. */
export async function chosenProfile(flag: string | undefined, config: Config | null, recorded?: string): Promise<Profile | null> {
  const said = flag ?? config?.defaults?.profile
  const name = said ?? recorded
  if (name === undefined || (name === 'default' && !config?.profiles?.['default'])) return null
  const own = config?.profiles && Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined
  if (own) {
    if (!isFull(own)) {
      for (const check of Object.keys(own)) refuseUnknown(check, config?.at('profiles', name, check) ?? '')
      return {
        id: name, title: name, read: '', source: { title: 'mailcheck.yaml', date: '' },
        requirements: Object.entries(own).map(([check, level]) => ({ text: check, checks: [check], level, where: '' })),
      }
    }
    const { title = name, source = { title: 'mailcheck.yaml', date: '' }, requirements, bulk, context } = own
    for (const [i, { checks }] of requirements.entries()) {
      for (const [j, check] of checks.entries()) {
        refuseUnknown(check, config?.at('profiles', name, 'requirements', i, 'checks', j) ?? '')
      }
    }
    return {
      id: name, title, read: '', source: { title: source.title, date: source.date, ...source.url === undefined ? {} : { url: source.url } },
      ...bulk === undefined ? {} : { bulk },
      ...context ? { context: Object.fromEntries(Object.entries(context)) } : {},
      requirements: requirements.map(({ text, checks, level, where = '', since }) => ({ text, checks, level, where, ...since === undefined ? {} : { since } })),
    }
  }
  const { loadProfiles } = await import('../data/profiles.ts')
  const { profiles } = await loadProfiles()
  const found = profiles.find(({ id }) => id === name)
  if (found) return found
  if (said === undefined) {
    tell(`the recording was measured by the profile "${name}", which the configuration here does not have: severities are those of the catalogue`)
    return null
  }
  const names = ['default', ...profiles.map(({ id }) => id), ...Object.keys(config?.profiles ?? {})]
  const meant = nearest(name, names)
  const where = flag === undefined ? config?.at('defaults', 'profile') ?? '' : '--profile'
  throw new UsageError(`${where}: there is no profile "${name}"${meant === undefined ? '' : `; did you mean "${meant}"?`} (${names.join(', ')})`)
}

type Written = NonNullable<Config['profiles']>[string]

function isFull(profile: Written): profile is Extract<Written, { requirements: readonly unknown[] }> {
  return Array.isArray(profile['requirements'])
}

function refuseUnknown(check: string, where: string): void {
  const [wrong] = selectChecks(registry, [check], []).unmatched
  if (wrong) throw new UsageError(`${where}: no check is called "${check}"${wrong.nearest === undefined ? '' : `; did you mean "${wrong.nearest}"?`}`)
}

/** What the profile says of the domain, where the configuration says nothing. */
export function scopeUnder(scope: Scope, profile: Profile | null): Scope {
  if (!profile) return scope
  return { ...scope, bulk: scope.bulk || (profile.bulk ?? false), context: { ...profile.context, ...scope.context } }
}

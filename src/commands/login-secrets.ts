/** The secrets that a login will need, looked at before anything is asked: better now than after a minute, and never shown. */
import { ConfigError, type Config } from '../config.ts'
import type { Person } from '../delivery/person.ts'
import { readSecret } from '../scope.ts'
import type { Place } from './check-run.ts'

/** Throws `ConfigError` for those that are not to be had. Returns what is worth saying all the same. */
export function lookForSecrets(config: Config | null, domains: readonly { readonly domain: string }[]): string | undefined {
  const accounts = domains.flatMap(({ domain }) => (config?.domains.get(domain)?.accounts ?? []).map((account, i) => ({ domain, i, account })))
  if (accounts.length === 0) return 'there is nobody to log in: the configuration has no "accounts" for what is checked'
  const problems = accounts.flatMap(({ domain, i, account: { password, user } }) => {
    const { problem } = readSecret(password)
    return problem === undefined ? [] : [`${config?.at('domains', domain, 'accounts', i, 'password') ?? ''}: the password of ${user}: ${problem}`]
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return undefined
}

/** A mailbox whose passwords are to be had, in a world from the world. Throws `ConfigError` for those that are not. */
export function withSecrets(person: Person, place: Place | undefined): Person {
  if (place) return withPasswords(person, place.passwords ?? new Map())
  const problems = person.accounts.flatMap(({ user, service, password }) => {
    const { problem } = readSecret(password)
    return problem === undefined ? [] : [`the password of ${user} (${service}): ${problem}`]
  })
  if (problems.length > 0) throw new ConfigError(problems)
  return person
}

/** A mailbox of a world, where everybody's password is known by the user's name. */
export function withPasswords(person: Person, passwords: ReadonlyMap<string, string>): Person {
  return { ...person, accounts: person.accounts.map(account => ({ ...account, secret: () => account.secret?.() ?? passwords.get(account.user) ?? null })) }
}

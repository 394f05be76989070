/** The secrets that a login will need, looked at before anything is asked: better now than after a minute, and never shown. */
import { ConfigError, type Config } from '../config.ts'
import { readSecret } from '../scope.ts'

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

/** Who sends and who receives: mailboxes of the configuration, each with the ways in that it names (DESIGN §16.14, `accounts`). */
import type { Config } from '../config.ts'
import { readSecret, type Account } from '../scope.ts'
import { services, type Protocol } from '../services.ts'

export interface Person {
  /** As it was asked for. */
  readonly label: string
  readonly address: string
  /** Of the configuration: where its servers are looked for. */
  readonly domain: string
  readonly accounts: readonly Account[]
}

/** The mailbox that goes by this name, address or user name; a text says why there is none. */
export function findPerson(config: Pick<Config, 'domains'>, wanted: string): Person | string {
  const name = wanted.trim().toLowerCase()
  const entries = [...config.domains].flatMap(([domain, { accounts = [] }]) => accounts.map(entry => {
    const address = entry.address ?? (entry.user.includes('@') ? entry.user : `${entry.user}@${domain}`)
    return { domain, entry, address: address.toLowerCase() }
  }))
  const [found = []] = [
    entries.filter(({ entry }) => entry.name?.toLowerCase() === name), entries.filter(({ address }) => address === name),
    entries.filter(({ entry }) => entry.user.toLowerCase() === name),
  ].filter(some => some.length > 0)
  const [first] = found
  if (!first) {
    const known = [...new Set(entries.map(({ entry, address }) => entry.name ?? address))]
    return `${JSON.stringify(wanted)} is no account of the configuration${known.length === 0 ? ', which has none' : `: it has ${known.slice(0, 10).join(', ')}${known.length > 10 ? ' …' : ''}`}`
  }
  const other = found.find(({ domain, address }) => domain !== first.domain || address !== first.address)
  if (other) return `${JSON.stringify(wanted)} could be ${first.address} or ${other.address}: give the accounts of a mailbox one name of its own`
  return {
    label: wanted.trim(), address: first.address, domain: first.domain,
    accounts: found.map(({ entry: { service, user, password, mechanism } }): Account =>
      ({ service, user, password, ...mechanism === undefined ? {} : { mechanism }, secret: () => readSecret(password).secret ?? null })),
  }
}

/** The accounts for one protocol, those with TLS from the first octet before the others. */
export function accountsFor({ accounts }: Person, protocol: Protocol): Account[] {
  return accounts.filter(({ service }) => services[service].protocol === protocol)
    .toSorted((a, b) => Number(services[b.service].tls === 'implicit') - Number(services[a.service].tls === 'implicit'))
}

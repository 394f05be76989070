/**
 * Where a mailbox is entered: the servers that `check --login` would log in to, found in the same way, and with the same care
 * for where a password goes.
 */
import type { Door } from '../mailbox/visit.ts'
import { NetworkFailure, type Network } from '../network/network.ts'
import { domainProbes, subjectProbes } from '../probes/index.ts'
import { mayBeTrusted } from '../probes/logins.ts'
import { createSessions } from '../probes/sessions.ts'
import { factSource } from '../run.ts'
import type { Reason } from '../reasons.ts'
import type { Scope } from '../scope.ts'
import { services, type Protocol } from '../services.ts'
import { accountsFor, type Person } from './person.ts'

/** In the order in which to try them. */
export type Doors = Readonly<Record<Protocol, readonly Door[] | NoDoor>>

export interface NoDoor {
  /** Null: nobody has configured one. */
  readonly reason: Reason | null
  readonly text: string
}

export function isNoDoor(doors: readonly Door[] | NoDoor): doors is NoDoor {
  return 'text' in doors
}

/** `scope`: of the person's domain. */
export async function findDoors(network: Network, person: Person, scope: Scope): Promise<Doors> {
  const facts = factSource(scope, { checks: [], domainProbes, subjectProbes }, { network, sessions: createSessions() })
  const found = await facts.get('namedServices').catch((error: unknown) => {
    if (error instanceof NetworkFailure) return error
    throw error
  })
  const doors = (protocol: Protocol): readonly Door[] | NoDoor => {
    const accounts = accountsFor(person, protocol)
    if (accounts.length === 0) return { reason: null, text: 'there is no account for it' }
    if (found instanceof NetworkFailure) return { reason: found.reason, text: `where the servers of ${person.domain} are: ${found.detail}` }
    const there = accounts.flatMap(account => found.endpoints.filter(({ service }) => service === account.service).map(endpoint => ({ account, endpoint })))
    const trusted = there.filter(({ endpoint }) => mayBeTrusted(endpoint, found, scope.domain))
    const [elsewhere] = there
    if (trusted.length === 0) {
      const text = elsewhere
        ? `${elsewhere.endpoint.host} is in another domain, and unsigned records name it: declare it under "services" of ${scope.domain}, if it may have the password`
        : `nobody says where the ${accounts.map(({ service }) => services[service].title).join(' or ')} of ${scope.domain} is: name its host under "services" in the configuration`
      return { reason: 'endpoint-unknown', text }
    }
    return trusted.map(({ account, endpoint: { host, address, port, tls } }): Door => ({ account, ehloName: scope.ehloName, endpoint: { host, address, port, tls } }))
  }
  return { smtp: doors('smtp'), imap: doors('imap'), pop3: doors('pop3') }
}

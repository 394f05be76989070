/**
 * What a login tells: the account is let in, the server says no and means it, or it cannot be told.
 */
import type { EndpointLogins } from '../probes/logins.ts'
import type { LoginFacts } from '../probes/login.ts'
import type { HeldService, ServiceSessionsFacts } from '../probes/session-sets.ts'
import type { Account } from '../scope.ts'
import { loginRefusal } from '../syntax/login-refusal.ts'
import { skip, unknown, unknownBecause, type Evidence, type Skip, type Unknown } from './define.ts'
import { linesSeen } from './evidence.ts'
import { foundServices, userServices } from './found-services.ts'
import { openingOf, quote, setAside } from './opening.ts'
import { tlsOf } from './upgrade.ts'

export type LoggedIn =
  | { readonly state: 'in' }
  | { readonly state: 'refused'; readonly line: string }
  /** The server cannot sign what only one that knows the password can. */
  | { readonly state: 'unproven'; readonly line: string }
  /** The mechanism that the configuration asks for is not offered. */
  | { readonly state: 'not-offered' }
  | { readonly state: 'aside'; readonly because: Skip | Unknown }

/** An endpoint at which an account was to log in. */
export interface LoginSubject extends HeldService {
  readonly here: EndpointLogins
}

/** The endpoints with logins; customary names at which nobody answers are none. */
export function loginSubjects(serviceSessions: ServiceSessionsFacts, logins: readonly EndpointLogins[]): LoginSubject[] {
  return foundServices(serviceSessions, userServices).flatMap(held => {
    const here = logins.find(({ name }) => name === held.name)
    return here ? [{ ...held, here }] : []
  })
}

/** An account whose service is nowhere. */
export function homeless(accounts: readonly Account[], serviceSessions: ServiceSessionsFacts, logins: readonly EndpointLogins[]): Account | undefined {
  const services = new Set(loginSubjects(serviceSessions, logins).map(({ endpoint }) => endpoint.service))
  return accounts.find(({ service }) => !services.has(service))
}

export function outcomeOf(held: HeldService, login: LoginFacts): LoggedIn {
  const { reply, untried, failure, gaveUp } = login
  const aside = (because: Skip | Unknown): LoggedIn => ({ state: 'aside', because })
  switch (untried) {
    case 'elsewhere':
      return aside(skip(`${held.endpoint.host} is in another domain, and unsigned records name it: declare it under "services" in the configuration, if it may have the password`))
    case 'untrusted':
      return aside(skip('its certificate is not trusted, or names another host: whoever shows it gets no password'))
    case 'logged-in': return aside(skip('the session is logged in from the beginning'))
    case 'no-mechanism':
      return login.asked === undefined ? aside(skip('it offers no way to log in that mailcheck knows')) : { state: 'not-offered' }
    case 'no-tls': {
      const tls = tlsOf(held)
      return aside('verdict' in tls ? tls : skip('TLS is not offered'))
    }
    case undefined:
  }
  if (gaveUp !== undefined && /signature/.test(gaveUp)) return { state: 'unproven', line: gaveUp }
  if (reply) {
    if (login.letIn) return login.serverProven === false ? { state: 'unproven', line: quote(login, reply) } : { state: 'in' }
    const line = gaveUp ?? quote(login, reply)
    const reason = loginRefusal(login.protocol, reply, login.endpoint.address)
    return reason ? aside(unknown(reason, `${login.user}: the server answers "${line}"`)) : { state: 'refused', line }
  }
  if (failure) return aside(unknownBecause(failure))
  const opened = openingOf(held)
  if (opened.state !== 'open') return aside(setAside(opened, held))
  const last = [login.offer, login.startTls, login.greeting].find(heard => heard !== undefined)
  return aside(unknown('rate-limited', last ? `the server answers the second dialogue with "${last.at(-1) ?? ''}"` : 'the server does not come to the login'))
}

/** The lines of the dialogue that tell, without those before the login. */
export function loginSeen(held: { readonly name: string }, { mechanism, reply = [], user }: LoginFacts): Evidence[] {
  return linesSeen(held, [`login of ${user} (${mechanism ?? 'no mechanism'})`, ...reply])
}

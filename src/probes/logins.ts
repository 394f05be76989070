/**
 * The logins that the user permits: each account of the configuration once at every endpoint of its service, and, where the
 * servers are the user’s own too, one password that is certainly wrong. Lock-outs count tries, so none is repeated.
 */
import type { Answer, Outcome } from '../network/network.ts'
import type { Account } from '../scope.ts'
import { services } from '../services.ts'
import type { ProbeContext, Subject } from './index.ts'
import { logIn, loginFacts, type LoginFacts } from './login.ts'
import type { ServiceEndpoint, ServiceFacts } from './services.ts'

/** At one endpoint. */
export interface EndpointLogins extends Subject {
  /** One for each account of this service. */
  readonly logins: readonly LoginFacts[]
  /** With a wrong password, for the first account that was let in; null when that is not permitted, or none was. */
  readonly wrong: LoginFacts | null
}

/** A password that nobody has: long, and different each time. */
function wrongPassword(): string {
  return `wrong-${crypto.randomUUID()}`
}

export async function probeLogins(context: ProbeContext): Promise<readonly EndpointLogins[]> {
  const { facts, scope: { accounts } } = context
  if (accounts.length === 0) return []
  const found = await facts.get('services')
  const wanted = found.endpoints.filter(({ service }) => accounts.some(account => account.service === service))
  return Promise.all(wanted.map(async endpoint => {
    const logins: LoginFacts[] = []
    // one after another: some servers let only one in at a time
    for (const account of accounts.filter(({ service }) => service === endpoint.service)) {
      logins.push(await logInAt(context, endpoint, account, mayBeTrusted(endpoint, found, context.scope.domain)))
    }
    return { name: endpoint.name, logins, wrong: await tryWrongPassword(context, endpoint, logins) }
  }))
}

async function logInAt({ network, scope, sessions, facts }: ProbeContext, endpoint: ServiceEndpoint, account: Account, trusted: boolean): Promise<LoginFacts> {
  const untried = (why: LoginFacts['untried']): LoginFacts => ({ ...loginFacts(services[endpoint.service].protocol, endpoint, account), ...(why ? { untried: why } : {}) })
  if (!trusted) return untried('elsewhere')
  const polite = await facts.get('service', endpoint)
  if (!polite.tls) return untried('no-tls')
  const { user, mechanism = '' } = account
  return sessions.hold(network, endpoint, {
    name: `login as ${scope.ehloName} of ${user} ${mechanism}`,
    run: where => logIn(where, untried(undefined), { account, ehloName: scope.ehloName }),
  })
}

async function tryWrongPassword({ network, scope, sessions }: ProbeContext, endpoint: ServiceEndpoint, logins: readonly LoginFacts[]): Promise<LoginFacts | null> {
  const right = logins.find(({ letIn }) => letIn)
  const account = scope.accounts.find(({ service, user }) => service === endpoint.service && user === right?.user)
  if (!right || !account || !scope.permissions.has('own')) return null
  return sessions.hold(network, endpoint, {
    name: `wrong login as ${scope.ehloName} of ${account.user}`,
    run: where => logIn(where, loginFacts(right.protocol, endpoint, account), { account, ehloName: scope.ehloName, wrong: wrongPassword }),
  })
}

/**
 * RFC 6186 §6: a server in another domain, named by records that anybody on the way may have written, gets no password. The
 * configuration, DNSSEC, or a name in the domain itself say that it is the one meant.
 */
export function mayBeTrusted({ host, source, service }: ServiceEndpoint, { srv }: ServiceFacts, domain: string): boolean {
  if (source === 'config' || host === domain || host.endsWith(`.${domain}`)) return true
  const answer: Outcome<Answer<'SRV'>> | undefined = srv[`${services[service].srv ?? ''}.${domain}`]
  return source === 'srv' && answer !== undefined && 'value' in answer && answer.value.secure
}

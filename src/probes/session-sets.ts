/**
 * The dialogues of a domain side by side, for claims about all of them together: "at least one MX address answers", "some
 * IMAP endpoint works". The dialogues themselves are the facts `smtp` and `service`; here they stand by reference.
 */
import { outcome, type Failure, type Outcome, type TlsSession } from '../network/network.ts'
import { addressesOf, leadsAstray, type AddressFacts, type MxEndpoint } from './addresses.ts'
import type { ContextFacts } from './contexts.ts'
import type { EgressFacts } from './egress.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { MxHost } from './mx.ts'
import type { ServiceEndpoint, UnresolvedService } from './services.ts'
import { services, type ServiceName } from '../services.ts'
import { smtpDetails, type SmtpDetails } from './smtp-details.ts'
import { maskedLine, unexpectedIssuer } from './vantage.ts'
import { probeService } from './service-sessions.ts'
import type { Reply, ServiceSession, SmtpFacts } from './session.ts'

/** A dialogue beside what is needed to judge it. */
export interface HeldSession<E extends MxEndpoint | ServiceEndpoint, F extends ServiceSession> extends Subject {
  readonly endpoint: E
  readonly session: F
  /** Asked only when the connection timed out: whether the port can be reached from here at all. */
  readonly egress: Outcome<EgressFacts> | null
  /**
   * The authority that vouches for this certificate here, and for a stranger’s; where it did not come to TLS, the line that is masked
   * as those of strangers are: somebody stands in between.
   */
  readonly interceptor: string | null
  /** What is offered to somebody who is logged in; only where a login was permitted and worked. */
  readonly afterLogin?: Reply
  /** What it shows to clients that know the other kind of key alone; only with a scan, and where there is a second certificate. */
  readonly other?: TlsSession
  /** In a report the dialogue stands once, under `smtp` or `service`. */
  toJSON(): { name: string; failure: Failure | null }
}

export interface MxSession extends HeldSession<MxEndpoint, SmtpFacts> {
  /** What it told, item by item. */
  readonly details: SmtpDetails
  toJSON(): { name: string; failure: Failure | null; details: SmtpDetails }
}
export type HeldService = HeldSession<ServiceEndpoint, ServiceSession>

/** An MX host with its addresses, or with what hid them. */
export interface MxHostAddresses extends AddressFacts {
  readonly mx: MxHost
}

export interface MxSessionsFacts {
  /** An implicit MX is none when the domain takes no mail: it is a web server, and nobody asked it about mail. */
  readonly receiving: ContextFacts['receiving']
  /** Empty, without asking, when the domain takes no mail. */
  readonly sessions: readonly MxSession[]
  /** Addresses that were not tried, because the run is bound to the other family. */
  readonly untried: readonly string[]
  /** An address lookup that failed: there may be more to ask than is known. */
  readonly hidden: Failure | null
}

export interface ServiceSessionsFacts {
  readonly sessions: readonly HeldService[]
  readonly unresolved: readonly (UnresolvedService & { readonly addresses: AddressFacts })[]
  /** Services whose SRV lookup failed: they may be declared somewhere. */
  readonly hidden: readonly { readonly service: ServiceName; readonly problem: Failure }[]
}

export async function probeMxAddresses({ facts }: ProbeContext): Promise<readonly MxHostAddresses[]> {
  const { hosts } = await facts.get('mx')
  return Promise.all(hosts.map(async mx => ({ ...(await facts.get('addresses', mx)), mx })))
}

export async function probeMxSessions(context: ProbeContext): Promise<MxSessionsFacts> {
  const { facts, scope } = context
  const unexpected = interceptionAhead(context)
  const mx = await facts.get('mx')
  // with an MX RRset there is nothing to find out, and no reason to wait for SPF and DKIM
  const asked = mx.implicit || scope.context.receiving !== undefined || scope.context.parked !== undefined
  const receiving = asked ? (await facts.get('contexts')).receiving : { value: 'yes', because: 'MX' } as const
  if (receiving.value === 'no') return { receiving, sessions: [], untried: [], hidden: null }
  const [hosts, endpoints] = await Promise.all([facts.get('mxAddresses'), facts.get('mxEndpoints')])
  const untried = new Set(hosts.flatMap(host => addressesOf(host)).filter(address => !leadsAstray(address)))
  for (const { address } of endpoints) untried.delete(address)
  const sessions = await Promise.all(endpoints.map(async endpoint => {
    const session = await facts.get('smtp', endpoint)
    const one = held(endpoint, session, timedOut(session) ? await outcome(facts.get('egress', endpoint)) : null, await unexpected)
    const details = smtpDetails(session)
    return { ...one, ...await otherOf(context, endpoint.name, session), details, toJSON: () => ({ ...one.toJSON(), details }) }
  }))
  const failed = hosts.flatMap(({ v4, v6 }) => [...(scope.families.includes(4) ? [v4] : []), ...(scope.families.includes(6) ? [v6] : [])])
    .find(answer => 'problem' in answer)
  return { receiving, sessions, untried: [...untried], hidden: failed && 'problem' in failed ? failed.problem : null }
}

export async function probeServiceSessions(context: ProbeContext): Promise<ServiceSessionsFacts> {
  const { facts, scope } = context
  const unexpected = interceptionAhead(context)
  // Nobody waits for a set-up file to talk to the servers that are known without it.
  const named = await facts.get('namedServices')
  for (const endpoint of named.endpoints) probeService(context, endpoint).catch(() => undefined) // who waits for it hears of it
  const { endpoints, unresolved, srv } = await facts.get('services')
  const logins = scope.permissions.has('login') && scope.accounts.length > 0 ? await facts.get('logins') : []
  const [sessions, withoutAddress] = await Promise.all([
    Promise.all(endpoints.map(async endpoint => {
      const session = await facts.get('service', endpoint)
      const afterLogin = logins.find(({ name }) => name === endpoint.name)?.logins.find(({ mailbox }) => mailbox?.offer)?.mailbox?.offer
      return { ...held(endpoint, session, timedOut(session) ? await outcome(facts.get('egress', endpoint)) : null, await unexpected), ...(afterLogin ? { afterLogin } : {}), ...await otherOf(context, endpoint.name, session) }
    })),
    Promise.all(unresolved.map(async service => ({ ...service, addresses: await facts.get('addresses', { name: service.host }) }))),
  ])
  const hidden = Object.values(services).flatMap(({ name: service, srv: label }) => {
    const answer = label === undefined || scope.services[service] !== undefined ? undefined : srv[`${label}.${scope.domain}`]
    return answer && 'problem' in answer ? [{ service, problem: answer.problem }] : []
  })
  return { sessions, unresolved: withoutAddress, hidden }
}

function held<E extends MxEndpoint | ServiceEndpoint, F extends ServiceSession>(
  endpoint: E, session: F, egress: Outcome<EgressFacts> | null, { issuers, masked }: Interception,
): HeldSession<E, F> {
  const issuer = unexpectedIssuer(session)?.issuer
  const line = masked && !session.tls && session.protocol === 'smtp' ? maskedLine(session)?.line : undefined
  const interceptor = issuer !== undefined && issuers.has(issuer) ? issuer : line ?? null
  return { name: endpoint.name, endpoint, session, egress, interceptor, toJSON: () => ({ name: endpoint.name, failure: session.failure ?? null }) }
}

/** Asked first: it says what is amiss here also where nothing is found to talk to, and then nobody waits for it. */
function interceptionAhead(context: ProbeContext): Promise<Interception> {
  const asked = interceptionHere(context)
  asked.catch(() => undefined)
  return asked
}

/** Only where the user named hosts that show it; a failure of theirs is no doubt about others. */
async function interceptionHere({ facts, scope }: ProbeContext): Promise<Interception> {
  const vantage = scope.vantage.length === 0 ? null : await outcome(facts.get('vantage'))
  if (!vantage || 'problem' in vantage) return { issuers: new Set(), masked: false }
  return { issuers: new Set(vantage.value.unexpectedIssuers.map(({ issuer }) => issuer)), masked: vantage.value.masked.length > 0 }
}

/** What somebody in between does to the sessions of strangers. */
interface Interception {
  readonly issuers: ReadonlySet<string>
  readonly masked: boolean
}

async function otherOf({ facts, scope }: ProbeContext, name: string, session: ServiceSession): Promise<{ other?: TlsSession }> {
  if (!scope.permissions.has('tlsScan') || !session.tls) return {}
  const { answer } = await facts.get('otherCertificate', { name, session })
  return answer && 'value' in answer && answer.value ? { other: answer.value } : {}
}

function timedOut({ failure }: ServiceSession): boolean {
  return failure?.stage === 'connect' && failure.event === 'timeout'
}

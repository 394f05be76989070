/** The endpoints of a report as rows: what was reached where, under which TLS, with which certificate and mechanisms. */
import type { Reply, SessionFacts, ServiceSession } from '../probes/session.ts'
import type { MxSessionsFacts } from '../probes/session-sets.ts'
import type { ServiceEndpoint } from '../probes/services.ts'
import type { FailureEvent } from '../network/network.ts'
import { services } from '../services.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { imapCapabilities, imapMechanisms } from '../syntax/imap.ts'
import { pop3Capabilities } from '../syntax/pop3.ts'
import { authMechanisms } from '../syntax/smtp.ts'
import { groupBy } from './group.ts'
import type { Report } from './report.ts'
import { visible } from './visible.ts'

export interface EndpointRow {
  readonly service: string
  readonly host: string
  readonly address: string
  readonly port: number
  /** `TLSv1.3`, `none`, or why nothing was learnt: `refused`, `timed out`, `turned away`. */
  readonly tls: string
  /** `2027-02-01`; empty without a certificate. */
  readonly until: string
  readonly mechanisms: readonly string[]
}

const outcomes: Readonly<Record<FailureEvent, string>> = {
  timeout: 'timed out', refused: 'refused', unreachable: 'unreachable', closed: 'closed', 'too-long': 'too long', handshake: 'TLS failed',
  rcode: 'not tested', malformed: 'unreadable', unavailable: 'not tested',
}

/** In the order of the services, then host, then address. A customary name that does not answer is no endpoint. */
export function endpointRows({ facts }: Pick<Report, 'facts'>): EndpointRow[] {
  const rows = [...sessionsIn(facts['smtp']), ...sessionsIn(facts['service'])].flatMap(({ name, session }) => {
    const known = serviceEndpoints(facts['services']).find(endpoint => endpoint.name === name)
    if (known?.source === 'guess' && session.connected === undefined) return []
    const { host, address, port } = session.endpoint
    const service = known?.service ?? Object.values(services).find(candidate => candidate.port === port)?.name ?? ''
    return [{ service, host: visible(host), address, port, tls: tlsOf(session), until: untilOf(session), mechanisms: mechanismsOf(session) }]
  })
  const order = Object.keys(services)
  return rows.toSorted((a, b) => order.indexOf(a.service) - order.indexOf(b.service) ||
    compare(a.host, b.host) || Number(a.address.includes(':')) - Number(b.address.includes(':')) || compare(a.address, b.address))
}

/** The facts of sessions, by endpoint; a failure may stand in the place of each, or of all. */
export function sessionsIn(fact: unknown): { name: string; session: ServiceSession }[] {
  if (typeof fact !== 'object' || fact === null) return []
  return Object.entries(fact).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && 'endpoint' in value ? [{ name, session: value as ServiceSession }] : [])
}

export function serviceEndpoints(fact: unknown): readonly ServiceEndpoint[] {
  return typeof fact === 'object' && fact !== null && 'endpoints' in fact ? fact.endpoints as readonly ServiceEndpoint[] : []
}

/** `none` is a fact about a server that was heard to the end; of one that broke off or sent us away it is not known. */
function tlsOf(session: ServiceSession): string {
  const { tls, failure } = session
  if (tls) return visible(tls.version) // a recording may say anything
  if (failure) return outcomes[failure.event]
  return offerOf(session) ? 'none' : 'turned away'
}

function offerOf(session: ServiceSession): Reply | undefined {
  switch (session.protocol) {
    case 'smtp': return session.ehlo
    case 'imap': return session.capability
    case 'pop3': return session.capa
  }
}

function untilOf({ tls }: SessionFacts): string {
  const [leaf] = tls?.chain ?? []
  const notAfter = leaf === undefined ? undefined : parseCertificate(leaf)?.notAfter
  return notAfter && !Number.isNaN(notAfter.getTime()) ? notAfter.toISOString().slice(0, 10) : ''
}

/** No server has more, and no mechanism a longer name (RFC 4422 §3.1 allows 20 characters); a hostile one may say so. */
const mostMechanisms = 16
const longestMechanism = 24

function mechanismsOf(session: ServiceSession): string[] {
  const all = offered(session)
  const shown = all.slice(0, mostMechanisms).map(mechanism =>
    visible(mechanism.slice(0, longestMechanism)) + (mechanism.length > longestMechanism ? '…' : ''))
  return all.length > mostMechanisms ? [...shown, `and ${all.length - mostMechanisms} more`] : shown
}

function offered(session: ServiceSession): string[] {
  switch (session.protocol) {
    case 'smtp':
      return authMechanisms(session.ehloOverTls ?? session.ehlo ?? [])
    case 'imap': {
      const capabilities = imapCapabilities(session.capabilityOverTls ?? session.capability ?? session.greeting ?? [])
      const login = capabilities.size > 0 && !capabilities.has('LOGINDISABLED') ? ['login command'] : []
      return [...imapMechanisms(capabilities), ...login]
    }
    case 'pop3': {
      const capabilities = pop3Capabilities(session.capaOverTls ?? session.capa ?? [])
      return [...(capabilities.get('SASL') ?? []), ...(capabilities.has('USER') ? ['user command'] : [])]
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Extensions that the hosts of incoming mail offer, inside TLS where there is TLS; those that offer the same together. */
export interface SmtpOffer {
  readonly hosts: readonly string[]
  /** `SIZE 52428800`, in alphabetical order, and what is odd about the change to TLS; hostile. */
  readonly offer: readonly string[]
}

/** Keywords of one server that are shown; the hostile have thousands. */
const mostKeywords = 30

export function smtpOffers(fact: unknown): SmtpOffer[] {
  const sessions = typeof fact === 'object' && fact !== null && 'sessions' in fact ? (fact as MxSessionsFacts).sessions : []
  const offers = sessions.flatMap(({ endpoint: { host }, details: { extensions, change } }) => {
    const keywords = Object.entries(extensions).map(([name, parameters]) => [name, ...parameters].join(' ').slice(0, 80)).toSorted()
    if (keywords.length === 0) return []
    return [{ host, offer: [...keywords.slice(0, mostKeywords), ...(change?.startTlsRepeated ? ['STARTTLS once more inside TLS'] : [])] }]
  })
  return [...groupBy(offers, ({ offer }) => JSON.stringify(offer)).values()].flatMap(group =>
    (group[0] ? [{ hosts: [...new Set(group.map(({ host }) => host))], offer: group[0].offer }] : []))
}

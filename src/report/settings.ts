/**
 * What to type into a mail program: every service that was seen to work, best first. TLS from the first octet comes before
 * STARTTLS (RFC 8314 §3), and IMAP before POP3; what a mail program would warn of or refuse is left out.
 */
import { offersOf } from '../checks/offer.ts'
import type { LoginFacts } from '../probes/login.ts'
import type { EndpointLogins } from '../probes/logins.ts'
import type { Mailbox } from '../probes/mailbox.ts'
import type { ServiceEndpoint } from '../probes/services.ts'
import type { Reply, ServiceSession } from '../probes/session.ts'
import { services, type Protocol, type ServiceName } from '../services.ts'
import { certificateCovers, parseCertificate } from '../syntax/certificate.ts'
import { imapCapabilities, imapMechanisms } from '../syntax/imap.ts'
import { pop3Capabilities } from '../syntax/pop3.ts'
import { authMechanisms } from '../syntax/smtp.ts'
import { serviceEndpoints, sessionsIn } from './endpoints.ts'
import { groupBy } from './group.ts'
import type { Report } from './report.ts'
import { retrievalAdvice } from './retrieval.ts'
import { topicOf } from './topics.ts'

/** `password`: sent as it is, inside TLS. `oauth2`: a token of the provider's own login page. `scram`: only proven to be known. */
export type LoginMethod = 'password' | 'oauth2' | 'scram'

export interface MailSetting {
  readonly service: ServiceName
  readonly protocol: Protocol
  readonly host: string
  readonly port: number
  readonly security: 'tls' | 'starttls'
  /** What the server offers, as mail programs call it; empty when it does not say. */
  readonly authentication: readonly LoginMethod[]
  /** Somebody declared it, in the DNS or the configuration; otherwise it is a customary name that answers. */
  readonly declared: boolean
}

export interface MailSettings {
  readonly domain: string
  readonly reading: readonly MailSetting[]
  readonly sending: readonly MailSetting[]
  /** The user name to try first, and the one to try if that is refused (RFC 6186 §4); which is right shows only at a login. */
  readonly userName: readonly ['address', 'local-part']
  /** What each retrieval protocol is good for here, and which to hand out, in sentences. */
  readonly advice: readonly string[]
}

/** What works at an endpoint, with the list of what is offered there inside TLS. */
export interface WorkingService {
  readonly endpoint: ServiceEndpoint
  readonly session: ServiceSession
  readonly offer: Reply
  /** What was to be seen after a login, where one was permitted and worked. */
  readonly mailbox?: Mailbox
}

export function mailSettings(report: Pick<Report, 'domain' | 'facts' | 'findings'>): MailSettings {
  const working = workingServices(report)
  const settings = [...groupBy(working, ({ endpoint: { service, host, port } }) => `${service} ${host} ${port}`).values()]
    .flatMap(([first]) => (first ? [settingOf(first)] : [])).toSorted(byWorth)
  return {
    domain: report.domain,
    reading: settings.filter(({ protocol }) => protocol !== 'smtp'),
    sending: settings.filter(({ protocol }) => protocol === 'smtp'),
    userName: ['address', 'local-part'],
    advice: retrievalAdvice(working),
  }
}

const preferred: readonly ServiceName[] = ['imaps', 'imap', 'pop3s', 'pop3', 'submissions', 'submission']

/** By service, then what somebody declared before what was guessed; the rest stays in the order of the report. */
function byWorth(a: MailSetting, b: MailSetting): number {
  return preferred.indexOf(a.service) - preferred.indexOf(b.service) || Number(b.declared) - Number(a.declared)
}

function workingServices({ facts, findings }: Pick<Report, 'facts' | 'findings'>): WorkingService[] {
  const sessions = new Map(sessionsIn(facts['service']).map(({ name, session }) => [name, session]))
  // a certificate that is not trusted, of another name or out of date: mail programs warn, or refuse
  const unfit = new Set(findings.filter(({ verdict, severity, check }) =>
    verdict === 'fail' && topicOf(check) === 'tls' && (severity === 'critical' || severity === 'error')).map(({ subject }) => subject))
  return serviceEndpoints(facts['services']).flatMap(endpoint => {
    const session = sessions.get(endpoint.name)
    const offer = session?.tls ? offersOf(session).overTls : undefined
    if (!session || !offer || unfit.has(endpoint.name) || !namesHost(session) || !letsIn(session.protocol, offer)) return []
    const mailbox = loginsIn(facts['logins'], endpoint.name).find(login => login.letIn)?.mailbox
    return [{ endpoint, session, offer, ...(mailbox ? { mailbox } : {}) }]
  })
}

/** A failure may stand in the place of the fact. */
function loginsIn(fact: unknown, endpoint: string): readonly LoginFacts[] {
  return Array.isArray(fact) ? (fact as readonly EndpointLogins[]).find(({ name }) => name === endpoint)?.logins ?? [] : []
}

/** For customary names too, of which no check asks it: what is to be typed in must be what the certificate names. */
function namesHost({ tls, endpoint: { host } }: ServiceSession): boolean {
  const leaf = parseCertificate(tls?.chain[0] ?? '')
  return leaf !== null && certificateCovers(leaf.names, host)
}

/** The list was given, and names a way in. */
function letsIn(protocol: Protocol, offer: Reply): boolean {
  switch (protocol) {
    case 'smtp': return authMechanisms(offer).length > 0
    case 'imap': return imapCapabilities(offer).size > 0 && loginMethods(protocol, offer).length > 0
    case 'pop3': return offer.length > 0
  }
}

function settingOf({ endpoint: { service, host, port, tls, source }, offer }: WorkingService): MailSetting {
  const { protocol } = services[service]
  return {
    service, protocol, host, port, security: tls === 'implicit' ? 'tls' : 'starttls',
    authentication: loginMethods(protocol, offer), declared: source !== 'guess',
  }
}

function loginMethods(protocol: Protocol, offer: Reply): LoginMethod[] {
  const { mechanisms, plainly } = waysIn(protocol, offer)
  const methods: LoginMethod[] = []
  if (plainly || mechanisms.includes('PLAIN') || mechanisms.includes('LOGIN')) methods.push('password')
  if (mechanisms.includes('XOAUTH2') || mechanisms.includes('OAUTHBEARER')) methods.push('oauth2')
  if (mechanisms.some(name => name.startsWith('SCRAM-'))) methods.push('scram')
  return methods
}

/** `plainly`: the protocol's own command takes a password (IMAP LOGIN, POP3 USER). */
function waysIn(protocol: Protocol, offer: Reply): { mechanisms: readonly string[]; plainly: boolean } {
  switch (protocol) {
    case 'smtp': return { mechanisms: authMechanisms(offer), plainly: false }
    case 'imap': {
      const listed = imapCapabilities(offer)
      return { mechanisms: imapMechanisms(listed), plainly: !listed.has('LOGINDISABLED') }
    }
    case 'pop3': {
      const listed = pop3Capabilities(offer)
      return { mechanisms: (listed.get('SASL') ?? []).map(name => name.toUpperCase()), plainly: listed.has('USER') }
    }
  }
}

/**
 * CAA (RFC 8659 §3): asked at every host that shows a certificate, and at each name above it, for the nearest that has records
 * decides. Certificates are those that were seen: of the mail servers, and of the host that serves the MTA-STS policy.
 */
import { identifiersOf, loadAuthorities } from '../data/authorities.ts'
import { outcome, type Answer, type Failure, type Outcome, type TlsSession } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { formatLabels, labelsOf } from '../syntax/name.ts'
import type { ProbeContext, Subject } from './index.ts'
import type { HeldService, MxSession } from './session-sets.ts'

/** A host that shows a certificate, or would, had we got that far. */
export interface CertificateHost extends Subject {
  /** Does it lie in the domain’s own organization? */
  readonly own: boolean
  readonly certificates: readonly SeenCertificate[]
  /** What kept a certificate of it from being seen, and may be no fault of its own. */
  readonly problem: Failure | null
  /** From the host upwards, without the root. */
  readonly lookups: readonly CaaLookup[]
}

/** The leaf of a chain. */
export interface SeenCertificate {
  /** The endpoint or URL. */
  readonly at: string
  readonly subject: string
  readonly issuer: string
  readonly names: readonly string[]
  /** It leads to a public root (or one given with --ca). */
  readonly trusted: boolean
  /** The names by which CAA records permit the issuer; empty where they are not known. */
  readonly identifiers: readonly string[]
}

export interface CaaLookup {
  readonly name: string
  readonly answer: Outcome<Answer<'CAA'>>
}

export interface CertificateHostsFacts {
  readonly hosts: readonly CertificateHost[]
  /** What may have hidden hosts. */
  readonly hidden: Failure | null
}

/** More hosts than these are bounded, not asked for. */
const mostHosts = 30
/** Names above a host that are asked for. */
const mostNames = 12

export async function probeCertificateHosts(context: ProbeContext): Promise<CertificateHostsFacts> {
  const { facts, scope: { domain } } = context
  const questions = new Questions(context)
  const [mx, services, mtaSts, { authorities }, { organizationalDomain }] = await Promise.all([
    outcome(facts.get('mxSessions')), outcome(facts.get('serviceSessions')), outcome(facts.get('mtaSts')),
    loadAuthorities(), import('../syntax/organizational-domain.ts'), askAhead(context, questions),
  ])
  const seen: Seen[] = []
  if ('value' in mx) seen.push(...mx.value.sessions.map(sessionSeen))
  if ('value' in services) seen.push(...services.value.sessions.map(sessionSeen))
  const policy = 'value' in mtaSts ? mtaSts.value.policy : null
  if (policy?.response && 'value' in policy.response) seen.push({ host: policy.host, at: policy.url, tls: policy.response.value.tls, problem: null })

  const organization = organizationalDomain(domain)
  const names = [...new Set(seen.flatMap(({ host, tls, problem }) => (tls ?? problem) && labelsOf(host).length > 1 ? [host] : []))].toSorted().slice(0, mostHosts)
  const hosts = await Promise.all(names.map(async (name): Promise<CertificateHost> => {
    const certificates = seen.flatMap(({ host, at, tls }): SeenCertificate[] => {
      const leaf = host === name && tls ? parseCertificate(tls.chain[0] ?? '') : null
      return leaf && tls ? [{ at, subject: leaf.subject, issuer: leaf.issuer, names: leaf.names, trusted: tls.trust.trusted, identifiers: identifiersOf(authorities, leaf.issuer) }] : []
    })
    const problem = seen.find(one => one.host === name && one.problem)?.problem ?? null
    return { name, own: name === organization || name.endsWith(`.${organization}`), certificates, problem, lookups: await questions.climb(name) }
  }))
  const failed = [mx, services, mtaSts].find(fact => 'problem' in fact)
  return { hosts, hidden: failed && 'problem' in failed ? failed.problem : 'value' in mx ? mx.value.hidden : null }
}

interface Seen {
  readonly host: string
  readonly at: string
  readonly tls: TlsSession | undefined
  readonly problem: Failure | null
}

/** A refusal and a failed handshake are the server's own word; and a guess that does not answer is nobody's host. */
function sessionSeen({ endpoint, session: { name, tls, failure } }: MxSession | HeldService): Seen {
  const guessed = 'source' in endpoint && endpoint.source === 'guess'
  const itself = failure?.event === 'refused' || failure?.event === 'handshake'
  return { host: endpoint.host, at: name, tls, problem: tls || guessed || itself ? null : failure ?? null }
}

/** While the sessions are under way: by the time that a certificate is seen, it is known who may issue it. */
async function askAhead({ network, facts, scope: { domain } }: ProbeContext, questions: Questions): Promise<void> {
  const climb = async (hosts: readonly string[]): Promise<unknown> =>
    Promise.all([...new Set(hosts)].filter(host => labelsOf(host).length > 1).slice(0, mostHosts).map(host => questions.climb(host)))
  await Promise.all([
    outcome(facts.get('mx')).then(mx => climb('value' in mx && !mx.value.implicit ? mx.value.hosts.map(({ name }) => name) : [])),
    // a set-up file that comes later names few hosts that nothing else does
    outcome(facts.get('namedServices')).then(services =>
      climb('value' in services ? services.value.endpoints.filter(({ source }) => source !== 'guess').map(({ host }) => host) : [])),
    outcome(network.query({ name: `_mta-sts.${domain}`, type: 'TXT' })).then(record => climb('value' in record && record.value.records.length > 0 ? [`mta-sts.${domain}`] : [])),
  ])
}

/** Every name once, however many hosts lie below it. */
class Questions {
  readonly #context: ProbeContext
  readonly #asked = new Map<string, Promise<CaaLookup>>()

  constructor(context: ProbeContext) {
    this.#context = context
  }

  /** All names up to the root at once: few hosts have many above them, and most of those are shared. */
  climb(host: string): Promise<CaaLookup[]> {
    const labels = labelsOf(host)
    return Promise.all(labels.map((_, i) => formatLabels(labels.slice(i))).slice(-mostNames).map(name => this.#ask(name)))
  }

  #ask(name: string): Promise<CaaLookup> {
    const known = this.#asked.get(name)
    if (known) return known
    const lookup = outcome(this.#context.network.query({ name, type: 'CAA' })).then(answer => ({ name, answer }))
    this.#asked.set(name, lookup)
    return lookup
  }
}

/** What the handshakes tell of each endpoint beside what is judged: how keys are agreed on, and what comes with the certificates. */
import type { HandshakeFacts } from '../probes/handshakes.ts'
import type { OtherCertificateFacts } from '../probes/other-certificate.ts'
import type { TlsScanFacts } from '../probes/tls-scan.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import { hybridGroups, registeredName } from '../syntax/tls-groups.ts'
import { sessionsIn } from './endpoints.ts'
import { groupBy } from './group.ts'
import { sentenceList } from './vantage.ts'
import { visible } from './visible.ts'

export interface TlsDetails {
  /** As endpoints are asked: hosts, without addresses and ports where all of them are alike. */
  readonly hosts: readonly string[]
  /** Phrases, in one order. */
  readonly told: readonly string[]
}

/** Endpoints that tell the same stand together. */
export function tlsDetails(facts: Readonly<Record<string, unknown>>): TlsDetails[] {
  const seen = [...sessionsIn(facts['smtp']), ...sessionsIn(facts['service'])].flatMap(({ name, session: { endpoint, tls } }) => {
    if (!tls) return []
    const served = (factOf(facts['handshakes'], name) as HandshakeFacts | undefined)?.served
    const groups = (factOf(facts['tlsScan'], name) as TlsScanFacts | undefined)?.groups
    const other = factOf(facts['otherCertificate'], name) as OtherCertificateFacts | undefined
    const told = [keyExchange(registeredName(tls.keyExchange ?? ''), groups), certificates(tls.chain, other), ...served ? extras(served) : []]
    return [{ host: endpoint.host, told: told.filter(phrase => phrase !== '') }]
  })
  return [...groupBy(seen, ({ told }) => told.join('; ')).values()].map(group =>
    ({ hosts: [...new Set(group.map(({ host }) => visible(host)))], told: group[0]?.told ?? [] }))
}

function keyExchange(shown: string, groups: TlsScanFacts['groups'] | undefined): string {
  const first = shown === '' ? 'key exchange not told' : `key exchange over ${visible(shown)}`
  if (!groups) return first
  const others = groups.taken.filter(group => group !== shown).map(visible)
  const hybrids = hybridGroups.every(group => groups.asked.includes(group)) && !hybridGroups.some(group => groups.taken.includes(group))
  const unasked = !hybridGroups.some(group => groups.asked.includes(group))
  return [
    others.length > 0 ? `${first}, also ${sentenceList(others)}` : first,
    ...(hybrids ? ['no post-quantum hybrid'] : unasked ? ['post-quantum hybrids not asked for within the time of this run (--deadline 130 is enough)'] : []),
  ].join(', ')
}

function certificates(chain: readonly string[], other: OtherCertificateFacts | undefined): string {
  const kind = kindOf(chain)
  if (kind === '') return ''
  if (!other?.asked || !other.answer || 'problem' in other.answer) return `${kind} certificate`
  return other.answer.value ? `${kind} and ${kindOf(other.answer.value.chain)} certificates` : `${kind} certificate alone`
}

function kindOf(chain: readonly string[]): string {
  const type = parseCertificate(chain[0] ?? '')?.key.type ?? ''
  return type === 'ec' ? 'ECDSA' : type.startsWith('rsa') ? 'RSA' : type === 'ed25519' ? 'Ed25519' : ''
}

function extras({ ocsp, mustStaple, timestamps }: NonNullable<HandshakeFacts['served']>): string[] {
  const until = ocsp?.nextUpdate?.slice(0, 10)
  return [
    timestamps === 1 ? '1 CT stamp' : `${timestamps} CT stamps`,
    ocsp ? `OCSP staple "${ocsp.status}"${until === undefined ? '' : ` until ${visible(until)}`}` : 'no OCSP staple',
    ...(mustStaple ? [ocsp ? 'must-staple' : 'must-staple, which it does not keep'] : []),
  ]
}

/** A failure may stand in the place of each fact, or of all. */
function factOf(fact: unknown, name: string): object | undefined {
  const one = typeof fact === 'object' && fact !== null ? (fact as Readonly<Record<string, unknown>>)[name] : undefined
  return typeof one === 'object' && one !== null && 'name' in one ? one : undefined
}

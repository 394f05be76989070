/**
 * A question to somebody who is no part of the domain: a registry, an authority, a watcher of routes. What they say counts
 * only when it is sure that they say it, so over HTTPS their certificate must hold. A failure to ask says nothing of the
 * domain, whatever it was: it is the silence of whoever was asked.
 */
import { isIP } from 'node:net'
import { outcome, type Failure, type HttpResponse, type Outcome } from '../network/network.ts'
import { certificateCovers, parseCertificate } from '../syntax/certificate.ts'
import { addressesOf, leadsAstray, type AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'

export interface ThirdPartyRequest {
  readonly accept?: string
  /** Octets of body. */
  readonly limit: number
  /** What is signed itself may come in clear; nothing else may. */
  readonly clear?: boolean
  /** The user's own configuration names this URL: it may lead anywhere, and in clear. */
  readonly configured?: boolean
}

/** RFC 7480 §5.2: registries send on to one another. */
const mostRedirects = 4
const redirections: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Milliseconds for one exchange. */
const patience = 20_000

/** The response at the end of the redirects, whatever its status. */
export async function askThirdParty(context: ProbeContext, url: string, request: ThirdPartyRequest): Promise<Outcome<HttpResponse>> {
  const { network } = context
  let at = url
  let { configured = false } = request
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const where = URL.canParse(at) ? new URL(at) : undefined
    const clear = where?.protocol === 'http:' && (request.clear === true || configured)
    if (!where || !(where.protocol === 'https:' || clear)) return silent(`${shortened(at)} is no URL that can be relied on: it is not HTTPS`)
    const addresses = await addressesAt(context, where, configured)
    if ('problem' in addresses) return addresses
    const headers = request.accept === undefined ? {} : { headers: { accept: request.accept } }
    const answer = await outcome(network.fetch(where.href, { ...headers, limit: request.limit, addresses: addresses.value, timeout: patience, lasting: true }))
    if ('problem' in answer) return { problem: silence(answer.problem, where.host) }
    const { tls, status, headers: { location } } = answer.value
    const doubt = where.protocol === 'https:' ? doubtOf(tls, where.hostname, network.now()) : null
    if (doubt !== null) return silent(`the certificate of ${where.host} ${doubt}`)
    if (!redirections.has(status) || location === undefined || !URL.canParse(location, where.href)) return answer
    at = new URL(location, where.href).href
    configured &&= new URL(at).host === where.host
  }
  return silent(`${shortened(url)} redirects without end`)
}

/** Nobody to ask, or nothing that can be used: what stands in the place of an answer. */
export function silent(detail: string): { readonly problem: Failure } {
  return { problem: { event: 'unavailable', reason: 'registry-silent', detail } }
}

/** What happened here stays what it is: only a peer can be silent. */
function silence(failure: Failure, host: string): Failure {
  if (failure.event === 'unavailable' || /^(?:no-ipv[46]-here|local-egress-blocked|deadline-spent|not-recorded)$/.test(failure.reason)) return failure
  return { event: failure.event, reason: 'registry-silent', detail: `${host}: ${failure.detail}` }
}

async function addressesAt({ facts, scope }: ProbeContext, { hostname }: URL, configured: boolean): Promise<Outcome<readonly string[]>> {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const found: AddressFacts | null = isIP(host) === 0 ? await facts.get('addresses', { name: host.replace(/\.$/, '') }) : null
  const all = found ? addressesOf(found, scope.families) : [host]
  const addresses = configured ? all : all.filter(address => !leadsAstray(address))
  if (addresses.length > 0) return { value: addresses }
  if (all.length > 0) return silent(`${host} has no address that is the same for everybody`)
  const [failed] = found ? [found.v4, found.v6].flatMap(answer => 'problem' in answer ? [answer.problem] : []) : []
  return failed ? { problem: silence(failed, host) } : silent(`${host} has no address`)
}

/** Why this session proves nothing; null when it does. */
function doubtOf(tls: HttpResponse['tls'], hostname: string, now: Date): string | null {
  const { trust, chain = [] } = tls ?? {}
  if (!trust?.trusted) return `does not hold (${trust?.problem ?? 'no TLS'})`
  const path = trust.path.map(at => parseCertificate(chain[at] ?? ''))
  const [leaf] = path
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (!leaf || !(certificateCovers(leaf.names, host) || leaf.addresses.includes(host))) return 'is for another name'
  return path.every(one => one !== null && one.notBefore <= now && one.notAfter >= now) ? null : 'is out of date'
}

function shortened(url: string): string {
  return url.length > 200 ? `${url.slice(0, 200)}…` : url
}

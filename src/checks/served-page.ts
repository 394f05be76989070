/**
 * What came of asking for a page over HTTPS. MTA-STS and BIMI want the same of it: an address, a handshake, a certificate
 * that is valid for the host, status 200 and no redirect. What else goes wrong may be ours, or may pass.
 */
import type { PageFacts } from '../probes/page.ts'
import type { Failure, HttpResponse } from '../network/network.ts'
import { certificateCovers } from '../syntax/certificate.ts'
import { firstToEnd, lastToBegin } from './certificate-horizon.ts'
import { fail, unknownBecause, type Evidence, type Unknown } from './define.ts'
import { resolutionOf } from './resolution.ts'
import { certificateLine, countedCertificates, timestamp } from './served-chain.ts'

export const pageMessages = {
  failed: '{url}: HTTP status {status}',
  redirect: '{url}: redirects ({status}) to {location}, and redirects are not followed',
  'no-address': '{url}: {host} has no public address',
  refused: '{url}: {host} refuses the connection',
  handshake: '{url}: the TLS handshake fails: {alert}',
  'no-http': '{url}: what the server sends is no HTTP response',
  'too-long': '{url}: the file is longer than any that is read',
  untrusted: '{url}: the certificate leads to no public root (issuer {issuer})',
  'other-name': '{url}: the certificate does not name {host}, but {names}',
  expired: '{url}: the certificate expired on {date}',
  'not-yet-valid': '{url}: the certificate is not valid before {date}',
} as const

type PageFault = ReturnType<typeof faultOf> & object
export type ServedPage =
  | { readonly state: 'served'; readonly response: HttpResponse }
  | { readonly state: 'faulty'; readonly fault: PageFault }
  | { readonly state: 'undecided'; readonly because: Unknown }

/** `now` is RFC 3339. */
export function servedPage(page: PageFacts, now: string): ServedPage {
  const fault = faultOf(page, now)
  if (fault) return { state: 'faulty', fault }
  const { response, addresses } = page
  if (response && 'value' in response) return { state: 'served', response: response.value }
  const problem = response ? response.problem : resolutionOf(addresses).problem
  return { state: 'undecided', because: unknownBecause(problem ?? neverAsked) }
}

const neverAsked: Failure = { event: 'unavailable', reason: 'not-recorded', detail: 'the page was not asked for' }

function faultOf(page: PageFacts, now: string) {
  const { url, host, addresses, response } = page
  if (!response) {
    const { problem, evidence } = resolutionOf(addresses)
    return problem ? null : fail('no-address', { url, host }, ...evidence)
  }
  if ('problem' in response) return failureFault(page, response.problem)
  const { status, headers, tls } = response.value
  if (tls) {
    const counted = countedCertificates(tls)
    const [leaf] = counted
    const seen = pageSeen(page, leaf ? certificateLine(leaf) : 'no certificate that can be read')
    if (!leaf || !tls.trust.trusted) return fail('untrusted', { url, issuer: leaf?.issuer ?? 'unknown' }, seen)
    if (!certificateCovers(leaf.names, host)) return fail('other-name', { url, host, names: leaf.names.length > 0 ? leaf.names.slice(0, 10) : ['nobody'] }, seen)
    const end = (firstToEnd(counted) ?? leaf).notAfter
    const begin = (lastToBegin(counted) ?? leaf).notBefore
    if (end.getTime() < Date.parse(now)) return fail('expired', { url, date: timestamp(end) }, seen)
    if (begin.getTime() > Date.parse(now)) return fail('not-yet-valid', { url, date: timestamp(begin) }, seen)
  }
  if (status === 200) return null
  const location = headers['location']
  const seen = pageSeen(page, `HTTP status ${status}${location === undefined ? '' : `, location: ${location}`}`)
  return status >= 300 && status < 400 && location !== undefined
    ? fail('redirect', { url, status, location }, seen)
    : fail('failed', { url, status }, seen)
}

/** The failures that are the server's own word; the others may be this network's. */
function failureFault(page: PageFacts, { event, reason, detail }: Failure) {
  const { url, host } = page
  switch (event) {
    case 'refused': return fail('refused', { url, host }, pageSeen(page, 'connect: refused'))
    case 'handshake': return reason === 'client-cannot-offer' ? null : fail('handshake', { url, alert: detail }, pageSeen(page, `TLS handshake: ${detail}`))
    case 'malformed': return fail('no-http', { url }, pageSeen(page, detail))
    case 'too-long': return fail('too-long', { url }, pageSeen(page, detail))
    default: return null
  }
}

/**
 * Does the host of a page answer HTTPS at all, whatever it says? Evidence that it does not, or what hid it; null when it does.
 * Certificates do not count: TLS reports are to be delivered in spite of them (RFC 8460 §3).
 */
export function unreachablePage(page: PageFacts): Evidence[] | { readonly problem: Failure } | null {
  const { addresses, response } = page
  if (!response) {
    const { problem, evidence } = resolutionOf(addresses)
    return problem ? { problem } : [...evidence]
  }
  if ('value' in response || response.problem.event === 'too-long') return null
  const fault = failureFault(page, response.problem)
  return fault ? [...fault.evidence] : response
}

/** Evidence from a page: a line of it, or what happened. */
export function pageSeen({ url }: Pick<PageFacts, 'url'>, line: string): Evidence {
  return { from: 'https', url, line }
}

/** What to do about each fault; `what` is the file. */
export function pageRemedy(code: string, what: string, { url, host }: Pick<PageFacts, 'url' | 'host'>): string | null {
  switch (code) {
    case 'failed': return `Serve ${what} at ${url}, with status 200.`
    case 'redirect': return `Serve ${what} at ${url} itself: whoever asks for it follows no redirect. A rule that sends everybody to another host or to "www" must leave this path out.`
    case 'no-address': return `Publish A or AAAA records for ${host}, where a web server serves ${what}.`
    case 'refused': return `Start a web server with HTTPS (port 443) on ${host}, and let it serve ${what}.`
    case 'handshake':
    case 'no-http': return `Look in the log of the web server on ${host} why HTTPS fails there, then ask for ${url}.`
    case 'too-long': return `Make ${what} shorter: it must stay within the size that is read.`
    case 'untrusted':
    case 'other-name': return `Install a certificate of a public authority that names ${host} on the web server, with its intermediate certificates.`
    case 'expired': return `Renew the certificate for ${host}, and have the web server load it.`
    case 'not-yet-valid': return `Install a certificate for ${host} that is valid already, or correct the clock of whoever issues it.`
    default: return null
  }
}

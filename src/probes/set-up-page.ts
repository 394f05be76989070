/**
 * A page with which mail programs set themselves up. They follow where it redirects to; we look once, over HTTPS and at a
 * public address, and remember both answers.
 */
import { isIP } from 'node:net'
import type { HttpRequest } from '../network/network.ts'
import { certificateCovers, parseCertificate } from '../syntax/certificate.ts'
import { labelsOf } from '../syntax/name.ts'
import type { ProbeContext } from './index.ts'
import { probePage, type PageFacts } from './page.ts'

export interface SetUpPage extends PageFacts {
  readonly method: 'GET' | 'POST'
  /** What the place said to which it redirects; null when it does not, or not to a place that can be asked. */
  readonly onward: PageFacts | null
}

/**
 * Milliseconds: these names are customary ones, and most web servers that do not answer at once do not answer at all. Whatever
 * a file might say of IMAP and POP3 waits for them.
 */
const patience = { connectTimeout: 4000, timeout: 8000 }

/** `onwards`: what is asked where it redirects to, when that is not the same. */
export async function probeSetUpPage(
  context: ProbeContext, url: string, request: HttpRequest = {}, onwards: HttpRequest = request,
): Promise<SetUpPage> {
  // A name that ends in a number makes no URL (WHATWG), and whoever mistakes an address for a name has one.
  const [, host = ''] = /^https?:\/\/([^/?#]*)/.exec(url) ?? []
  const page = await probePage(context, url, host, { ...request, ...patience })
  const target = targetOf(page)
  const onward = target === null ? null : await probePage(context, target.href, target.hostname, { ...onwards, ...patience })
  return { ...page, method: request.method ?? 'GET', onward }
}

/** Where it redirects to: HTTPS at its usual port, and a host with a name. */
function targetOf({ url, response }: PageFacts): URL | null {
  if (!response || 'problem' in response) return null
  const { status, headers: { location } } = response.value
  if (status < 301 || status > 308 || location === undefined || location.length > 2000 || !URL.canParse(location, url)) return null
  const target = new URL(location, url)
  const { protocol, port, hostname, username, password } = target
  const named = isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && labelsOf(hostname).length > 1
  target.hash = ''
  return protocol === 'https:' && port === '' && named && username + password === '' && target.href !== url ? target : null
}

/**
 * The body that a mail program would read: of the page, or of where it leads. Null when there is none, or when the certificate
 * is not one that it believes: what a default page of a hosting machine says is not the domain's word.
 */
export function bodyOf({ onward, ...page }: SetUpPage): string | null {
  const { response, host } = onward ?? page
  if (!response || 'problem' in response || response.value.status !== 200) return null
  const { url, tls, body } = response.value
  if (!tls) return url.startsWith('http:') ? body : null
  const leaf = parseCertificate(tls.chain[0] ?? '')
  return tls.trust.trusted && leaf !== null && certificateCovers(leaf.names, host) ? body : null
}

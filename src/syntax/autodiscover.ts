/**
 * Autodiscover, "plain old XML" (MS-OXDSCLI): Outlook posts a mail address to https://HOST/autodiscover/autodiscover.xml and is
 * told the servers, one Protocol element each, or another URL or address to ask with. It began with Exchange, which wants a
 * login first; servers of other makes answer with IMAP, POP3 and SMTP to anybody.
 */
import { advertisedHost, advertisedPort, type AdvertisedMode, type AdvertisedServer } from './advertised-server.ts'
import { childrenOf, escapeXml, parseXml, textOf, type XmlElement } from './xml.ts'

export interface AutodiscoverResponse {
  readonly servers: readonly AdvertisedServer[]
  /** RedirectUrl or RedirectAddr (§2.2.4.1.1.2.8, 2.2.4.1.1.2.9): where to ask instead; hostile. */
  readonly redirect: string | null
  /** An Error element: its code and message; hostile. */
  readonly error: string | null
}

const mostServers = 50
const protocols: ReadonlyMap<string, AdvertisedServer['protocol']> = new Map([['imap', 'imap'], ['pop3', 'pop3'], ['smtp', 'smtp']])
const customaryPorts: Readonly<Record<AdvertisedServer['protocol'], number>> = { imap: 143, pop3: 110, smtp: 25 }
const implicitPorts: ReadonlySet<number> = new Set([993, 995, 465])
const upgradedPorts: ReadonlySet<number> = new Set([143, 110, 587, 25])

/** Null: it is no response to such a request. Never throws. */
export function parseAutodiscover(octets: string): AutodiscoverResponse | null {
  const root = parseXml(octets)
  if ('problem' in root || root.name.toLowerCase() !== 'autodiscover') return null
  const responses = childrenOf(root, 'Response')
  const accounts = responses.flatMap(response => childrenOf(response, 'Account'))
  const servers = accounts.flatMap(account => childrenOf(account, 'Protocol')).slice(0, mostServers).flatMap(protocol => serverOf(protocol) ?? [])
  const redirect = accounts.flatMap(account => [textOf(account, 'RedirectUrl'), textOf(account, 'RedirectAddr')]).find(text => text !== undefined) ?? null
  const [error] = responses.flatMap(response => childrenOf(response, 'Error'))
  const parts = error ? [textOf(error, 'ErrorCode'), textOf(error, 'Message')].filter(text => text !== undefined && text !== '') : []
  return { servers, redirect, error: error ? parts.join(' ') : null }
}

/** Types of Exchange's own (EXCH, WEB…) and servers that cannot be told are left out. */
function serverOf(element: XmlElement): AdvertisedServer | null {
  const protocol = protocols.get((textOf(element, 'Type') ?? element.attributes.get('Type') ?? '').toLowerCase())
  const host = advertisedHost(textOf(element, 'Server') ?? '')
  if (!protocol || host === null) return null
  const written = textOf(element, 'Port')
  const port = written === undefined || written === '' || written === '0' ? customaryPorts[protocol] : advertisedPort(written)
  return port === null ? null : { protocol, host, port, mode: modeOf(element, port) }
}

/**
 * Encryption overrides SSL, and SSL is on unless it is off (MS-OXDSCLI §2.2.4.1.1.2.5). "On" says only that there is to be TLS:
 * on a port where it is upgraded to, that is what it means.
 */
function modeOf(element: XmlElement, port: number): AdvertisedMode {
  const customary = implicitPorts.has(port) || !upgradedPorts.has(port) ? 'implicit' : 'starttls'
  switch ((textOf(element, 'Encryption') ?? '').toLowerCase()) {
    case 'ssl': return 'implicit'
    case 'tls': return 'starttls'
    case 'none': return 'plain'
    case 'auto': return customary
    default: return (textOf(element, 'SSL') ?? 'on').toLowerCase() === 'off' ? 'plain' : customary
  }
}

const requestSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006'
const responseSchema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/** What is posted (§2.2.3), octets in UTF-8. */
export function autodiscoverRequest(mailAddress: string): string {
  return '<?xml version="1.0" encoding="utf-8"?>\n'
    + `<Autodiscover xmlns="${requestSchema}"><Request><EMailAddress>${escapeXml(mailAddress)}</EMailAddress>`
    + `<AcceptableResponseSchema>${responseSchema}</AcceptableResponseSchema></Request></Autodiscover>\n`
}

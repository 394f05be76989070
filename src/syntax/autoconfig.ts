/**
 * Autoconfig (draft-ietf-mailmaint-autoconfig), the file with which Thunderbird and others set up an account: an XML document
 * whose root is clientConfig, in it an emailProvider with the mail domains that it is for and its servers, best first. Servers
 * of kinds and elements that a program does not know it passes over; so do we.
 */
import { advertisedHost, advertisedPort, type AdvertisedMode, type AdvertisedServer } from './advertised-server.ts'
import { childrenOf, escapeXml, parseXml, textOf, type XmlElement } from './xml.ts'

export const autoconfigProblems = {
  'not-xml': 'it is not well-formed XML',
  'no-provider': 'it has no emailProvider element',
  'no-incoming': 'it names no incoming server',
  'no-outgoing': 'it names no outgoing server',
  'bad-hostname': 'a hostname is no host name',
  'bad-port': 'a port is no port number',
  'bad-socket-type': 'a socketType is none of SSL, STARTTLS and plain',
} as const
export type AutoconfigProblemCode = keyof typeof autoconfigProblems

export interface AutoconfigProblem {
  readonly code: AutoconfigProblemCode
  /** The value, or what the XML parser says; hostile. */
  readonly what: string
  /** From 1. */
  readonly line: number
}

export interface AutoconfigFile {
  /** Mail domains that the file says it is for: lower case A-labels; as written where they are no names. */
  readonly domains: readonly string[]
  /** Of the protocols that mailcheck speaks, in the order of the file. */
  readonly servers: readonly AdvertisedServer[]
  /** Types of the other incoming servers: `jmap`, `ews`… */
  readonly others: readonly string[]
  readonly problems: readonly AutoconfigProblem[]
}

/** Nobody has more; what comes after is not read. */
const mostServers = 50
const mostDomains = 1000
const mostProblems = 20

const modes: ReadonlyMap<string, AdvertisedMode> = new Map([['ssl', 'implicit'], ['tls', 'implicit'], ['starttls', 'starttls'], ['plain', 'plain']])

/**
 * Reads a file (one character an octet) as somebody of `domain` does. Null: it is no autoconfig file, but a page of another
 * kind that is shown for every URL. Never throws.
 */
export function parseAutoconfig(octets: string, domain: string): AutoconfigFile | null {
  const root = parseXml(octets)
  if ('problem' in root) {
    // Only what begins as one can be a broken one.
    if (!/<clientConfig[\s>]/i.test(octets.slice(0, 4096))) return null
    return { domains: [], servers: [], others: [], problems: [{ code: 'not-xml', what: root.problem, line: root.line }] }
  }
  if (root.name.toLowerCase() !== 'clientconfig') return null
  const [provider] = childrenOf(root, 'emailProvider')
  if (!provider) return { domains: [], servers: [], others: [], problems: [{ code: 'no-provider', what: 'clientConfig', line: root.line }] }

  const problems: AutoconfigProblem[] = []
  const complain = (code: AutoconfigProblemCode, what: string, line: number): void => {
    if (problems.length < mostProblems) problems.push({ code, what, line })
  }
  const domains = childrenOf(provider, 'domain').slice(0, mostDomains).map(({ text }) => {
    const name = filled(text, domain)
    return advertisedHost(name) ?? name.toLowerCase()
  })
  const servers: AdvertisedServer[] = []
  const others: string[] = []
  const incoming = childrenOf(provider, 'incomingServer').slice(0, mostServers)
  const outgoing = childrenOf(provider, 'outgoingServer').slice(0, mostServers)
  let [reading, sending] = [0, 0]
  for (const element of [...incoming, ...outgoing]) {
    const type = (element.attributes.get('type') ?? '').toLowerCase()
    const receives = element.name.toLowerCase() === 'incomingserver'
    if (receives ? type !== 'imap' && type !== 'pop3' : type !== 'smtp') {
      if (receives && type !== '') others.push(type)
      continue
    }
    if (receives) reading++
    else sending++
    const server = readServer(element, type as 'imap' | 'pop3' | 'smtp', domain, complain)
    if (server) servers.push(server)
  }
  if (reading + others.length === 0) complain('no-incoming', 'emailProvider', provider.line)
  // the other protocols send by themselves
  if (sending === 0 && others.length === 0) complain('no-outgoing', 'emailProvider', provider.line)
  return { domains, servers, others, problems }
}

function readServer(
  element: XmlElement, protocol: AdvertisedServer['protocol'], domain: string,
  complain: (code: AutoconfigProblemCode, what: string, line: number) => void,
): AdvertisedServer | null {
  const written = textOf(element, 'hostname') ?? ''
  const hostname = filled(written, domain)
  const host = advertisedHost(hostname)
  const port = advertisedPort(textOf(element, 'port') ?? '')
  const socketType = textOf(element, 'socketType') ?? ''
  const mode = modes.get(socketType.toLowerCase())
  // a host that differs by person cannot be asked, and is no mistake
  if (host === null && !hostname.includes('%')) complain('bad-hostname', written, element.line)
  if (port === null) complain('bad-port', textOf(element, 'port') ?? '', element.line)
  if (!mode) complain('bad-socket-type', socketType, element.line)
  return host !== null && port !== null && mode ? { protocol, host, port, mode } : null
}

function filled(text: string, domain: string): string {
  return text.trim().replaceAll('%EMAILDOMAIN%', domain)
}

/** What of a server a file says beyond where it is. */
export interface AutoconfigServer extends AdvertisedServer {
  /** `password-cleartext`, `OAuth2`…, best first. */
  readonly authentication: readonly string[]
}

/** The file that advertises these servers, best first. */
export function formatAutoconfig(domain: string, servers: readonly AutoconfigServer[]): string {
  const socketTypes: Readonly<Record<AdvertisedMode, string>> = { implicit: 'SSL', starttls: 'STARTTLS', plain: 'plain' }
  const section = ({ protocol, host, port, mode, authentication }: AutoconfigServer): string[] => {
    const element = protocol === 'smtp' ? 'outgoingServer' : 'incomingServer'
    return [
      `    <${element} type="${protocol}">`,
      `      <hostname>${escapeXml(host)}</hostname>`,
      `      <port>${port}</port>`,
      `      <socketType>${socketTypes[mode]}</socketType>`,
      ...authentication.map(method => `      <authentication>${escapeXml(method)}</authentication>`),
      '      <username>%EMAILADDRESS%</username>',
      `    </${element}>`,
    ]
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<clientConfig version="1.1">',
    `  <emailProvider id="${escapeXml(domain)}">`,
    `    <domain>${escapeXml(domain)}</domain>`,
    // the draft bounds both in characters
    ...(domain.length <= 60 ? [`    <displayName>${escapeXml(domain)}</displayName>`] : []),
    ...(domain.length <= 20 ? [`    <displayShortName>${escapeXml(domain)}</displayShortName>`] : []),
    ...servers.filter(({ protocol }) => protocol !== 'smtp').flatMap(section),
    ...servers.filter(({ protocol }) => protocol === 'smtp').flatMap(section),
    '  </emailProvider>',
    '</clientConfig>',
  ].map(line => `${line}\n`).join('')
}

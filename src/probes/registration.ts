/**
 * The registration of the domain, as its registry tells it by RDAP (RFC 9082, RFC 9083). Who is asked stands in IANA's
 * bootstrap file (RFC 9224), but for what the user configures. Many registries of countries offer no RDAP, and some do not
 * tell when a registration ends: then nothing is known, and WHOIS is not asked, for its text has no form.
 */
import type { Outcome } from '../network/network.ts'
import { parseRdapDomain, rdapServers, withSlash, type RdapDomain } from '../syntax/rdap.ts'
import type { ProbeContext } from './index.ts'
import { askThirdParty, silent } from './third-party.ts'

export interface RegistrationFacts {
  /** The name that somebody registered, at or above the domain. */
  readonly name: string
  /** Where its registry was asked; null when it could not be. */
  readonly url: string | null
  /** Null: the registry knows no such registration. */
  readonly registration: Outcome<RdapDomain | null>
}

/** IANA’s file for domain names. */
const bootstrap = 'https://data.iana.org/rdap/dns.json'
const bootstrapLimit = 2 * 1024 * 1024
const answerLimit = 256 * 1024

export async function probeRegistration(context: ProbeContext): Promise<RegistrationFacts> {
  const { organizationalDomain } = await import('../syntax/organizational-domain.ts')
  return askRegistry(context, organizationalDomain(context.scope.domain))
}

export async function askRegistry(context: ProbeContext, name: string): Promise<RegistrationFacts> {
  const server = await serverFor(context, name)
  if ('problem' in server) return { name, url: null, registration: server }
  const { base, configured } = server.value
  const url = `${base}domain/${name}`
  const answer = await askThirdParty(context, url, { accept: 'application/rdap+json', limit: answerLimit, configured })
  if ('problem' in answer) return { name, url, registration: answer }
  const { status, body } = answer.value
  if (status === 404) return { name, url, registration: { value: null } } // RFC 7480 §5.3: it has no such thing
  if (status !== 200) return { name, url, registration: silent(`${new URL(url).host} answers ${status}${status === 429 ? ' (asked too often)' : ''}`) }
  const value = parseRdapDomain(body)
  const other = value?.name !== null && value?.name !== name
  return { name, url, registration: value && !other ? { value } : silent(`what ${new URL(url).host} answers is no registration of ${name}`) }
}

async function serverFor(context: ProbeContext, name: string): Promise<Outcome<{ base: string; configured: boolean }>> {
  const { rdap = {}, rdapBootstrap } = context.scope.thirdParties ?? {}
  const labels = name.split('.')
  const own = labels.map((_, i) => labels.slice(i).join('.')).filter(suffix => Object.hasOwn(rdap, suffix)).map(suffix => rdap[suffix]).find(base => base !== undefined)
  if (own !== undefined) return { value: { base: withSlash(own), configured: true } }
  const file = await askThirdParty(context, rdapBootstrap ?? bootstrap, { limit: bootstrapLimit, configured: rdapBootstrap !== undefined })
  if ('problem' in file) return file
  const { url, status, body } = file.value
  const servers = status === 200 ? rdapServers(body, name) : null
  if (!servers) return silent(`there is no list of registries at ${url}`)
  const base = servers.find(server => server.startsWith('https:')) // RFC 9224 §3 prefers it, and nothing else can be believed
  return base === undefined ? silent(`the registry of ${labels.at(-1) ?? name} offers no RDAP over HTTPS`) : { value: { base, configured: false } }
}

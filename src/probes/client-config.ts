/**
 * What a domain publishes so that mail programs set themselves up (beside SRV, which services.ts asks for): autoconfig, a file
 * at customary places (draft-ietf-mailmaint-autoconfig); autodiscover, a request that is posted (MS-OXDISCO); and JMAP, which
 * begins at /.well-known/jmap (RFC 8620 §2.2). Nobody is asked but the domain's own hosts, those that its MX host belongs to,
 * and where these send us.
 */
import { outcome, type Answer, type HttpRequest, type Outcome } from '../network/network.ts'
import type { AutoconfigFile } from '../syntax/autoconfig.ts'
import type { AutodiscoverResponse } from '../syntax/autodiscover.ts'
import { isWithin, parentName } from '../syntax/name.ts'
import type { ProbeContext } from './index.ts'
import { bodyOf, probeSetUpPage, type SetUpPage } from './set-up-page.ts'

export interface ClientConfigFacts {
  /** False: the domain takes no mail (null MX), and nobody was asked. */
  readonly asked: boolean
  /** In the order in which mail programs prefer them. */
  readonly autoconfig: readonly AutoconfigPlace[]
  readonly autodiscover: readonly AutodiscoverPlace[]
  readonly autodiscoverSrv: Outcome<Answer<'SRV'>> | null
  readonly jmap: { readonly srv: Outcome<Answer<'SRV'>> | null; readonly page: SetUpPage | null }
}

export interface AutoconfigPlace {
  /** `clear`: over HTTP. `mx`: at the organization that the MX host belongs to. */
  readonly place: 'host' | 'well-known' | 'clear' | 'mx'
  readonly page: SetUpPage
  /** Null: there is no such file, or none that a mail program would believe. */
  readonly file: AutoconfigFile | null
}

export interface AutodiscoverPlace {
  /** `clear`: over HTTP, for its redirect alone. */
  readonly place: 'host' | 'domain' | 'srv' | 'clear'
  readonly page: SetUpPage
  readonly response: AutodiscoverResponse | null
}

/** The mailbox that every domain has (RFC 5321 §4.5.1): nobody's own. */
const mailbox = 'postmaster'

export async function probeClientConfig(context: ProbeContext): Promise<ClientConfigFacts> {
  const { network, facts, scope: { domain } } = context
  const hosts = { autoconfig: `autoconfig.${domain}`, autodiscover: `autodiscover.${domain}` }
  // By the time that it is known whether to ask them, so is where they are.
  for (const name of [...Object.values(hosts), domain]) void facts.get('addresses', { name })
  const [mx, autodiscoverSrv, jmapSrv] = await Promise.all([
    outcome(facts.get('mx')),
    ...['_autodiscover._tcp', '_jmap._tcp'].map(label => outcome(network.query({ name: `${label}.${domain}`, type: 'SRV' }))),
  ] as const)
  const srv = { autodiscoverSrv: autodiscoverSrv ?? null, jmap: jmapSrv ?? null }
  if ('value' in mx && mx.value.nullMx && mx.value.hosts.length === 0) {
    return { asked: false, autoconfig: [], autodiscover: [], autodiscoverSrv: srv.autodiscoverSrv, jmap: { srv: srv.jmap, page: null } }
  }
  // Without MX the domain itself is a web site, and nobody asked it about mail.
  const mailDomain = 'problem' in mx || !mx.value.implicit
  const mxHost = 'value' in mx && mailDomain ? mx.value.hosts[0]?.name ?? null : null
  const [autoconfig, autodiscover, page] = await Promise.all([
    probeAutoconfig(context, mailDomain, mxHost), probeAutodiscover(context, mailDomain, srv.autodiscoverSrv),
    mailDomain ? probeSetUpPage(context, `https://${domain}/.well-known/jmap`) : null,
  ])
  return { asked: true, autoconfig, autodiscover, autodiscoverSrv: srv.autodiscoverSrv, jmap: { srv: srv.jmap, page } }
}

/** The two places that are in use first; the others only where these have no file. */
async function probeAutoconfig(context: ProbeContext, mailDomain: boolean, mxHost: string | null): Promise<AutoconfigPlace[]> {
  const { domain } = context.scope
  const query = `?emailaddress=${encodeURIComponent(`${mailbox}@${domain}`)}`
  const at = (place: AutoconfigPlace['place'], url: string): Promise<AutoconfigPlace> => autoconfigAt(context, place, url)
  const first = await Promise.all([
    at('host', `https://autoconfig.${domain}/mail/config-v1.1.xml${query}`),
    ...(mailDomain ? [at('well-known', `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`)] : []),
  ])
  if (first.some(({ file }) => file)) return first
  const beyond = mxHost === null ? [] : await mxDomains(mxHost, domain)
  const second = await Promise.all([
    at('host', `https://autoconfig.${domain}/.well-known/mail-v1.xml${query}`),
    at('clear', `http://autoconfig.${domain}/mail/config-v1.1.xml`),
    ...beyond.flatMap(name => ['/.well-known/mail-v1.xml', '/mail/config-v1.1.xml'].map(path => at('mx', `https://autoconfig.${name}${path}${query}`))),
  ])
  return [...first, ...second]
}

async function autoconfigAt(context: ProbeContext, place: AutoconfigPlace['place'], url: string): Promise<AutoconfigPlace> {
  const page = await probeSetUpPage(context, url)
  const body = bodyOf(page)
  if (body === null) return { place, page, file: null }
  const { parseAutoconfig } = await import('../syntax/autoconfig.ts')
  return { place, page, file: parseAutoconfig(body, context.scope.domain) }
}

/** A name from the DNS may hold anything; a host of a URL may not. */
function fitsUrl(name: string): boolean {
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name) && URL.canParse(`https://autoconfig.${name}/`)
}

/** The draft's MXFULLDOMAIN and MXBASEDOMAIN: what stands above the MX host, down from its organization. */
async function mxDomains(host: string, domain: string): Promise<string[]> {
  const { organizationalDomain } = await import('../syntax/organizational-domain.ts')
  const base = organizationalDomain(host)
  const full = parentName(host)
  return [...new Set([...(isWithin(full, base) ? [full] : []), base])].filter(name => name !== domain && fitsUrl(name))
}

async function probeAutodiscover(context: ProbeContext, mailDomain: boolean, srv: Outcome<Answer<'SRV'>> | null): Promise<AutodiscoverPlace[]> {
  const { domain } = context.scope
  const { autodiscoverRequest } = await import('../syntax/autodiscover.ts')
  const body = autodiscoverRequest(`${mailbox}@${domain}`)
  const question = { method: 'POST', body, headers: { 'content-type': 'text/xml; charset=utf-8' } } as const
  const post = (place: AutodiscoverPlace['place'], host: string): Promise<AutodiscoverPlace> =>
    autodiscoverAt(context, place, `https://${host}/autodiscover/autodiscover.xml`, question, question)
  const records = srv && 'value' in srv ? srv.value.records.map(({ data }) => data).filter(({ target, port }) => fitsUrl(target) && port === 443) : []
  const [best] = records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : 1))
  const first = await Promise.all([
    post('host', `autodiscover.${domain}`),
    ...(mailDomain ? [post('domain', domain)] : []),
    ...(best && best.target !== domain && best.target !== `autodiscover.${domain}` ? [post('srv', best.target)] : []),
  ])
  if (first.some(speaks)) return first
  // A host that serves many domains has a certificate for none of them, and only shows the way (MS-OXDISCO §3.1.5.3).
  return [...first, await autodiscoverAt(context, 'clear', `http://autodiscover.${domain}/autodiscover/autodiscover.xml`, {}, question)]
}

function speaks({ page: { response }, response: told }: AutodiscoverPlace): boolean {
  return told !== null || (response !== null && 'value' in response && response.value.status === 401)
}

async function autodiscoverAt(
  context: ProbeContext, place: AutodiscoverPlace['place'], url: string, request: HttpRequest, onwards: HttpRequest,
): Promise<AutodiscoverPlace> {
  const page = await probeSetUpPage(context, url, request, onwards)
  const body = place === 'clear' && !page.onward ? null : bodyOf(page)
  if (body === null) return { place, page, response: null }
  const { parseAutodiscover } = await import('../syntax/autodiscover.ts')
  return { place, page, response: parseAutodiscover(body) }
}

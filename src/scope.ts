/** What one run is about: the domain, and what the user told us of it. Made from flags and the configuration file. */
import { readFileSync } from 'node:fs'
import type { Config } from './config.ts'
import { services, type ServiceName } from './services.ts'
import { parseHostPort } from './syntax/host-port.ts'
import type { ReceivedReport } from './syntax/received-report.ts'
import type { SuppliedMessage } from './syntax/supplied-message.ts'

/** `unknown` is a value like the others: a context that cannot be told must not be guessed. */
export type Tri = 'yes' | 'no' | 'unknown'
export type Context = 'receiving' | 'sending' | 'parked'
/** What only the user may permit, because it is intrusive or costs somebody (CLI flags of the same names). */
export type Permission = 'own' | 'login' | 'tlsScan' | 'lists' | 'thirdParties' | 'state' | 'message' | 'reports'

export interface Scope {
  /** A-labels, lower case, no final dot. */
  readonly domain: string
  /** As the user typed it. */
  readonly shownAs: string
  /** DKIM selectors that the user declared to be in use. */
  readonly selectors: readonly string[]
  /** Declared hosts of a service; `null` declares that it is not offered. */
  readonly services: Readonly<Partial<Record<ServiceName, DeclaredService | null>>>
  readonly senders: readonly Sender[]
  readonly accounts: readonly Account[]
  /** What the configuration says, in place of what would be found out. */
  readonly context: Readonly<Partial<Record<Context, Tri>>>
  readonly families: readonly (4 | 6)[]
  readonly permissions: ReadonlySet<Permission>
  /** The rules for bulk senders apply. */
  readonly bulk: boolean
  /** The name given in EHLO. */
  readonly ehloName: string
  /** Hosts that show whether a port can be reached from here at all; empty for none. */
  readonly vantage: readonly VantageHost[]
  /** Names that show whether the resolver validates: one that is signed (else the root), one whose signatures are wrong (else none). */
  readonly controlNames?: { readonly signed?: string; readonly bogus?: string }
  /** What the configuration says of block lists. */
  readonly lists?: readonly ListSetting[]
  /** Whom `--third-parties` asks, where the configuration says so. */
  readonly thirdParties?: ThirdParties
  /** A message that was received, for the checks of its topic. */
  readonly message?: SuppliedMessage
  /** What others report of the domain’s mail, and of other domains’. */
  readonly reports?: readonly ReceivedReport[]
  /** When they were last looked for; null when they could not be yet. Absent: for this run. */
  readonly reportsReadAt?: Date | null
}

/** Services of third parties that are asked in place of the customary ones: URLs. */
export interface ThirdParties {
  /** The list of registries (RFC 9224). */
  readonly rdapBootstrap?: string
  /** Their RDAP servers, by the domain under which they register: what stands here is not looked up. */
  readonly rdap?: Readonly<Record<string, string>>
  /** Who watches routes: the data API of RIPEstat. */
  readonly routeOrigins?: string
}

/** A block list of ours by its name, or one of the user's own. */
export interface ListSetting {
  readonly id: string
  readonly off: boolean
  /** Where it is, for one of the user's own; KEY stands for the key. */
  readonly zone?: string
  readonly kind?: 'address' | 'domain'
  readonly families?: readonly (4 | 6)[]
  /** What its answers mean. */
  readonly codes?: Readonly<Record<string, string>>
  readonly page?: string
  /** Reads the key. A function, so that it is in nothing that is written down. */
  readonly key?: () => string | undefined
}

export interface DeclaredService {
  readonly host: string
  readonly port: number
}

export interface Sender {
  readonly address: string
  readonly mailFrom?: string
  readonly dkim?: string
}

/** A mailbox of the user's; the secret is a reference (`env:NAME`, `file:PATH`) and is read only when it is sent. */
export interface Account {
  readonly service: ServiceName
  readonly user: string
  readonly password: string
  readonly mechanism?: string
  /** Reads the secret; null when it is not to be had. A function, so that it is in nothing that is written down. */
  readonly secret?: () => string | null
}

export interface VantageHost {
  readonly host: string
  /** Without a port the host is asked on whichever port is in doubt. */
  readonly port?: number
}

/** What the command line says of a run; absent means that nothing was said. */
export interface ScopeFlags {
  readonly selectors?: readonly string[]
  /** Only these address families. */
  readonly families?: readonly (4 | 6)[]
  readonly permissions?: readonly Permission[]
  readonly bulk?: boolean
  readonly ehloName: string
  /** `HOST[:PORT]`; an empty list means none, whatever the configuration says. */
  readonly vantage?: readonly string[]
  readonly message?: SuppliedMessage
  readonly reports?: readonly ReceivedReport[]
  readonly reportsReadAt?: Date | null
}

/** Flags over the configuration of the domain over the defaults. */
export function makeScope(
  flags: ScopeFlags, config: Pick<Config, 'domains' | 'vantage' | 'controlNames' | 'lists' | 'thirdParties'> | null, { domain, shownAs }: Pick<Scope, 'domain' | 'shownAs'>,
): Scope {
  const own = config?.domains.get(domain)
  const permissions = new Set(flags.permissions)
  if (own?.own) permissions.add('own')
  return {
    domain,
    shownAs,
    selectors: [...new Set([...(flags.selectors ?? []), ...(own?.selectors ?? [])].map(name => selectorName(name, domain)))],
    services: Object.fromEntries(Object.entries(own?.services ?? {}).map(([name, declared]) =>
      [name, declared === null ? null : declaredService(name as ServiceName, declared)])),
    senders: (own?.senders ?? []).map(({ address, mailFrom, dkim }) =>
      ({ address, ...(mailFrom === undefined ? {} : { mailFrom }), ...(dkim === undefined ? {} : { dkim }) })),
    accounts: (own?.accounts ?? []).map(({ service, user, password, mechanism }) =>
      ({ service, user, password, ...(mechanism === undefined ? {} : { mechanism }), secret: () => readSecret(password).secret ?? null })),
    context: Object.fromEntries(Object.entries(own?.context ?? {})),
    families: flags.families ?? [4, 6],
    permissions,
    bulk: flags.bulk ?? false,
    ehloName: flags.ehloName,
    vantage: (flags.vantage ?? config?.vantage ?? []).flatMap(text => parseHostPort(text) ?? []),
    ...(flags.message ? { message: flags.message } : {}),
    ...(flags.reports ? { reports: flags.reports } : {}),
    ...(flags.reportsReadAt === undefined ? {} : { reportsReadAt: flags.reportsReadAt }),
    ...(config?.controlNames ? { controlNames: controlNames(config.controlNames) } : {}),
    ...(config?.thirdParties ? { thirdParties: thirdParties(config.thirdParties) } : {}),
    ...(config?.lists ? { lists: Object.entries(config.lists).map(listSetting) } : {}),
  }
}

function controlNames({ signed, bogus }: NonNullable<Config['controlNames']>): NonNullable<Scope['controlNames']> {
  const name = (text: string): string => text.toLowerCase()
  return { ...(signed === undefined ? {} : { signed: name(signed) }), ...(bogus === undefined ? {} : { bogus: name(bogus) }) }
}

function thirdParties({ rdapBootstrap, rdap, routeOrigins }: NonNullable<Config['thirdParties']>): ThirdParties {
  return {
    ...(rdapBootstrap === undefined ? {} : { rdapBootstrap }), ...(routeOrigins === undefined ? {} : { routeOrigins }),
    ...(rdap ? { rdap: Object.fromEntries(Object.entries(rdap).map(([name, url]) => [name.toLowerCase(), url])) } : {}),
  }
}

function listSetting([id, setting]: [string, NonNullable<Config['lists']>[string]]): ListSetting {
  const { off = false, key, zone, kind, families, codes, page } = setting ?? {}
  return {
    id, off, ...(zone === undefined ? {} : { zone }), ...(kind ? { kind } : {}), ...(families ? { families } : {}), ...(codes ? { codes } : {}),
    ...(page === undefined ? {} : { page }), ...(key === undefined ? {} : { key: () => secretOf(key) }),
  }
}

/**
 * What `env:NAME` or `file:PATH` refers to, or why there is nothing: without the secret in it. One line end at the end of a file
 * is the editor’s.
 */
export function readSecret(reference: string): { readonly secret: string; readonly problem?: undefined } | { readonly secret?: undefined; readonly problem: string } {
  const [, kind, where = ''] = /^(env|file):(.+)$/s.exec(reference) ?? []
  if (kind === undefined) return { problem: 'it is neither env:NAME nor file:PATH' }
  const text = kind === 'env' ? process.env[where] : contentOf(where)
  if (text === undefined) return { problem: kind === 'env' ? `the variable ${where} is not set` : `the file ${where} cannot be read` }
  const secret = kind === 'env' ? text : text.replace(/\r?\n$/, '')
  if (secret === '') return { problem: kind === 'env' ? `the variable ${where} is empty` : `the file ${where} is empty` }
  return /[\0\r\n]/.test(secret) ? { problem: `what ${kind === 'env' ? 'the variable' : 'the file'} ${where} holds is more than one line` } : { secret }
}

/** What `env:NAME` or `file:PATH` refers to, when that can be a label of a name: anything else is no key, and must not go out as one. */
function secretOf(reference: string): string | undefined {
  const [, kind, where = ''] = /^(env|file):(.+)$/.exec(reference) ?? []
  const secret = kind === 'env' ? process.env[where]?.trim() : kind === 'file' ? textOf(where) : undefined
  return secret !== undefined && /^[\w-]{1,63}$/.test(secret) ? secret : undefined
}

function textOf(file: string): string | undefined {
  return contentOf(file)?.trim()
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** People paste the whole name: `s1._domainkey.example.com` means `s1`. */
function selectorName(text: string, domain: string): string {
  const name = text.toLowerCase().replace(/\.$/, '')
  const suffix = `._domainkey.${domain}`
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

function declaredService(name: ServiceName, declared: string): DeclaredService | null {
  const parsed = parseHostPort(declared)
  return parsed && { host: parsed.host, port: parsed.port ?? services[name].port }
}

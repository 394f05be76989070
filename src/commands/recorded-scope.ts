/**
 * What a recording keeps of a scope, and of which checks were asked and by whose measure, so that a replay needs no flags and no
 * configuration to ask the same questions; and a scope with that under what the user says this time. Secrets, and where they are
 * found, are no part of it.
 */
import type { ScopeTake } from '../network/cassette.ts'
import type { Account, ListSetting, Permission, Scope, Sender, ThirdParties, VantageHost } from '../scope.ts'
import { services, type ServiceName } from '../services.ts'

/** Which checks are judged, and by whose measure: as the flags of these names have it. */
export interface Asked {
  readonly only?: readonly string[] | undefined
  readonly skip?: readonly string[] | undefined
  readonly profile?: string | undefined
}

export function scopeTake(scope: Scope, { only = [], skip = [], profile }: Asked): ScopeTake {
  const { domain, shownAs, selectors, services: declared, senders, accounts, context, families, permissions, bulk, ehloName, vantage, controlNames, lists = [], thirdParties = {} } = scope
  const settings = {
    shownAs, ehloName, selectors, services: declared, senders, accounts: accounts.map(({ service, user, mechanism }) => ({ service, user, ...mechanism === undefined ? {} : { mechanism } })),
    context, families, permissions: [...permissions].filter(permission => kept.has(permission)), bulk, vantage, ...controlNames ? { controlNames } : {},
    lists: lists.map(listTake), thirdParties, only, skip, ...profile === undefined ? {} : { profile },
  }
  const said = Object.entries(settings).filter(([, value]) => value !== false && Object.keys(value).length > 0)
  return { domain, settings: Object.fromEntries(said) }
}

/** That there was a key, and where it stood, but not which. */
function listTake({ key, zone, ...setting }: ListSetting): object {
  const keyed = key?.() !== undefined
  return { ...setting, ...zone === undefined ? {} : { zone: keyed ? zone.replace('KEY', hiddenKey) : zone }, ...keyed ? { keyed } : {} }
}

/** As questions with a key are recorded. */
const hiddenKey = '***'

/** Of what a recording says of its runs: one is made by one command, so its scopes agree. */
export function askedIn([take]: readonly ScopeTake[]): Asked {
  const { only, skip, profile } = take?.settings ?? {}
  const [these, notThese] = [texts(only), texts(skip)]
  return { ...these.length > 0 ? { only: these } : {}, ...notThese.length > 0 ? { skip: notThese } : {}, ...typeof profile === 'string' ? { profile } : {} }
}

/** What needs no file beside the recording. */
const kept: ReadonlySet<Permission> = new Set<Permission>(['own', 'login', 'tlsScan', 'lists', 'thirdParties'])

export interface SaidNow {
  readonly ehlo?: string | undefined
  readonly vantage?: readonly string[] | undefined
}

/** What flags and configuration say counts; what they are silent about is as it was recorded. */
export function underRecorded(scope: Scope, { settings }: ScopeTake, said: SaidNow): Scope {
  const told = (name: string): unknown => Object.hasOwn(settings, name) ? settings[name] : undefined
  const shownAs = told('shownAs')
  const ehloName = told('ehloName')
  const families = list(told('families')).filter(family => family === 4 || family === 6)
  const control = record(told('controlNames'))
  const lists = list(told('lists')).flatMap(listSetting)
  const others = thirdParties(told('thirdParties'))
  return {
    ...scope,
    shownAs: typeof shownAs === 'string' && scope.shownAs === scope.domain ? shownAs : scope.shownAs,
    selectors: [...new Set([...scope.selectors, ...texts(told('selectors'))])],
    services: { ...declaredServices(told('services')), ...scope.services },
    senders: scope.senders.length > 0 ? scope.senders : list(told('senders')).flatMap(sender),
    accounts: scope.accounts.length > 0 ? scope.accounts : list(told('accounts')).flatMap(account),
    context: { ...contexts(told('context')), ...scope.context },
    families: scope.families.length === 2 && families.length > 0 ? families : scope.families,
    permissions: new Set([...scope.permissions, ...texts(told('permissions')).filter(name => kept.has(name as Permission)) as Permission[]]),
    bulk: scope.bulk || told('bulk') === true,
    ehloName: said.ehlo === undefined && typeof ehloName === 'string' ? ehloName : scope.ehloName,
    vantage: said.vantage === undefined && scope.vantage.length === 0 ? list(told('vantage')).flatMap(vantageHost) : scope.vantage,
    ...scope.controlNames || Object.keys(control).length === 0 ? {} : { controlNames: Object.fromEntries(['signed', 'bogus'].flatMap(name => typeof control[name] === 'string' ? [[name, control[name]]] : [])) },
    ...scope.lists || lists.length === 0 ? {} : { lists },
    ...scope.thirdParties || Object.keys(others).length === 0 ? {} : { thirdParties: others },
  }
}

/** A replay has the questions as they are shown, and needs no key to ask them. */
function listSetting(value: unknown): ListSetting[] {
  const { id, off, zone, kind, families, codes, page, keyed } = record(value)
  if (typeof id !== 'string') return []
  const numbers = list(families).filter(family => family === 4 || family === 6)
  return [{
    id, off: off === true, ...typeof zone === 'string' ? { zone } : {}, ...kind === 'address' || kind === 'domain' ? { kind } : {}, ...numbers.length > 0 ? { families: numbers } : {},
    ...codes === undefined ? {} : { codes: named(codes) }, ...typeof page === 'string' ? { page } : {}, ...keyed === true ? { key: () => hiddenKey } : {},
  }]
}

function thirdParties(value: unknown): ThirdParties {
  const { rdapBootstrap, rdap, routeOrigins } = record(value)
  return {
    ...typeof rdapBootstrap === 'string' ? { rdapBootstrap } : {}, ...typeof routeOrigins === 'string' ? { routeOrigins } : {},
    ...rdap === undefined ? {} : { rdap: named(rdap) },
  }
}

function named(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function declaredServices(value: unknown): Scope['services'] {
  return Object.fromEntries(Object.entries(record(value)).flatMap(([name, declared]): [string, { host: string; port: number } | null][] => {
    if (!Object.hasOwn(services, name)) return []
    const { host, port } = record(declared)
    return declared === null ? [[name, null]] : typeof host === 'string' && typeof port === 'number' ? [[name, { host, port }]] : []
  }))
}

function sender(value: unknown): Sender[] {
  const { address, mailFrom, dkim } = record(value)
  if (typeof address !== 'string') return []
  return [{ address, ...typeof mailFrom === 'string' ? { mailFrom } : {}, ...typeof dkim === 'string' ? { dkim } : {} }]
}

/** A replay has what was shown of the secret, and needs it no more. */
function account(value: unknown): Account[] {
  const { service, user, mechanism } = record(value)
  if (typeof service !== 'string' || !Object.hasOwn(services, service) || typeof user !== 'string') return []
  return [{ service: service as ServiceName, user, password: '', ...typeof mechanism === 'string' ? { mechanism } : {}, secret: () => null }]
}

function vantageHost(value: unknown): VantageHost[] {
  const { host, port } = record(value)
  return typeof host === 'string' ? [{ host, ...typeof port === 'number' ? { port } : {} }] : []
}

function contexts(value: unknown): Scope['context'] {
  return Object.fromEntries(Object.entries(record(value)).filter(([name, tri]) => ['receiving', 'sending', 'parked'].includes(name) && ['yes', 'no', 'unknown'].includes(String(tri))))
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value as unknown[] : []
}

function texts(value: unknown): string[] {
  return list(value).filter(item => typeof item === 'string')
}

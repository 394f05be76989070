/**
 * Who announces the addresses of MX hosts and name servers to the internet, and who may (RFC 6811): the holder of addresses
 * signs a ROA that names the autonomous system which may announce them, and many networks drop a route that contradicts it.
 * RIPEstat watches both, and is asked: the announced prefix and its origins, then the validated ROAs that cover it.
 */
import { routeOriginState } from '../evaluate/route-origin.ts'
import { outcome, type Failure, type HttpResponse, type Outcome } from '../network/network.ts'
import { parseHolder, parseNetworkInfo, parseRpkiValidation, type RoaPayload, type Route } from '../syntax/ripestat.ts'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import { addressesOf, type AddressFacts } from './addresses.ts'
import type { ProbeContext } from './index.ts'
import { askThirdParty, silent } from './third-party.ts'

export interface RouteOriginsFacts {
  /** In the order of hosts, then of addresses. */
  readonly addresses: readonly AddressRoute[]
  /** Lookups that failed, and may have led to more. */
  readonly hidden: readonly Failure[]
}

export interface AddressRoute {
  readonly address: string
  /** The MX hosts and name servers that have it. */
  readonly hosts: readonly string[]
  readonly url: string
  /** Null: nobody announces it, as far as can be seen. */
  readonly route: Outcome<Route | null>
  readonly origins: readonly RouteOrigin[]
}

export interface RouteOrigin {
  readonly asn: number
  readonly url: string
  /** What covers the prefix. */
  readonly payloads: Outcome<readonly RoaPayload[]>
  /** Who holds the autonomous system, asked where the route contradicts the ROAs; null when it is not known. */
  readonly holder: string | null
}

const ripestat = 'https://stat.ripe.net'
const limit = 512 * 1024
const mostAddresses = 32
const mostOrigins = 8

export async function probeRouteOrigins(context: ProbeContext): Promise<RouteOriginsFacts> {
  const { facts, scope } = context
  const [mx, nameservers] = await Promise.all([outcome(facts.get('mx')), outcome(facts.get('nameservers'))])
  const found: AddressFacts[] = [
    ...'value' in mx ? await Promise.all(mx.value.hosts.map(host => facts.get('addresses', { name: host.name }))) : [],
    ...'value' in nameservers ? nameservers.value.hosts.map(({ addresses }) => addresses) : [],
  ]
  const hosts = new Map<string, string[]>()
  for (const one of found) {
    for (const address of addressesOf(one, scope.families)) {
      if (specialPurposeBlock(address) === null && (hosts.has(address) || hosts.size < mostAddresses)) hosts.set(address, [...hosts.get(address) ?? [], one.name])
    }
  }
  return {
    addresses: await Promise.all([...hosts].map(([address, names]) => routeOf(context, address, [...new Set(names)]))),
    hidden: [mx, nameservers, ...found.flatMap(({ v4, v6 }) => [v4, v6])].flatMap(one => 'problem' in one ? [one.problem] : []),
  }
}

async function routeOf(context: ProbeContext, address: string, hosts: readonly string[]): Promise<AddressRoute> {
  const { url, answer } = await ask(context, 'network-info', `resource=${address}`, parseNetworkInfo)
  if ('problem' in answer) return { address, hosts, url, route: answer, origins: [] }
  const { route } = answer.value
  const origins = route ? await Promise.all(route.origins.slice(0, mostOrigins).map(asn => originOf(context, route.prefix, asn))) : []
  return { address, hosts, url, route: { value: route }, origins }
}

async function originOf(context: ProbeContext, prefix: string, asn: number): Promise<RouteOrigin> {
  const { url, answer } = await ask(context, 'rpki-validation', `resource=${asn}&prefix=${prefix}`, parseRpkiValidation)
  const wrong = 'value' in answer && routeOriginState(prefix, asn, answer.value) === 'invalid'
  const holder = wrong ? await ask(context, 'as-overview', `resource=${asn}`, parseHolder) : null
  return { asn, url, payloads: answer, holder: holder && 'value' in holder.answer ? holder.answer.value : null }
}

async function ask<T>(context: ProbeContext, call: string, query: string, parse: (octets: string) => T | null): Promise<{ url: string; answer: Outcome<T> }> {
  const { routeOrigins: own } = context.scope.thirdParties ?? {}
  const url = `${(own ?? ripestat).replace(/\/+$/, '')}/data/${call}/data.json?${query}&sourceapp=mailcheck`
  const answer = await askThirdParty(context, url, { limit, configured: own !== undefined })
  return { url, answer: 'problem' in answer ? answer : readAnswer(answer.value, parse) }
}

function readAnswer<T>({ url, status, body }: HttpResponse, parse: (octets: string) => T | null): Outcome<T> {
  const { host } = new URL(url)
  if (status !== 200) return silent(`${host} answers ${status}${status === 429 ? ' (asked too often)' : ''}`)
  const value = parse(body)
  return value === null ? silent(`what ${host} answers cannot be read`) : { value }
}

import { routeOriginState } from '../../evaluate/route-origin.ts'
import type { AddressRoute, RouteOrigin, RouteOriginsFacts } from '../../probes/route-origins.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { noZone, zoneOfDomain } from '../name-servers.ts'

export default defineCheck({
  id: 'dns/route-origin-valid',
  title: 'The routes to MX hosts and name servers are not RPKI invalid',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 6811 §2'],
  needs: ['zone', 'routeOrigins'],
  requires: 'thirdParties',
  over: zoneOfDomain,
  nothing: noZone,
  judge(_zone, { routeOrigins }) {
    const { addresses, hidden } = routeOrigins
    const wrong = invalidOrigins(routeOrigins)
    const [first] = wrong
    if (first) {
      const { prefix, hosts: [host = ''], origin } = first
      return fail('failed', { prefix, host, asn: `AS${origin.asn}`, count: wrong.length }, ...wrong.map(originSeen))
    }
    const problems = addresses.flatMap(({ route, origins }) => [route, ...origins.map(({ payloads }) => payloads)]).flatMap(one => 'problem' in one ? [one.problem] : [])
    const [problem] = [...problems, ...hidden]
    if (problem) return unknownBecause(problem)
    const announced = routesOf(addresses)
    if (announced.length === 0) return skip(addresses.length === 0 ? 'no MX host or name server has a public address' : 'nobody is seen to announce the addresses of its MX hosts and name servers')
    return passed(...unique(announced.map(originSeen)))
  },
  messages: {
    failed: '{prefix} of {host} is announced by {asn}: RPKI invalid',
  },
  explain: `The holder of these addresses has signed who may announce them, and somebody else does, or in smaller pieces than are
    permitted. A growing share of networks drops such routes: from there the host cannot be reached. It may also be a hijack.`,
  remedy: (_zone, { routeOrigins }) => {
    const wrong = invalidOrigins(routeOrigins)
    const asked = [...new Set(wrong.map(({ origin: { asn, holder } }) => holder === null ? `AS${asn}` : `${holder} (AS${asn})`))]
    const prefixes = [...new Set(wrong.map(({ prefix }) => prefix))]
    return { text: `Ask ${asked.join(' and ')} to correct the ROA of ${prefixes.join(' and ')}, or to announce it as the ROA says. If they know nothing of the route, it is a hijack: tell whoever provides your addresses.` }
  },
})

interface AnnouncedOrigin {
  readonly prefix: string
  readonly hosts: readonly string[]
  readonly origin: RouteOrigin
}

function routesOf(addresses: readonly AddressRoute[]): AnnouncedOrigin[] {
  return addresses.flatMap(({ route, hosts, origins }) => 'value' in route && route.value ? origins.map(origin => ({ prefix: route.value?.prefix ?? '', hosts, origin })) : [])
}

/** Once for each route, however many hosts lie in it. */
function invalidOrigins({ addresses }: RouteOriginsFacts): AnnouncedOrigin[] {
  const invalid = routesOf(addresses).filter(({ prefix, origin: { asn, payloads } }) => 'value' in payloads && routeOriginState(prefix, asn, payloads.value) === 'invalid')
  return invalid.filter(({ prefix, origin }, i) => invalid.findIndex(one => one.prefix === prefix && one.origin.asn === origin.asn) === i)
}

function originSeen({ prefix, origin: { asn, url, payloads } }: AnnouncedOrigin): Evidence {
  const listed = 'value' in payloads ? payloads.value.slice(0, 10).map(one => `${one.prefix} up to /${one.maxLength} by AS${one.origin}`) : []
  return { from: 'https', url, line: `${prefix} by AS${asn}; ${listed.length === 0 ? 'no ROA' : `ROA: ${listed.join(', ')}`}` }
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map(one => [JSON.stringify(one), one])).values()]
}

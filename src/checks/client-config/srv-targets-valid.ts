import type { SrvTarget } from '../../probes/srv-targets.ts'
import { services, type Service } from '../../services.ts'
import { defineCheck, fail, pass, unknownBecause, type Evidence } from '../define.ts'
import { advertisedSeen } from '../advertised.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'client-config/srv-targets-valid',
  title: 'The SRV records for mail programs name hosts that exist, and the right ports',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 2782', 'RFC 6186 §3'],
  needs: ['srvTargets', 'namedServices'],
  over: ({ srvTargets }, { domain }) => (srvTargets.length > 0 ? [{ name: domain }] : []),
  nothing: 'no SRV record for mail programs names a host',
  hidden: ({ namedServices }) => Object.values(namedServices.srv).flatMap(answer => ('problem' in answer ? [answer.problem] : []))[0] ?? null,
  judge(_domain, { srvTargets, namedServices: { srv } }) {
    const faults = srvTargets.flatMap(target => faultOf(target) ?? [])
    const [first] = faults
    const evidence = faults.flatMap(({ target, seen }): Evidence[] => [advertisedSeen(target.advertised, srv), ...seen])
    if (first) {
      const { place, host, port, service } = first.target.advertised
      const count = faults.length > 1 ? { count: faults.length } : {}
      // Nobody has to be told again that there is nothing to connect to.
      const about = faults.filter(({ code }) => code === 'failed').map(({ target: { advertised } }) => `${advertised.host}:${advertised.port}`)
      switch (first.code) {
        case 'failed': return { ...fail('failed', { srv: place, host, ...count }, ...evidence), about }
        case 'alias': return { ...fail('alias', { srv: place, host, target: first.alias, ...count }, ...evidence), about }
        case 'other-service': return { ...fail('other-service', { srv: place, port, other: first.other, service: services[service].title, ...count }, ...evidence), about }
      }
    }
    const hidden = srvTargets.map(({ addresses }) => resolutionOf(addresses)).find(({ problem, addresses }) => problem !== null && addresses.length === 0)
    return hidden?.problem ? unknownBecause(hidden.problem) : pass
  },
  messages: {
    failed: '{srv}: the host {host} has no address',
    alias: '{srv}: the host {host} is an alias (CNAME) of {target}',
    'other-service': '{srv}: port {port} is that of {other}, not of {service}',
  },
  explain: `Mail programs go where the record sends them, and nowhere else: they find no server there, or one that speaks
    another language, and people see that their mail cannot be set up.`,
  remedy(_domain, _facts, { srv, host, target }, _scope, code) {
    switch (code) {
      case 'alias': return { text: `Let the record at ${String(srv)} name ${String(target)} itself, if its certificate does, or give ${String(host)} addresses of its own.` }
      case 'other-service': return { text: `Correct the port in the record at ${String(srv)}.` }
      default: return { text: `Correct the host in the record at ${String(srv)}, or publish addresses for ${String(host)}.` }
    }
  },
})

type Fault = { readonly target: SrvTarget; readonly seen: readonly Evidence[] } & (
  | { readonly code: 'failed' }
  | { readonly code: 'alias'; readonly alias: string }
  | { readonly code: 'other-service'; readonly other: string }
)

function faultOf(target: SrvTarget): Fault | null {
  const { advertised: { service, port }, addresses } = target
  const other = portOf(service, port)
  if (other) return { target, seen: [], code: 'other-service', other: other.title }
  const { addresses: found, aliases, problem, evidence } = resolutionOf(addresses)
  if (found.length === 0 && problem === null) return { target, seen: evidence, code: 'failed' }
  const [alias] = aliases
  return alias ? { target, seen: aliases.map(({ name, text, ttl }) => ({ from: 'dns', name, type: 'CNAME', text, ttl })), code: 'alias', alias: alias.data.target } : null
}

/** The mail service of another protocol to which a port belongs. The other TLS mode of the same one is a claim of its own. */
function portOf(service: keyof typeof services, port: number): Service | undefined {
  const { protocol } = services[service]
  return Object.values(services).find(one => one.port === port && one.protocol !== protocol)
}

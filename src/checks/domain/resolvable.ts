import { extendedErrorName } from '../../syntax/extended-error.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { heardServers, stateSeen } from '../name-servers.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'domain/resolvable',
  title: 'The domain can be resolved: some name server answers for it',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 2308 §7', 'RFC 8914'],
  needs: ['zone', 'unresolvedServers'],
  uses: ['clock'],
  defersTo: ['dnssec/chain-valid'],
  judge({ name: domain }, { zone, unresolvedServers: nameservers, clock }) {
    if (!zone.exists) return skip('the domain does not exist')
    const { failure: failed } = zone
    if (!failed || !nameservers) return passed(...('value' in zone.soa ? zone.soa.value.records : []).map(recordSeen))
    const heard = heardServers(nameservers)
    const { servfail = failed.reason === 'dns-servfail' ? 1 : 0 } = failed.resolvers ?? {}
    const seen = heard.map(one => stateSeen(one, nameservers.zone))
    if (servfail > 1) {
      if ('problem' in clock) return unknownBecause(clock.problem) // resolvers on this machine validate by the same one
      const codes = (failed.extendedErrors ?? []).map(({ code }) => extendedErrorName(code))
      return fail('failed', { count: servfail, domain, ede: codes.length > 0 ? [...new Set(codes)] : ['without a reason'] },
        { from: 'dns', name: zone.name, type: 'SOA', text: `(${failed.detail})`, ttl: null }, ...seen)
    }
    const everyHost = nameservers.left === 0 && nameservers.hosts.every(({ addresses, servers }) => servers.length > 0 || !resolutionOf(addresses).problem)
    const broken = everyHost && heard.length > 0 && heard.every(({ state }) => state.state === 'lame' || state.state === 'silent')
    if (broken) return fail('unserved', { domain, nameservers: nameservers.hosts.map(({ name }) => name) }, ...seen)
    return unknownBecause(failed)
  },
  messages: {
    failed: '{count} resolvers answer SERVFAIL for {domain} ({ede})',
    unserved: 'None of the name servers of {domain} answers for it: {nameservers}',
  },
  explain: `Nobody can look anything up about the domain. Mail to it waits at the senders until they give up, and mail from it is
    deferred or refused, because its sender cannot be checked.`,
  remedy({ name: domain }, { unresolvedServers }) {
    const hosts = (unresolvedServers?.hosts ?? []).map(({ name }) => name)
    return { text: `Repair the name servers ${hosts.length > 0 ? hosts.join(', ') : `of ${domain}`}, or name at the registrar those that know ${domain}.` }
  },
})

import { extendedErrorName } from '../../syntax/extended-error.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { heardServers, stateSeen } from '../name-servers.ts'

export default defineCheck({
  id: 'domain/resolvable',
  title: 'The domain can be resolved: some name server answers for it',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 2308 §7', 'RFC 8914'],
  needs: ['zone', 'nameservers'],
  defersTo: ['dnssec/chain-valid'],
  judge({ name: domain }, { zone, nameservers }) {
    if (!zone.exists) return skip('the domain does not exist')
    const { failure: failed } = zone
    if (!failed) return passed(...('value' in zone.soa ? zone.soa.value.records : []).map(recordSeen))
    const heard = heardServers(nameservers)
    const { servfail = failed.reason === 'dns-servfail' ? 1 : 0 } = failed.resolvers ?? {}
    const seen = heard.map(one => stateSeen(one, nameservers.zone))
    if (servfail > 1) {
      const codes = (failed.extendedErrors ?? []).map(({ code }) => extendedErrorName(code))
      return fail('failed', { count: servfail, domain, ede: codes.length > 0 ? [...new Set(codes)] : ['without a reason'] },
        { from: 'dns', name: zone.name, type: 'SOA', text: `(${failed.detail})`, ttl: null }, ...seen)
    }
    const broken = heard.length > 0 && nameservers.left === 0 && heard.every(({ state }) => state.state === 'lame' || state.state === 'silent')
    if (broken) return fail('unserved', { domain, nameservers: nameservers.hosts.map(({ name }) => name) }, ...seen)
    return unknownBecause(failed)
  },
  messages: {
    failed: '{count} resolvers answer SERVFAIL for {domain} ({ede})',
    unserved: 'None of the name servers of {domain} answers for it: {nameservers}',
  },
  explain: `Nobody can look anything up about the domain. Mail to it waits at the senders until they give up, and mail from it is
    deferred or refused, because its sender cannot be checked.`,
  remedy: ({ name: domain }, { nameservers: { hosts } }) => ({
    text: hosts.length > 0 ? `Repair the name servers ${hosts.map(({ name }) => name).join(', ')}, or name at the registrar those that know ${domain}.`
      : `Repair the name servers of ${domain}, or name at the registrar those that know it.`,
  }),
})

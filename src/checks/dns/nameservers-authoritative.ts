import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { heardServers, noZone, stateSeen, unheard, zoneOfDomain, type HeardServer } from '../name-servers.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'dns/nameservers-authoritative',
  title: 'Every name server that the zone is delegated to knows the zone',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 1912 §2.8'],
  needs: ['zone', 'nameservers'],
  defersTo: ['domain/resolvable'],
  over: zoneOfDomain,
  nothing: noZone,
  judge({ name: zone }, { zone: facts, nameservers }) {
    const { hosts, listed } = nameservers
    if (hosts.length === 0) return 'problem' in listed ? unknownBecause(listed.problem) : skip('no name server is known')
    const heard = heardServers(nameservers)
    const silence = unheard(facts, heard)
    if (silence) return silence
    const nowhere = hosts.map(({ name, addresses }) => ({ name, ...resolutionOf(addresses) }))
      .filter(({ addresses, problem }) => addresses.length === 0 && !problem)
    const lame = heard.flatMap(one => one.state.state === 'lame' ? [{ ...one, state: one.state }] : [])
    const silent = heard.filter(({ state }) => state.state === 'silent')
    const count = lame.length + silent.length + nowhere.length
    const seen = [...[...lame, ...silent].map(one => stateSeen(one, zone)), ...nowhere.flatMap(({ evidence }) => evidence)]
    if (lame[0]) return fail('failed', { host: hostOf(lame[0]), zone, rcode: lame[0].state.rcode, count }, ...seen)
    if (silent[0]) return fail('silent', { host: hostOf(silent[0]), zone, count }, ...seen)
    if (nowhere[0]) return fail('nowhere', { host: nowhere[0].name, zone, count }, ...seen)
    const unasked = hosts.find(({ servers }) => !heard.some(({ server, state }) => servers.includes(server) && state.state === 'authoritative'))
    if (!unasked) return pass
    const open = heard.flatMap(({ server, state }) => unasked.servers.includes(server) && state.state === 'undecided' ? [state.problem] : [])
    const problem = resolutionOf(unasked.addresses).problem ?? open[0]
    return problem ? unknownBecause(problem) : unknown(unasked.servers.length === 0 ? 'no-ipv4-here' : 'dns-timeout', `${unasked.name} was not asked`)
  },
  messages: {
    failed: '{host} is delegated {zone} but answers {rcode} without authority',
    silent: '{host} is delegated {zone} but does not answer',
    nowhere: '{host} is delegated {zone} but has no address',
  },
  explain: `Resolvers pick a name server by chance. Those that meet this one lose time, and when the others are slow or down they find
    nothing at all: then mail to you waits, and mail from you fails its checks.`,
  remedy: ({ name: zone }, _facts, { host }) => ({ text: `Configure ${zone} on ${String(host)}, or remove that server at the registrar and from the zone’s NS records.` }),
})

function hostOf({ server: { host, address } }: HeardServer): string {
  return `${host} (${address})`
}

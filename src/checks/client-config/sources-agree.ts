import type { Advertised } from '../../probes/published-servers.ts'
import { services } from '../../services.ts'
import type { AdvertisedService } from '../../syntax/advertised-server.ts'
import { defineCheck, fail, pass, unknownBecause, type Evidence } from '../define.ts'
import { advertisedSeen, modeWords } from '../advertised.ts'
import { recordSeen } from '../evidence.ts'

/** One that advertises servers: all SRV records together, or one file. */
interface Speaker {
  readonly name: string
  readonly servers: readonly Advertised[]
}

interface Dispute {
  readonly service: AdvertisedService
  readonly a: Side
  readonly b: Side
}
interface Side {
  readonly name: string
  readonly value: string
  readonly servers: readonly Advertised[]
}

const names = Object.values(services).flatMap(({ name }) => (name === 'smtp' ? [] : [name]))

export default defineCheck({
  id: 'client-config/sources-agree',
  title: 'SRV records, autoconfig and autodiscover name the same servers',
  severity: 'error',
  question: 'access',
  rfc: ['best practice'],
  needs: ['services'],
  over: ({ services: { advertised } }, { domain }) => (speakersOf(advertised).length > 1 ? [{ name: domain }] : []),
  nothing: 'fewer than two sources advertise servers',
  judge(_domain, { services: { advertised, srv } }) {
    const speakers = speakersOf(advertised)
    const refused = new Map(names.flatMap(service => {
      const answer = Object.entries(srv).find(([owner]) => owner.startsWith(`${services[service].srv ?? ''}.`))?.[1]
      const records = answer && 'value' in answer ? answer.value.records : []
      return records.length > 0 && records.every(({ data }) => data.target === '') ? [[service, records] as const] : []
    }))
    const disputes = [
      ...speakers.flatMap((a, i) => speakers.slice(i + 1).flatMap(b => names.flatMap(service => disputeOver(service, a, b) ?? []))),
      ...speakers.filter(({ name }) => name !== 'SRV').flatMap(b => [...refused.keys()].flatMap((service): Dispute[] => {
        const servers = b.servers.filter(one => one.service === service)
        return servers.length === 0 ? [] : [{ service, a: { name: 'SRV', value: 'not offered', servers: [] }, b: { name: b.name, value: valueOf(servers), servers } }]
      })),
    ]
    const [first] = disputes
    if (!first) {
      const problem = Object.values(srv).flatMap(answer => ('problem' in answer ? [answer.problem] : []))[0]
      return problem ? unknownBecause(problem) : pass
    }
    const evidence = disputes.flatMap(({ service, a, b }): Evidence[] => [
      ...a.value === 'not offered' ? (refused.get(service) ?? []).map(recordSeen) : [],
      ...[...a.servers, ...b.servers].map(one => advertisedSeen(one, srv)),
    ])
    const args = { service: first.service, source1: first.a.name, value1: first.a.value, source2: first.b.name, value2: first.b.value }
    return fail('failed', disputes.length > 1 ? { ...args, count: disputes.length } : args, ...evidence)
  },
  messages: {
    failed: '{service}: {source1} says {value1}, {source2} says {value2}',
  },
  explain: `Which program people use decides which server they are set up with. When one of the sources is out of date, some of
    them cannot send or read while others can, and nobody sees why.`,
  remedy: (_domain, _facts, { service, source1, source2 }) => ({
    text: `Let ${String(source1)} and ${String(source2)} name the same host and port for ${String(service)}.`,
  }),
})

/** All SRV records are one source; of several files each is one. */
function speakersOf(advertised: readonly Advertised[]): Speaker[] {
  const srv = advertised.filter(({ source }) => source === 'srv')
  const places = [...new Set(advertised.filter(({ source }) => source !== 'srv').map(({ place }) => place))]
  const files = places.map(place => advertised.filter(one => one.place === place && one.source !== 'srv'))
  const several = files.filter(([first]) => first?.source === 'autoconfig').length > 1
  return [
    ...srv.length > 0 ? [{ name: 'SRV', servers: srv }] : [],
    ...files.flatMap(servers => {
      const [first] = servers
      return first ? [{ name: several && first.source === 'autoconfig' ? first.place : first.source, servers }] : []
    }),
  ]
}

/**
 * Each may list several, in order of preference, and one may know more than the other: they differ when they have none in
 * common for a service that both name, or when they say of one port that it is two things.
 */
function disputeOver(service: AdvertisedService, a: Speaker, b: Speaker): Dispute | null {
  const [ours, theirs] = [a, b].map(({ servers }) => servers.filter(one => one.service === service)) as [Advertised[], Advertised[]]
  if (ours.length > 0 && theirs.length > 0 && !ours.some(one => theirs.some(other => sameServer(one, other)))) return dispute(service, a, ours, b, theirs)
  for (const one of ours) {
    const contrary = b.servers.filter(other => other.service !== service && services[other.service].protocol === services[service].protocol && sameServer(one, other))
    const known = b.servers.some(other => other.service === service && sameServer(one, other))
    if (contrary.length > 0 && !known) return dispute(service, a, [one], b, contrary)
  }
  return null
}

function dispute(service: AdvertisedService, a: Speaker, ours: readonly Advertised[], b: Speaker, theirs: readonly Advertised[]): Dispute {
  return { service, a: { name: a.name, value: valueOf(ours), servers: ours }, b: { name: b.name, value: valueOf(theirs), servers: theirs } }
}

function sameServer(a: Advertised, b: Advertised): boolean {
  return a.host === b.host && a.port === b.port
}

/** `mail.example.com:993 (implicit TLS)` */
function valueOf(servers: readonly Advertised[]): string {
  const values = [...new Set(servers.map(({ host, port, mode }) => `${host}:${port} (${modeWords(mode)})`))]
  return `${values.slice(0, 3).join(' or ')}${values.length > 3 ? ` or ${values.length - 3} others` : ''}`
}

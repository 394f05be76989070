/** What the sessions of a domain measure: who answers, under which certificate, and how long each step takes. */
import { firstToEnd, lastToBegin } from '../checks/certificate-horizon.ts'
import { greetingOf } from '../checks/opening.ts'
import { countedCertificates } from '../checks/served-chain.ts'
import type { Outcome } from '../network/network.ts'
import type { AddressFacts } from '../probes/addresses.ts'
import type { EgressFacts } from '../probes/egress.ts'
import type { ServiceEndpoint } from '../probes/services.ts'
import type { ServiceSession } from '../probes/session.ts'
import type { Report } from '../report/report.ts'
import { services } from '../services.ts'
import type { Sample } from './metrics.ts'
import { factOf, factsBySubject } from './report-facts.ts'

/** The steps of a session that are timed, in order. */
export const phases = ['dns', 'connect', 'greeting', 'ehlo', 'starttls', 'handshake', 'auth'] as const
export type Phase = (typeof phases)[number]

export function sessionSamples(report: Report): Sample[] {
  const { domain } = report
  const declared = new Map(factOf(report, 'services')?.endpoints.map(endpoint => [endpoint.name, endpoint]))
  const egress = new Map(factsBySubject<EgressFacts>(report, 'egress'))
  const slowest = new Map<string, Sample>()
  const samples: Sample[] = []
  for (const [name, session] of [...factsBySubject<ServiceSession>(report, 'smtp'), ...factsBySubject<ServiceSession>(report, 'service')]) {
    const known = declared.get(name)
    const reached = egress.get(name)
    const up = isUp(session, known, reached ? { value: reached } : null)
    if (known?.source === 'guess' && up !== true) continue // a customary name that is no server
    const { host, address, port } = session.endpoint
    const service = known?.service ?? Object.values(services).find(one => one.port === port)?.name ?? `port ${port}`
    const labels = { domain, host, address, service }
    if (up !== null) samples.push({ family: 'mailcheck_endpoint_up', labels, value: up ? 1 : 0 })
    samples.push(...certificateSamples(session, labels, report))
    const dns = addressTime(report, host)
    for (const [phase, milliseconds] of [...(dns === null ? [] : [['dns', dns] as const]), ...phasesOf(session)]) {
      const key = `${host} ${service} ${phase}`
      const before = slowest.get(key)
      if (!before || before.value < milliseconds / 1000) {
        slowest.set(key, { family: 'mailcheck_probe_phase_duration_seconds', labels: { domain, host, service, phase }, value: milliseconds / 1000 })
      }
    }
  }
  return [...samples, ...slowest.values()]
}

/** Null: it cannot be told from here. */
function isUp(session: ServiceSession, endpoint: ServiceEndpoint | undefined, egress: Outcome<EgressFacts> | null): boolean | null {
  const { state } = greetingOf({ session, egress })
  if (state === 'undecided') return null
  return state === 'greeted' || (endpoint?.source === 'guess' && session.connected !== undefined && session.greeting !== undefined)
}

function certificateSamples({ tls }: ServiceSession, labels: Sample['labels'], { startedAt }: Report): Sample[] {
  if (!tls) return []
  const counted = countedCertificates(tls)
  const [first, last] = [firstToEnd(counted), lastToBegin(counted)]
  const version: Sample = { family: 'mailcheck_tls_version_info', labels: { ...labels, version: tls.version }, value: 1 }
  if (!first || !last || Number.isNaN(first.notAfter.getTime() + last.notBefore.getTime())) return [version]
  const left = (first.notAfter.getTime() - Date.parse(startedAt)) / (first.notAfter.getTime() - first.notBefore.getTime())
  return [
    version,
    { family: 'mailcheck_certificate_not_before_timestamp_seconds', labels, value: last.notBefore.getTime() / 1000 },
    { family: 'mailcheck_certificate_not_after_timestamp_seconds', labels, value: first.notAfter.getTime() / 1000 },
    ...Number.isFinite(left) ? [{ family: 'mailcheck_certificate_lifetime_remaining_ratio', labels, value: Math.min(1, Math.max(0, left)) } as const] : [],
  ]
}

function addressTime(report: Report, host: string): number | null {
  const found = factsBySubject<AddressFacts>(report, 'addresses').find(([name]) => name === host)?.[1]
  const times = found ? [found.v4, found.v6].flatMap(answer => 'value' in answer ? [answer.value.elapsed] : []) : []
  return times.length > 0 ? Math.max(...times) : null
}

/** Milliseconds of each step that was taken, the first of its kind. A line that was sent bears the time of what it answers. */
export function phasesOf({ connected, endpoint, tls, transcript }: ServiceSession): [Phase, number][] {
  const found = new Map<Phase, number>()
  const add = (phase: Phase | null, milliseconds: number): void => {
    if (phase !== null && !found.has(phase)) found.set(phase, Math.max(0, milliseconds))
  }
  if (connected !== undefined) add('connect', connected)
  if (tls) add('handshake', tls.elapsed)
  let phase: Phase | null = 'greeting'
  let begun = endpoint.tls === 'implicit' && tls ? tls.elapsed : 0
  let heard: number | null = null
  for (const { from, line, at } of transcript) {
    if (from === 'S') {
      heard = at
      continue
    }
    if (heard !== null) add(phase, heard - begun)
    heard = null
    begun = at
    if (from === 'C') phase = phaseOf(line)
  }
  if (heard !== null) add(phase, heard - begun)
  return phases.flatMap(name => {
    const milliseconds = found.get(name)
    return milliseconds === undefined ? [] : [[name, milliseconds] as [Phase, number]]
  })
}

function phaseOf(line: string): Phase | null {
  const command = /^(?:a?\d+ )?([A-Z]+)/i.exec(line)?.[1]?.toUpperCase() ?? ''
  if (/^(?:EHLO|HELO|CAPABILITY|CAPA)$/.test(command)) return 'ehlo'
  if (/^(?:STARTTLS|STLS)$/.test(command)) return 'starttls'
  return /^(?:AUTH|AUTHENTICATE|LOGIN|USER|PASS|APOP)$/.test(command) ? 'auth' : null
}

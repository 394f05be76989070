/** A probe's surroundings over a closed world: the real probes for whatever else it pulls, each fact once. */
import { domainProbes, subjectProbes, type ProbeContext, type Subject } from '../../src/probes/index.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import type { Network } from '../../src/network/network.ts'
import type { Scope } from '../../src/scope.ts'
import { usualScope } from '../check-table.ts'

export function contextFor(network: Network, scope: Partial<Scope> = {}): ProbeContext {
  const pending = new Map<string, Promise<unknown>>()
  const get = (name: string, subject?: Subject): Promise<unknown> => {
    const key = `${name} ${subject?.name ?? ''}`
    const known = pending.get(key)
    if (known) return known
    const probe = { ...domainProbes, ...subjectProbes }[name as keyof typeof domainProbes] as (context: ProbeContext, subject?: Subject) => Promise<unknown>
    const promise = probe(context, subject)
    pending.set(key, promise)
    return promise
  }
  const context: ProbeContext = {
    network, scope: { ...usualScope, ...scope }, sessions: createSessions(), facts: { get },
  }
  return context
}

/** The network, and what it was asked. */
export function observed(network: Network): { network: Network; connects: string[]; questions: string[]; pages: string[] } {
  const connects: string[] = []
  const questions: string[] = []
  const pages: string[] = []
  return {
    connects, questions, pages,
    network: {
      query: question => (questions.push(`${question.name} ${question.type}`), network.query(question)),
      connect: (endpoint, options) => {
        const limit = options?.timeout === undefined ? '' : ` within ${options.timeout}`
        connects.push(`${endpoint.host}[${endpoint.address}]:${endpoint.port} ${endpoint.tls}${limit}`)
        return network.connect(endpoint, options)
      },
      fetch: (url, request) => {
        pages.push([request?.method ?? 'GET', url, ...request?.addresses ?? []].join(' '))
        return network.fetch(url, request)
      },
      now: () => network.now(),
    },
  }
}

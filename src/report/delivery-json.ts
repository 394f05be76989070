/** A round trip for programs: `mailcheck schema --deliver` describes it. */
import type { DeliveryResult, RouteResult } from '../delivery/result.ts'
import { stringify } from './json.ts'

export const deliverySchemaName = 'mailcheck.deliver/1'

export function renderDeliveryJson({ startedAt, routes, late }: DeliveryResult): string {
  return `${stringify({ schema: deliverySchemaName, startedAt, routes: routes.map(routeOf), late }, 2)}\n`
}

function routeOf({ reading, bounce, ...route }: RouteResult): object {
  return {
    ...route,
    bounce: bounce && { address: bounce.address, status: bounce.status, diagnostic: bounce.diagnostic, action: bounce.action, remote: bounce.remote, reportedBy: bounce.reportedBy },
    hops: reading?.verdict.hops.toReversed().map(({ helo, address, by, protocol, tls, at, delay }) => ({ helo, address, by, protocol, tls, at, delay })) ?? [],
    receiver: !reading?.receiver ? null : { server: reading.receiver.server, results: reading.receiver.results.map(({ method, result, properties, reason }) => ({ method, result, properties, reason })) },
    verified: reading && {
      dkim: reading.verdict.dkim.map(({ domain, selector, result, why }) => ({ domain, selector, result, why })), arc: reading.verdict.arc.result,
      spf: reading.cameIn ? reading.verdict.spf?.result ?? null : null, dmarc: reading.cameIn ? reading.verdict.dmarc.result : null,
    },
  }
}

const text = { type: 'string' }
const number = { type: 'number' }
const time = { type: 'string', format: 'date-time' }
const orNull = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] })
const list = (items: object): object => ({ type: 'array', items })
const object = (properties: Readonly<Record<string, object>>): object => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })

export function deliverySchema(): object {
  const folder = object({ name: text, kind: { enum: ['inbox', 'junk', 'other'] } })
  const seen = object({
    state: { enum: ['seen', 'missing', 'skipped', 'unknown'], description: 'skipped: it is not to be seen there' },
    seconds: { ...orNull(number), description: 'since it was handed in' }, why: orNull(text),
  })
  const route = object({
    route: { ...text, description: 'FROM -> TO, as they were asked for' }, from: text, to: text,
    id: { ...text, description: 'in its Message-ID, its subject and its header' }, sentAt: time,
    outcome: { enum: ['delivered', 'refused', 'bounced', 'lost', 'unknown'] },
    unknown: { ...orNull(object({ reason: text, detail: text })), description: 'why it could not be tested' },
    folder: orNull(folder),
    timeline: list(object({
      stage: { enum: ['accepted', 'hop', 'delivered', 'imap', 'pop3', 'deferred', 'delayed', 'bounced', 'refused'] }, at: time,
      seconds: number, stamped: { type: 'boolean', description: 'by the clock of a server, in whole seconds' }, text,
    })),
    imap: seen, pop3: seen,
    problems: list(object({ code: text, severity: { enum: ['critical', 'error', 'warning', 'notice'] }, text, remedy: text })),
    removal: orNull({ enum: ['removed', 'marked', 'kept'] }),
    bounce: orNull(object({ address: text, status: orNull(text), diagnostic: orNull(text), action: text, remote: orNull(text), reportedBy: orNull(text) })),
    hops: { ...list(object({ helo: orNull(text), address: orNull(text), by: orNull(text), protocol: orNull(text), tls: { type: 'boolean' }, at: orNull(time), delay: orNull(number) })), description: 'oldest first' },
    receiver: { ...orNull(object({ server: text, results: list(object({ method: text, result: text, properties: { type: 'object' }, reason: orNull(text) })) })), description: 'Authentication-Results (RFC 8601) of the receiver itself' },
    verified: { ...orNull(object({ dkim: list(object({ domain: orNull(text), selector: orNull(text), result: text, why: text })), arc: text, spf: orNull(text), dmarc: orNull(text) })), description: 'by mailcheck' },
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'mailcheck deliver',
    ...object({
      schema: { const: deliverySchemaName }, startedAt: time, routes: list(route),
      late: { ...list(object({ id: text, route: text, from: text, to: text, sentAt: time, arrivedAt: time, seconds: number, folder })), description: 'messages of earlier runs that had been given up' },
    }),
  }
}

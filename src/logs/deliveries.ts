/**
 * What becomes of messages: the lines of one queue id joined into who sent it, where it went, after how long and under which
 * TLS; and of all of them, how many arrived, wait or came back, by receiver and by reason.
 */
import type { AcceptedEvent, DeliveryEvent, DeliveryStatus, QueuedEvent, TlsEvent } from '../syntax/log-event.ts'
import { listOf, type Reason } from '../syntax/log-reason.ts'
import { BoundedMap, Distinct } from './bounded-map.ts'
import type { Findings, LogEntry, LogEvidence } from './finding.ts'
import { Histogram } from './histogram.ts'
import type { Sending } from './sending.ts'

const most = { queue: 20_000, receivers: 5000, codes: 200, connections: 5000 } as const
/** Messages that a receiver must have refused, and no other taken, before that is told. */
const leastRefused = 5
/** A list answers so to a receiver who asks it in a way that it does not serve: it says nothing about the sender. */
const notAsked = /open resolver|\/returnc\//i
/** Milliseconds after which a message that still waits is told of. */
const longWait = 4 * 3_600_000

interface Queued {
  readonly since: number
  account: string | null
  address: string | null
  from: string | null
  counted: boolean
  waits: LogEvidence | null
}

export interface Receiver {
  sent: number
  deferred: number
  bounced: number
  readonly reasons: Map<Reason, number>
  /** Messages that were not taken. */
  readonly refused: Distinct
  first: LogEvidence | null
}

interface Connection {
  readonly version: string
  readonly time: number
  id: string | null
}

/** What a delivery came to, beside what its line says. */
export interface Delivered {
  /** Seconds from the arrival of the message, when it was sent and that is known. */
  readonly delay: number | null
  /** Null where it did not go to another host; the version as in `Deliveries.tls`. */
  readonly tls: { readonly version: string | null | undefined } | null
}

export class Deliveries {
  readonly statuses: Record<DeliveryStatus, number> = { sent: 0, deferred: 0, bounced: 0, expired: 0 }
  readonly delays = new Histogram()
  readonly deferred = new Map<Reason, number>()
  readonly bounced = new Map<Reason, number>()
  readonly codes = new BoundedMap<{ count: number }>(most.codes)
  readonly receivers = new BoundedMap<Receiver>(most.receivers)
  /** Deliveries to other hosts by TLS version; null: without TLS; undefined: the log does not say. */
  readonly tls = new Map<string | null | undefined, number>()
  readonly queue = new BoundedMap<Queued>(most.queue)
  readonly #connections = new BoundedMap<Connection>(most.connections)
  readonly #findings: Findings
  readonly #sending: Sending
  readonly #listed = { count: 0, receivers: new Distinct(100), first: null as LogEvidence | null }
  /** Hosts whose Postfix logs what its client agrees on: there, without a line, there was none. */
  readonly #tellTls = new Distinct(100)

  constructor(findings: Findings, sending: Sending) {
    this.#findings = findings
    this.#sending = sending
  }

  accepted(event: AcceptedEvent, evidence: LogEvidence): void {
    const { entry } = evidence
    const message = this.#message(entry, event.id)
    message.account = event.account
    message.address = event.address
    if (event.from === null) return
    message.from = event.from // Exim says all in one line
    this.#count(message, event.recipients ?? 1, evidence)
  }

  /** The message as far as it is known, for who wants to know what came of a client. */
  queued(event: QueuedEvent, evidence: LogEvidence): { readonly address: string | null; readonly account: string | null; readonly again: boolean } {
    const message = this.#message(evidence.entry, event.id)
    const again = message.from !== null
    message.from = event.from
    this.#count(message, event.recipients, evidence)
    return { address: message.address, account: message.account, again }
  }

  finished(id: string, entry: LogEntry): void {
    this.queue.delete(keyOf(entry, id))
  }

  /** A client of ours agreed on TLS; its process delivers over it next. */
  secured(event: TlsEvent, { host, program, pid, time }: LogEntry): void {
    this.#tellTls.add(host)
    const connection = { version: event.version, time, id: null }
    // the process that speaks TLS for others does not say for which
    this.#connections.set(program.endsWith('tlsproxy') ? `${host} ${event.peer}` : `${host} ${pid} ${event.peer}`, connection)
  }

  /** Null for what goes through a filter and comes back. */
  delivered(event: DeliveryEvent, evidence: LogEvidence): Delivered | null {
    if (event.internal) return null
    const { entry } = evidence
    const key = keyOf(entry, event.id)
    const { status, reason } = event
    // a log may begin in the middle of its life
    const message = this.queue.get(key) ?? (status === 'deferred' ? this.#message(entry, event.id, event.delay ?? 0) : undefined)
    this.statuses[status]++
    const delay = event.delay ?? (message ? Math.max(0, entry.time - message.since) / 1000 : null)
    const tls = status !== 'sent' || !isRemote(event.relay) ? null : { version: event.tls === undefined ? this.#tlsOf(event, entry) : event.tls }
    if (tls) this.tls.set(tls.version, (this.tls.get(tls.version) ?? 0) + 1)
    if (status === 'sent') {
      if (delay !== null) this.delays.add(delay)
    } else if (event.enhanced !== null) this.codes.touch(event.enhanced, () => ({ count: 0 })).count++
    if (reason !== null) {
      const reasons = status === 'deferred' ? this.deferred : this.bounced
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    }
    if (message) message.waits = status === 'deferred' ? evidence : null
    const account = message?.account ?? null
    if (account !== null && status !== 'sent') this.#sending.failed(account, entry.time)
    if (event.to !== null) this.#receiver(event, event.to, evidence)
    if (reason === 'blocklist' && isRemote(event.relay)) this.#refusedAsListed(event, evidence)
    return { delay: status === 'sent' ? delay : null, tls }
  }

  /** What still waits at the end of the log. */
  ended(time: number): void {
    let [count, longest] = [0, 0]
    let oldest: LogEvidence | null = null
    for (const { waits, since } of this.queue.values()) {
      if (!waits || time - since < longWait) continue
      count++
      if (time - since <= longest) continue
      longest = time - since
      oldest = waits
    }
    if (oldest) this.#findings.report('mail-waits', 'notice', {}, oldest, count, { seconds: Math.round(longest / 1000) })
  }

  #message(entry: LogEntry, id: string, age = 0): Queued {
    return this.queue.touch(keyOf(entry, id), () => ({ since: entry.time - age * 1000, account: null, address: null, from: null, counted: false, waits: null }))
  }

  #count(message: Queued, recipients: number, evidence: LogEvidence): void {
    if (message.counted || message.account === null) return
    message.counted = true
    this.#sending.sent(message.account, message.address, Math.max(1, recipients), evidence)
  }

  /** Undefined where the log does not say. */
  #tlsOf({ relay, id, reused }: DeliveryEvent, { host, pid }: LogEntry): string | null | undefined {
    if (!this.#tellTls.has(host) || !isRemote(relay)) return undefined
    const connection = this.#connections.get(`${host} ${pid} ${relay}`) ?? this.#connections.get(`${host} ${relay}`)
    if (!connection) return null
    connection.id ??= id
    // another message without a new line: over the same connection, or over one without TLS
    if (connection.id !== id && !reused) return null
    return connection.version
  }

  #receiver({ id, status, reason }: DeliveryEvent, to: string, evidence: LogEvidence): void {
    const domain = domainOf(to)
    if (domain === null) return
    const receiver = this.receivers.touch(domain, () => ({ sent: 0, deferred: 0, bounced: 0, reasons: new Map<Reason, number>(), refused: new Distinct(20), first: null }))
    if (status === 'sent') receiver.sent++
    else {
      if (status === 'deferred') receiver.deferred++
      else receiver.bounced++
      if (reason !== null) receiver.reasons.set(reason, (receiver.reasons.get(reason) ?? 0) + 1)
      receiver.refused.add(id)
      receiver.first ??= evidence
      // that somebody is not there is no trouble of the receiver
      const others = [...receiver.reasons].reduce((sum, [name, count]) => sum + (name === 'unknown-user' || name === 'greylisting' ? 0 : count), 0)
      if (receiver.sent === 0 && receiver.refused.size >= leastRefused && others * 2 > receiver.deferred + receiver.bounced) {
        this.#findings.report('receiver-refuses-all', 'warning', { receiver: domain }, evidence, receiver.deferred + receiver.bounced,
          { bounced: receiver.bounced, deferred: receiver.deferred, unreached: (receiver.reasons.get('connection') ?? 0) + (receiver.reasons.get('dns') ?? 0) }, [receiver.first])
      }
    }
  }

  #refusedAsListed({ to }: DeliveryEvent, evidence: LogEvidence): void {
    if (notAsked.test(evidence.entry.text)) return
    const listed = this.#listed
    listed.count++
    listed.first ??= evidence
    const domain = to === null ? null : domainOf(to)
    if (domain !== null) listed.receivers.add(domain)
    if (listed.count < 2) return
    const list = listOf(evidence.entry.text)
    this.#findings.report('own-address-listed', listed.receivers.size > 1 ? 'error' : 'warning', list === null ? {} : { list }, evidence, listed.count,
      { receivers: listed.receivers.size }, [listed.first])
  }
}

/** Queue ids are of one host. */
function keyOf({ host }: LogEntry, id: string): string {
  return `${host} ${id}`
}

/** Neither a socket nor an address of this machine. */
function isRemote(relay: string | null): boolean {
  return relay !== null && /\[(?!private\/|\/|127\.|::1\])/.test(relay)
}

/** Null for a user of this machine, and for what is no domain. */
function domainOf(address: string): string | null {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  return address.includes('@') && domain.length > 0 && domain.length <= 253 ? domain : null
}

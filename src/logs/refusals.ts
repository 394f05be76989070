/**
 * What was refused at the door: by reason, by list; who tries to relay; and whether those who were told to come back later did.
 */
import type { RefusedEvent } from '../syntax/log-event.ts'
import type { Reason } from '../syntax/log-reason.ts'
import { BoundedMap, Distinct } from './bounded-map.ts'
import type { Findings, LogEntry, LogEvidence } from './finding.ts'
import { Histogram } from './histogram.ts'
import { isLoopback } from './logins.ts'
import { networkOf } from './network-of.ts'

const most = { lists: 100, clients: 10_000, greylisted: 10_000 } as const
const leastRelays = 5
/**
 * A list that says yes to everything refuses this many different clients without one that came in, and so many times what it
 * ever refused between two that did: where little mail comes in, a night of spam alone is nothing strange.
 */
const leastListed = { clients: 30, factor: 3, milliseconds: 1_800_000 } as const
/** Different clients that are told apart. */
const mostListed = 1000

interface ListCount {
  refused: number
  /** Since a message last came in; and the most that there ever were until one did. */
  clients: Distinct
  before: number
  first: LogEvidence
  since: number
}

export class Refusals {
  total = 0
  temporary = 0
  readonly reasons = new Map<Reason, number>()
  readonly lists = new BoundedMap<ListCount>(most.lists)
  readonly greylisting = { refused: 0, messages: 0, returned: 0, delays: new Histogram() }
  readonly #greylisted = new BoundedMap<{ readonly since: number }>(most.greylisted)
  readonly #relays = new BoundedMap<{ count: number; readonly first: LogEvidence }>(most.clients)
  readonly #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  refused(event: RefusedEvent, address: string | null, evidence: LogEvidence): void {
    this.total++
    if (event.temporary) this.temporary++
    const { reason, from } = event
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
    if (reason === 'greylisting') {
      this.greylisting.refused++
      if (address !== null && from !== null && !this.#greylisted.peek(keyOf(address, from))) {
        this.greylisting.messages++
        this.#greylisted.set(keyOf(address, from), { since: evidence.entry.time })
      }
    }
    if (reason === 'relay' && address !== null) this.#relay(address, evidence)
    if (event.list !== null) this.#list(event.list, address, evidence)
  }

  /** A message of somebody from outside came in. */
  accepted(address: string, from: string, { time }: LogEntry): void {
    if (isLoopback(address)) return
    for (const list of this.lists.values()) {
      list.since = time
      if (list.clients.size === 0) continue
      list.before = Math.max(list.before, list.clients.size)
      list.clients = new Distinct(mostListed)
    }
    const waited = this.#greylisted.peek(keyOf(address, from))
    if (!waited) return
    this.#greylisted.delete(keyOf(address, from))
    this.greylisting.returned++
    this.greylisting.delays.add(Math.max(0, (time - waited.since) / 1000))
  }

  #relay(from: string, evidence: LogEvidence): void {
    const address = networkOf(from)
    const relays = this.#relays.touch(address, () => ({ count: 0, first: evidence }))
    relays.count++
    if (relays.count >= leastRelays) this.#findings.report('relay-attempts', 'notice', { source: address }, evidence, relays.count, {}, [relays.first])
  }

  #list(name: string, address: string | null, evidence: LogEvidence): void {
    const { time } = evidence.entry
    const list = this.lists.touch(name, () => ({ refused: 0, clients: new Distinct(mostListed), before: 0, first: evidence, since: time }))
    list.refused++
    if (address !== null) list.clients.add(address)
    const least = Math.max(leastListed.clients, leastListed.factor * list.before)
    if (list.clients.size < least || time - list.since < leastListed.milliseconds) return
    this.#findings.report('list-refuses-all', 'error', { list: name }, evidence, list.refused, { clients: list.clients.size, seconds: Math.round((time - list.since) / 1000) }, [list.first])
  }
}

/** A large sender comes back from another address of the same network. */
function keyOf(address: string, from: string): string {
  const net = address.includes(':') ? networkOf(address) : address.slice(0, address.lastIndexOf('.'))
  return `${net} ${from.toLowerCase()}`
}

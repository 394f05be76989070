/**
 * Asks resolvers, and name servers directly. UDP first, TCP when an answer does not fit (RFC 7766) or all over TLS (RFC 7858);
 * the next resolver when one fails; aliases followed to their end. Resolves for NOERROR and NXDOMAIN, else `NetworkFailure`.
 */
import { formatLabels, labelsOf, maxLabel, maxName, wireLength } from '../../syntax/name.ts'
import { foldName, type DnsRecord, type RecordType } from '../../syntax/record.ts'
import { NetworkFailure, type Answer, type ExtendedError, type FailureEvent, type Question } from '../network.ts'
import { ask, type Reply } from './exchange.ts'
import { combine, malformed, refusal } from './failures.ts'
import { isLoopback, resolverName, trustsAd, type ResolverAddress } from './resolver-address.ts'
import { StreamConnection } from './stream.ts'
import { askByUdp, type Peer } from './udp.ts'

export { parseResolver, systemResolvers, type ResolverAddress } from './resolver-address.ts'

export interface ResolverOptions {
  /** Asked in this order, the next one when one fails. */
  readonly servers: readonly ResolverAddress[]
  /** Milliseconds for a question in all; 10,000 unless told. */
  readonly timeout?: number
  /** Milliseconds to wait for one server, doubled in each further round; 2,000 unless told. */
  readonly patience?: number
  /** How often a silent or garbling server is asked; 2 unless told. */
  readonly tries?: number
  /** Trust AD whatever the way to the resolver. */
  readonly trustAd?: boolean
  /** PEM, beside the public roots, for resolvers over TLS. */
  readonly anchors?: readonly string[]
  /** Where a name server of `Question.server` is found; null refuses. Resolvers are reached as they are given. */
  readonly route?: Route | undefined
  /** The local address to ask from, for servers of its family. A resolver on loopback is asked from there all the same: some answer nobody else. */
  readonly source?: string | undefined
}

export type Route = (address: string, port: number) => { readonly address: string; readonly port: number } | null

export interface Resolver {
  query<T extends RecordType>(question: Question<T>): Promise<Answer<T>>
  /** Ends connections that are kept open; open questions fail. */
  close(): void
}

/** A lost packet, a garbled one: what may go better the next time. What a server said once it would say again. */
const passing: readonly FailureEvent[] = ['timeout', 'malformed', 'closed']

/** Questions that one alias chain may cost beyond the first. */
const maxFollowUps = 8

export function createResolver(options: ResolverOptions): Resolver {
  const { timeout = 10_000, patience = 2_000, tries = 2, trustAd = false, anchors = [], route, source } = options
  const servers = options.servers.map((address): Server => ({
    name: resolverName(address), host: address.host, port: address.port, direct: false,
    source: source !== undefined && isLoopback(address.host) && !isLoopback(source) ? undefined : source,
    ...(address.tls && { tls: address.tls }),
    adTrusted: trustAd || trustsAd(address),
  }))
  /** Servers that did not answer last time: asked after the others. */
  const failing = new Set<Server>()
  const connections = new Map<Server, StreamConnection>()

  async function query<T extends RecordType>(question: Question<T>): Promise<Answer<T>> {
    const started = performance.now()
    const deadline = started + timeout
    const chain = new Chain(question)
    const candidates = question.server === undefined ? servers : [nameServer(question.server, route, source)]
    for (let followUps = 0; followUps <= maxFollowUps; followUps++) {
      const reply = await askAny(candidates, { ...question, name: chain.end }, deadline)
      if (chain.extend(reply)) return chain.answer(reply, Math.round(performance.now() - started))
    }
    throw malformed(candidates.map(({ name }) => name).join(', '), `the chain of aliases of ${question.name} is too long`)
  }

  /** The first usable reply; each server in each round as long as there is hope and time. */
  async function askAny(candidates: readonly Server[], question: Question, deadline: number): Promise<ServerReply> {
    const failures = new Map<Server, NetworkFailure>()
    for (let round = 0; round < tries; round++) {
      const order = candidates.toSorted((a, b) => Number(failing.has(a)) - Number(failing.has(b)))
      for (const server of order) {
        const before = failures.get(server)
        const wait = Math.min(patience * 2 ** round, deadline - performance.now())
        if ((before && !passing.includes(before.event)) || wait <= 0) continue
        try {
          const reply = await askServer(server, question, { wait, deadline })
          failing.delete(server)
          return reply
        } catch (error) {
          if (!(error instanceof NetworkFailure)) throw error
          failures.set(server, error)
          if (error.event !== 'rcode' && !server.direct) failing.add(server)
        }
      }
    }
    throw combine(candidates.flatMap(server => failures.get(server) ?? []))
  }

  async function askServer(server: Server, question: Question, limits: Limits): Promise<ServerReply> {
    let reply = await exchange(server, question, true, limits)
    const { rcode } = reply.message
    if (rcode === 'FORMERR' || rcode === 'NOTIMP') {
      // RFC 6891 §7: so speaks a server that does not know EDNS. Some of them send the OPT back.
      reply = await exchange(server, question, false, limits)
    }
    const { message } = reply
    if (message.rcode === 'NOERROR' || message.rcode === 'NXDOMAIN') return reply
    throw refusal(server.name, message.rcode, message.edns?.extendedErrors ?? [])
  }

  async function exchange(server: Server, question: Question, edns: boolean, limits: Limits): Promise<ServerReply> {
    const { name, type, transport, checkingDisabled = false } = question
    const query = { name, type, edns, recursion: !server.direct, checkingDisabled }
    const wait = () => Math.max(1, Math.min(limits.wait, limits.deadline - performance.now()))
    if (server.tls) return { ...await askByTls(server, server.tls.name, query, wait), server, transport: 'tcp' }
    if (transport !== 'tcp') {
      const reply = await askByUdp(ask(query), server, wait())
      if (!reply.message.truncated) return { ...reply, server, transport: 'udp' }
    }
    const connection = StreamConnection.overTcp(server)
    try {
      return { ...whole(server, await connection.ask(query, wait())), server, transport: 'tcp' }
    } finally {
      connection.close()
    }
  }

  async function askByTls(server: Server, name: string, query: Parameters<typeof ask>[0], wait: () => number): Promise<Reply> {
    const kept = connections.get(server)
    if (kept?.usable) {
      try {
        return whole(server, await kept.ask(query, wait()))
      } catch (error) {
        // RFC 7766 §6.2.4: the server may have closed just as we wrote; that says nothing about the question.
        if (!(error instanceof NetworkFailure) || error.event !== 'closed') throw error
      }
    }
    const current = connections.get(server)
    const connection = current?.usable ? current : StreamConnection.overTls(server, name, anchors)
    connections.set(server, connection)
    return whole(server, await connection.ask(query, wait()))
  }

  return {
    query,
    close: () => {
      for (const connection of connections.values()) connection.close()
    },
  }
}

interface Server extends Peer {
  readonly tls?: { readonly name: string }
  /** A name server, asked without recursion. */
  readonly direct: boolean
  readonly adTrusted: boolean
}

interface ServerReply extends Reply {
  readonly server: Server
  readonly transport: 'udp' | 'tcp'
}

interface Limits {
  /** Milliseconds for one exchange. */
  readonly wait: number
  readonly deadline: number
}

/** @throws NetworkFailure when there is no way to it. */
function nameServer(address: string, route: Route | undefined, source: string | undefined): Server {
  const name = resolverName({ host: address, port: 53 })
  const at = route ? route(address, 53) : { address, port: 53 }
  if (!at) throw new NetworkFailure({ event: 'unreachable', reason: 'dns-timeout', detail: `there is no route to ${name}` })
  return { name, host: at.address, port: at.port, source, direct: true, adTrusted: false }
}

function whole(server: Server, reply: Reply): Reply {
  if (reply.message.truncated) throw malformed(server.name, 'the answer is truncated over TCP')
  return reply
}

/** The way from the name asked for to the records, through as many aliases and replies as it takes (RFC 1034 §3.6.2). */
class Chain<T extends RecordType> {
  readonly #question: Question<T>
  readonly #aliases: DnsRecord<'CNAME'>[] = []
  readonly #seen = new Set<string>()
  readonly #signatures: DnsRecord<'RRSIG'>[] = []
  readonly #extendedErrors: ExtendedError[] = []
  #secure = true
  #adTrusted = true
  #authoritative = true
  /** Where it leads by now, in our spelling. */
  end: string

  /** @throws NetworkFailure for a name that cannot exist. */
  constructor(question: Question<T>) {
    this.#question = question
    this.end = formatLabels(labelsOf(foldName(question.name)))
    const impossible = labelsOf(this.end).some(label => label === '' || label.length > maxLabel) || wireLength(this.end) > maxName
    if (impossible || /[^\0-\xff]/.test(question.name)) {
      throw new NetworkFailure({ event: 'malformed', reason: 'dns-malformed', detail: `no question can be asked for "${question.name}"` })
    }
    this.#seen.add(this.end)
  }

  /** Goes on with `reply`; false when the end of the chain has yet to be asked for. */
  extend({ message, server }: ServerReply): boolean {
    const before = this.end
    this.#secure &&= message.authenticated && server.adTrusted
    this.#adTrusted &&= server.adTrusted
    this.#authoritative &&= message.authoritative
    this.#extendedErrors.push(...message.edns?.extendedErrors ?? [])
    const answers = message.answers.toSorted((a, b) => (a.text < b.text ? -1 : Number(a.text > b.text)))
    const aliases = new Map(answers.filter(hasType('CNAME')).reverse().map(alias => [alias.name, alias]))
    const owners = new Set([this.end])
    if (this.#question.type !== 'CNAME') {
      for (let alias = aliases.get(this.end); alias; alias = aliases.get(this.end)) {
        this.#aliases.push(alias)
        this.end = alias.data.target
        if (this.#seen.has(this.end)) throw malformed(server.name, `the aliases of ${this.#question.name} lead in a circle`)
        this.#seen.add(this.end)
        owners.add(this.end)
      }
    }
    this.#signatures.push(...answers.filter(hasType('RRSIG')).filter(({ name }) => owners.has(name)))
    const found = answers.some(({ name, type }) => name === this.end && type === this.#question.type)
    // A name server speaks for its own zones alone; where its chain leaves them is for the caller to see.
    return found || this.end === before || message.rcode === 'NXDOMAIN' || server.direct || this.#denied(message.authority)
  }

  answer({ message, server, transport, octets }: ServerReply, elapsed: number): Answer<T> {
    const rcode = message.rcode === 'NXDOMAIN' ? 'NXDOMAIN' : 'NOERROR'
    const here = (record: DnsRecord) => rcode === 'NOERROR' && record.name === this.end
    const records = message.answers.filter(hasType(this.#question.type)).filter(here)
    return {
      question: this.#question,
      rcode,
      // An RRset is a set (RFC 2181 §5): one order for all runs, and nothing twice.
      records: [...new Map(records.map(record => [record.text, record])).values()].toSorted((a, b) => (a.text < b.text ? -1 : 1)),
      aliases: this.#aliases,
      authority: message.authority,
      signatures: this.#signatures,
      secure: this.#secure,
      adTrusted: this.#adTrusted,
      authoritative: this.#authoritative,
      origin: 'live',
      resolver: server.name,
      transport,
      octets,
      extendedErrors: this.#extendedErrors,
      elapsed,
    }
  }

  /** RFC 2308 §2.2: the SOA of the zone of the chain's end says that there is nothing of this type. */
  #denied(authority: readonly DnsRecord[]): boolean {
    return authority.some(({ type, name }) => type === 'SOA' && (name === '' || this.end === name || this.end.endsWith(`.${name}`)))
  }
}

function hasType<T extends RecordType>(type: T): (record: DnsRecord) => record is DnsRecord<T> {
  return (record): record is DnsRecord<T> => record.type === type
}

/**
 * Network -> Network that asks nothing twice. DNS answers are kept by their TTL, denials by the zone's SOA (RFC 2308 §5),
 * pages by age; who asks while a question is under way gets the same promise. Sessions pass: probes/sessions.ts shares them.
 *
 * Everything is kept for at least a minute, TTL 0 included: a run must see one moment of the world, and must not ask a
 * server twice because two checks want to know. Failures are kept half as long (RFC 2308 §7 permits five minutes), so that
 * a later run tries again; what failed here and not out there (deadline spent, not recorded) is not kept at all.
 */
import type { DnsRecord, RecordType } from '../syntax/record.ts'
import { questionKey, requestKey } from './keys.ts'
import { NetworkFailure, type Answer, type HttpResponse, type Network, type Question } from './network.ts'

const leastAge = 60_000
const failureAge = 30_000
/** RFC 2308 §5: one to three hours work well; more than a day is harmful. The same for answers: nobody runs for longer. */
const greatestAge = 3 * 3_600_000
const pageAge = leastAge
/** Octets: what is longer (a list of revoked certificates has megabytes) does not stay when its time is over. */
const longBody = 1024 * 1024
/** Answers, and pages, that are kept at most: a service that checks thousands of domains goes on for months. */
const mostKept = 200_000

export function memo(network: Network): Network {
  const answers = new Shelf(network)
  const pages = new Shelf(network)
  return {
    query: <T extends RecordType>(question: Question<T>) => answers.get<Answer<T>>(questionKey(question), () => network.query(question), answerAge),
    connect: (endpoint, options) => network.connect(endpoint, options),
    fetch: (url, request = {}) => request.method === 'POST'
      ? network.fetch(url, request)
      : pages.get(`${request.limit ?? ''} ${requestKey(url, request)}`, () => network.fetch(url, request), response => request.lasting ? permittedAge(response) : pageAge, ({ body }) => body.length > longBody),
    now: () => network.now(),
  }
}

/** Milliseconds for which an answer may be kept. */
function answerAge({ records, aliases, authority }: Answer): number {
  const ttls = [...records, ...aliases].map(({ ttl }) => ttl)
  if (records.length === 0) {
    const soa = authority.find((record): record is DnsRecord<'SOA'> => record.type === 'SOA')
    ttls.push(soa ? Math.min(soa.ttl, soa.data.minimum) : 0) // RFC 2308 §5: without SOA it should not be cached
  }
  return Math.min(Math.max(Math.min(...ttls) * 1000, leastAge), greatestAge)
}

/** When each of them was had, of what is remembered. */
const obtained = new WeakMap<object, number>()

/** When this answer or page was had, in milliseconds since 1970, whoever was given it since; null for what no memory has seen. */
export function obtainedAt(value: Answer | HttpResponse): number | null {
  return obtained.get(value) ?? null
}

/** What the response permits; a long one goes after a minute all the same. */
function permittedAge({ headers, body }: HttpResponse): number {
  const seconds = Number(/(?:^|[\s,])max-age="?(\d{1,9})/i.exec(headers['cache-control'] ?? '')?.[1] ?? 0)
  return body.length > longBody ? pageAge : Math.min(Math.max(seconds * 1000, pageAge), greatestAge)
}

interface Kept { readonly promise: Promise<unknown>; /** Null while it is under way. */ until: number | null }

class Shelf {
  readonly #network: Pick<Network, 'now'>
  readonly #kept = new Map<string, Kept>()
  #sweepAt = 1000

  constructor(network: Pick<Network, 'now'>) {
    this.#network = network
  }

  get<T extends object>(key: string, ask: () => Promise<T>, ageOf: (value: T) => number, isLarge: (value: T) => boolean = () => false): Promise<T> {
    const known = this.#kept.get(key)
    if (known && !this.#expired(known)) return known.promise as Promise<T>
    const promise = ask()
    const kept: Kept = { promise, until: null }
    this.#kept.set(key, kept)
    promise.then(value => {
      const now = this.#now()
      kept.until = now + ageOf(value)
      obtained.set(value, now)
      if (isLarge(value)) setTimeout(() => this.#kept.get(key) === kept && this.#kept.delete(key), ageOf(value)).unref()
    }, (error: unknown) => {
      if (error instanceof NetworkFailure && error.event !== 'unavailable') kept.until = this.#now() + failureAge
      else if (this.#kept.get(key) === kept) this.#kept.delete(key)
    })
    this.#sweep()
    return promise
  }

  #now(): number {
    return this.#network.now().getTime()
  }

  #expired({ until }: Kept): boolean {
    return until !== null && until <= this.#now()
  }

  /** Now and then, so that a long call forgets what nobody will ask for again. */
  #sweep(): void {
    if (this.#kept.size < this.#sweepAt) return
    for (const [key, kept] of this.#kept) if (this.#expired(kept)) this.#kept.delete(key)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break
      this.#kept.delete(oldest)
    }
    this.#sweepAt = Math.min(Math.max(1000, 2 * this.#kept.size), mostKept + 1000)
  }
}

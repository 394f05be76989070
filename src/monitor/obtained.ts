/**
 * What a run was handed from before its time: answers that were remembered, dialogues that other runs held. Each carries when
 * it was had, and so does what is shown of it as evidence. What the run also saw for itself is its own.
 */
import type { Evidence } from '../checks/define.ts'
import { obtainedAt } from '../network/memo.ts'
import { endpointName, type Network } from '../network/network.ts'
import { endedAt, type Sessions } from '../probes/sessions.ts'

/** When the run began, by the clock of the network and by that of the dialogues. */
export interface RunStart {
  readonly network: Date
  readonly sessions: Date
}

export class Obtained {
  readonly #start: RunStart
  /** By place: when the oldest was had, in milliseconds since 1970; null for what is of this run. */
  readonly #places = new Map<string, number | null>()

  constructor(start: RunStart) {
    this.#start = start
  }

  network(network: Network): Network {
    return {
      query: async question => {
        const answer = await network.query(question)
        const places = [question, ...answer.records, ...answer.aliases].map(({ name, type }) => dnsPlace(name, type))
        return this.#marked(answer, obtainedAt(answer), this.#start.network, places)
      },
      connect: (endpoint, options) => network.connect(endpoint, options),
      fetch: async (url, request) => {
        const response = await network.fetch(url, request)
        return this.#marked(response, obtainedAt(response), this.#start.network, [url])
      },
      now: () => network.now(),
    }
  }

  sessions(shared: Sessions): Sessions {
    return {
      hold: async (network, endpoint, script) => {
        const facts = await shared.hold(network, endpoint, script)
        return this.#marked(facts, endedAt(facts), this.#start.sessions, [endpointName(endpoint)])
      },
      towardsTls: (network, endpoint, script) => shared.towardsTls(network, endpoint, script),
    }
  }

  /** RFC 3339: when this was had, if that was before the run. */
  of(evidence: Evidence): string | null {
    const place = evidence.from === 'dns' ? dnsPlace(evidence.name, evidence.type) : evidence.from === 'session' ? evidence.endpoint : evidence.url
    const at = this.#places.get(place) ?? null
    return at === null ? null : new Date(at).toISOString()
  }

  #marked<T extends object>(value: T, at: number | null, start: Date, places: readonly string[]): T {
    const earlier = at !== null && at < start.getTime() ? at : null
    for (const place of places) {
      const known = this.#places.get(place)
      this.#places.set(place, earlier === null || known === null ? null : Math.min(earlier, known ?? Infinity))
    }
    return earlier === null ? value : { ...value, obtainedAt: new Date(earlier).toISOString() }
  }
}

function dnsPlace(name: string, type: string): string {
  return `${name} ${type}`
}

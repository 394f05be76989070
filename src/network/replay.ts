/**
 * Cassette -> Network. What is not on the tape is a failure that says so (`not-recorded`); the clock stands at the start of
 * the recording, and elapsed times are those of the tape, so that a replayed report is the recorded one.
 */
import type { Cassette } from './cassette.ts'
import { endpointKey, questionKey, requestKey } from './keys.ts'
import { NetworkFailure, endpointName, type Answer, type Failure, type Network, type Outcome } from './network.ts'
import { PlayedConnection, type OffScript } from './played-connection.ts'
import type { SessionTake } from './transcript.ts'

export function replay(cassette: Cassette): Network {
  const questions = new Takes(cassette.questions, ({ question }) => questionKey(question))
  const sessions = new Takes(cassette.sessions, ({ endpoint, purpose }) => endpointKey(endpoint, purpose))
  const pages = new Takes(cassette.pages, ({ url, request }) => requestKey(url, request))
  return {
    query: question => {
      const take = questions.next(questionKey(question))
      return settle(take?.outcome ?? missing(questionKey(question))) as Promise<Answer<typeof question.type>>
    },
    connect: async (endpoint, { purpose, deferTls = false } = {}) => {
      const take = sessions.next(endpointKey(endpoint, purpose))
      if (!take) return settle(missing(endpointName(endpoint)))
      return Promise.resolve().then(() => PlayedConnection.open(take, offTape(take), deferTls))
    },
    fetch: (url, request) => {
      const take = pages.next(requestKey(url, request))
      return settle(take?.outcome ?? missing(url))
    },
    now: () => new Date(cassette.startedAt),
  }
}

/** What happened several times is there several times, in order; who asks more often than that gets the last again. */
class Takes<T> {
  readonly #takes = new Map<string, T[]>()
  readonly #given = new Map<string, number>()

  constructor(all: readonly T[], keyOf: (take: T) => string) {
    for (const take of all) {
      const key = keyOf(take)
      const takes = this.#takes.get(key)
      if (takes) takes.push(take)
      else this.#takes.set(key, [take])
    }
  }

  next(key: string): T | undefined {
    const takes = this.#takes.get(key)
    const given = this.#given.get(key) ?? 0
    this.#given.set(key, given + 1)
    return takes?.[Math.min(given, takes.length - 1)]
  }
}

function missing(what: string): { problem: Failure } {
  return { problem: notRecorded(`the recording has no ${what}`) }
}

function notRecorded(detail: string): Failure {
  return { event: 'unavailable', reason: 'not-recorded', detail }
}

async function settle<T>(outcome: Outcome<T>): Promise<T> {
  await Promise.resolve()
  if ('problem' in outcome) throw new NetworkFailure(outcome.problem)
  return outcome.value
}

function offTape({ endpoint }: SessionTake): OffScript {
  const lacks = (what: string): NetworkFailure => new NetworkFailure(notRecorded(`the recording of ${endpointName(endpoint)} ${what}`))
  return {
    silent: (_, why) => lacks({ 'ended': 'ends here', 'waiting': 'has no reply here', 'no-handshake': 'has no handshake here' }[why]),
    surprised: (_, sent, expected) => lacks(`has "${expected}" where "${sent}" was sent`),
  }
}

/**
 * Network -> Network that writes down what passes. It sits above TLS, so that transcripts are readable and certificates are
 * data; of a line with a secret it keeps what `writeLine` was told to show.
 */
import { shownChallenge } from '../syntax/challenge.ts'
import type { RecordType } from '../syntax/record.ts'
import type { Cassette, PageTake, QuestionTake, ScopeTake } from './cassette.ts'
import { NetworkFailure, outcome, type Answer, type Connection, type Network, type Outcome } from './network.ts'
import { withoutSecret } from './secret-name.ts'
import type { SessionTake, Step } from './transcript.ts'

/** Collects the exchanges of a run; `cassette()` may be called at any time, also while sessions are open. */
export interface Recorder {
  cassette(): Cassette
  /** The time the recording begins, unless it has begun; returns when it did. */
  start(at: Date): Date
  /** What the run is about: for whoever replays it. */
  readonly scopes: ScopeTake[]
  readonly questions: Pending<QuestionTake>[]
  readonly sessions: SessionTake[]
  readonly pages: Pending<PageTake>[]
}

/** Noted when it is asked; the outcome comes later, or never. */
type Pending<T extends { outcome: unknown }> = Omit<T, 'outcome'> & { outcome?: T['outcome'] }

export function createRecorder(): Recorder {
  let startedAt: Date | undefined
  const recorder: Recorder = {
    scopes: [], questions: [], sessions: [], pages: [],
    start: at => (startedAt ??= at),
    cassette: () => ({
      startedAt: startedAt ?? new Date(0),
      scopes: [...recorder.scopes],
      questions: recorder.questions.filter(take => take.outcome !== undefined) as QuestionTake[],
      sessions: recorder.sessions.map(take => ({ ...take, steps: [...take.steps] })),
      pages: recorder.pages.filter(take => take.outcome !== undefined) as PageTake[],
    }),
  }
  return recorder
}

/**
 * Writes an exchange down when it is asked, so that repeated ones keep their order however they end. The clock stands at the
 * start of the recording, as that of its replay will: what is judged by time must be judged by the same time.
 */
export function record(network: Network, recorder: Recorder): Network {
  const startedAt = recorder.start(network.now())
  return {
    query: async question => {
      const take: Pending<QuestionTake> = { question: withoutSecret(question) }
      recorder.questions.push(take)
      return unwrap(take.outcome = inOrder(await outcome(network.query(question))))
    },
    connect: async (endpoint, options) => {
      const steps: Step[] = []
      const { host, address, port, tls } = endpoint // callers pass richer objects
      const purpose = options?.purpose === undefined ? {} : { purpose: options.purpose }
      const take = { endpoint: { host, address, port, tls }, ...purpose, connected: null as number | null, steps }
      recorder.sessions.push(take)
      const connection = await noting(steps, () => network.connect(endpoint, options)).catch((error: unknown) => {
        if (error instanceof NetworkFailure && error.connected !== undefined) take.connected = error.connected
        throw error
      })
      take.connected = connection.connected
      if (connection.tls) steps.push({ kind: 'tls', tls: connection.tls })
      return recordConnection(connection, steps)
    },
    fetch: async (url, request = {}) => {
      const take: Pending<PageTake> = { url, request }
      recorder.pages.push(take)
      return unwrap(take.outcome = await outcome(network.fetch(url, request)))
    },
    now: () => new Date(startedAt),
  }
}

/** The fields as a replay will give them, so that the facts in both reports are the same to the octet. */
function inOrder<T extends RecordType>(result: Outcome<Answer<T>>): Outcome<Answer<T>> {
  if ('problem' in result) return result
  const { question, rcode, records, aliases, authority, signatures, secure, adTrusted, authoritative, origin, resolver, transport, ...rest } = result.value
  const { octets, elapsed, extendedErrors } = rest
  return {
    value: {
      question, rcode, records, aliases, authority, signatures, secure, adTrusted, authoritative, origin, resolver, transport,
      octets, elapsed, extendedErrors,
    },
  }
}

function recordConnection(connection: Connection, steps: Step[]): Connection {
  /** What fails because it was closed here did not happen out there. */
  let closed = false
  let secret = false
  const noted = <T>(act: () => Promise<T>, before?: () => Step[]): Promise<T> => noting(steps, act, before, () => closed)
  return {
    endpoint: connection.endpoint,
    connected: connection.connected,
    get tls() { return connection.tls },
    get injected() { return connection.injected },
    readLine: async () => {
      const line = await noted(() => connection.readLine())
      steps.push({ kind: 'received', ...line, text: secret ? shownChallenge(line.text) : line.text })
      return line
    },
    unread: () => {
      const lines = connection.unread()
      steps.push(...lines.map(line => ({ kind: 'received', ...line }) as const))
      return lines
    },
    writeLine: async (line, shown = line) => {
      secret = false
      steps.push({ kind: 'sent', text: shown })
      await noted(() => connection.writeLine(line, shown))
    },
    writeOctets: async octets => {
      steps.push({ kind: 'sent', text: octets.replace(/\r\n$/, '') })
      await noted(() => connection.writeOctets(octets))
    },
    writeSecret: (beginning, make) => noted(() => connection.writeSecret(beginning, () => {
      secret = true
      const made = make()
      if (made) steps.push({ kind: 'sent', text: made.shown })
      return made
    })),
    channelBinding: type => connection.channelBinding(type),
    startTls: async options => {
      const tls = await noted(() => connection.startTls(options), () => injected(connection))
      steps.push(...injected(connection), { kind: 'tls', tls })
      return tls
    },
    offerTls: async (name, hello) => {
      const answer = await noted(() => connection.offerTls(name, hello), () => injected(connection))
      steps.push(...injected(connection), { kind: 'offered', hello: name, answer })
      return answer
    },
    close: () => {
      closed = true
      connection.close()
    },
  }
}

function injected({ injected: text }: Connection): Step[] {
  return text === '' ? [] : [{ kind: 'injected', text }]
}

/** Notes how a session ended, once: what is tried after that is no part of it. */
async function noting<T>(steps: Step[], act: () => Promise<T>, before: () => Step[] = () => [], closed = () => false): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof NetworkFailure && steps.at(-1)?.kind !== 'failed' && !closed()) {
      const { event, reason, detail, extendedErrors } = error // when TCP was accepted stands in the take
      steps.push(...before(), { kind: 'failed', failure: { event, reason, detail, ...(extendedErrors ? { extendedErrors } : {}) } })
    }
    throw error
  }
}

function unwrap<T>(result: Outcome<T>): T {
  if ('problem' in result) throw new NetworkFailure(result.problem)
  return result.value
}

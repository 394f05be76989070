/** Network -> Network that tells a listener what happens, while it happens: progress, --trace and the bench live on it. */
import { NetworkFailure, type Answer, type Connection, type Endpoint, type Failure, type HttpResponse, type Network, type OfferAnswer, type Question, type TlsSession } from './network.ts'
import { withoutSecret } from './secret-name.ts'
import { shownChallenge } from '../syntax/challenge.ts'

/** Something happened to exchange `id`, `at` milliseconds after watching began. */
export type NetworkEvent = { readonly id: number; readonly at: number } & (
  /** A question is put; ends with `answered` or `failed`. */
  | { readonly kind: 'asked'; readonly question: Question }
  | { readonly kind: 'answered'; readonly question: Question; readonly answer: Answer }
  /** A session begins; goes on with `connected` (for implicit TLS after the handshake), ends with `closed`. */
  | { readonly kind: 'connecting'; readonly endpoint: Endpoint }
  | { readonly kind: 'connected'; readonly endpoint: Endpoint }
  | { readonly kind: 'received'; readonly endpoint: Endpoint; readonly line: string }
  /** The line as shown: secrets are masked. */
  | { readonly kind: 'sent'; readonly endpoint: Endpoint; readonly line: string }
  | { readonly kind: 'handshaking'; readonly endpoint: Endpoint }
  | { readonly kind: 'tls'; readonly endpoint: Endpoint; readonly tls: TlsSession }
  /** A ClientHello of our own, by its name, and its answer. */
  | { readonly kind: 'offering'; readonly endpoint: Endpoint; readonly hello: string }
  | { readonly kind: 'offered'; readonly endpoint: Endpoint; readonly hello: string; readonly answer: OfferAnswer }
  /** We closed it; also told of a session that failed before. */
  | { readonly kind: 'closed'; readonly endpoint: Endpoint }
  | { readonly kind: 'fetching'; readonly url: string }
  | { readonly kind: 'fetched'; readonly url: string; readonly response: HttpResponse }
  /** What was under way failed: the question, the page, or this step of the session. */
  | { readonly kind: 'failed'; readonly failure: Failure } & Subject
)

type Subject = { readonly question: Question } | { readonly endpoint: Endpoint } | { readonly url: string }
type Happened = NetworkEvent extends infer E ? E extends NetworkEvent ? Omit<E, 'id' | 'at'> : never : never
type Tell = (event: Happened) => void

export function watch(network: Network, listener: (event: NetworkEvent) => void): Network {
  const began = performance.now()
  let last = 0
  const exchange = (): Tell => {
    const id = ++last
    return event => listener({ id, at: performance.now() - began, ...event })
  }
  return {
    query: async asked => {
      const question = withoutSecret(asked)
      const tell = exchange()
      tell({ kind: 'asked', question })
      const answer = await telling(tell, { question }, network.query(asked))
      tell({ kind: 'answered', question, answer })
      return answer
    },
    connect: async (endpoint, options) => {
      const tell = exchange()
      tell({ kind: 'connecting', endpoint })
      const connection = await telling(tell, { endpoint }, network.connect(endpoint, options))
      if (connection.tls) tell({ kind: 'tls', endpoint, tls: connection.tls })
      tell({ kind: 'connected', endpoint })
      return watchConnection(connection, endpoint, tell)
    },
    fetch: async (url, request) => {
      const tell = exchange()
      tell({ kind: 'fetching', url })
      const response = await telling(tell, { url }, network.fetch(url, request))
      tell({ kind: 'fetched', url, response })
      return response
    },
    now: () => network.now(),
  }
}

function watchConnection(connection: Connection, endpoint: Endpoint, tell: Tell): Connection {
  let closed = false
  let secret = false
  return {
    endpoint: connection.endpoint,
    connected: connection.connected,
    get tls() { return connection.tls },
    get injected() { return connection.injected },
    readLine: async () => {
      const line = await telling(tell, { endpoint }, connection.readLine())
      tell({ kind: 'received', endpoint, line: secret ? shownChallenge(line.text) : line.text })
      return line
    },
    unread: () => {
      const lines = connection.unread()
      for (const { text } of lines) tell({ kind: 'received', endpoint, line: text })
      return lines
    },
    writeLine: async (line, shown = line) => {
      secret = false
      tell({ kind: 'sent', endpoint, line: shown })
      await telling(tell, { endpoint }, connection.writeLine(line, shown))
    },
    writeOctets: async octets => {
      tell({ kind: 'sent', endpoint, line: octets.replace(/\r\n$/, '') })
      await telling(tell, { endpoint }, connection.writeOctets(octets))
    },
    writeSecret: async (beginning, make) => {
      secret = true
      const line = await telling(tell, { endpoint }, connection.writeSecret(beginning, make))
      tell({ kind: 'sent', endpoint, line })
      return line
    },
    channelBinding: type => connection.channelBinding(type),
    startTls: async options => {
      tell({ kind: 'handshaking', endpoint })
      const tls = await telling(tell, { endpoint }, connection.startTls(options))
      tell({ kind: 'tls', endpoint, tls })
      return tls
    },
    offerTls: async (name, hello) => {
      tell({ kind: 'offering', endpoint, hello: name })
      const answer = await telling(tell, { endpoint }, connection.offerTls(name, hello))
      tell({ kind: 'offered', endpoint, hello: name, answer })
      return answer
    },
    close: () => {
      connection.close()
      if (!closed) tell({ kind: 'closed', endpoint })
      closed = true
    },
  }
}

async function telling<T>(tell: Tell, subject: Subject, promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof NetworkFailure) tell({ kind: 'failed', failure: error.toJSON(), ...subject })
    throw error
  }
}

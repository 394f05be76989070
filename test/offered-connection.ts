/** A further connection to a server of a small world: it greets, consents to TLS, and answers hellos as the world says. */
import type { Connection, Endpoint, OfferAnswer, ReceivedLine, StartTlsOptions, TlsSession } from '../src/network/network.ts'
import { NetworkFailure } from '../src/network/network.ts'
import { parseFailure, parseWords } from '../src/network/notation.ts'
import { offerAnswer, parseOfferMark, parseTlsMark, usualFailure, type TlsMark } from '../src/network/transcript.ts'

interface Surroundings {
  /** The handshake of the one dialogue. */
  readonly tls: TlsSession | undefined
  readonly chainOf: (names: readonly string[]) => Promise<readonly string[]>
  readonly seal: (mark: TlsMark) => Promise<TlsSession>
}

export class OfferedConnection implements Connection {
  readonly endpoint: Endpoint
  readonly connected = 0
  readonly tls = undefined
  readonly injected = ''
  readonly #lines: readonly string[]
  readonly #surroundings: Surroundings
  #replies: string[]

  constructor(endpoint: Endpoint, lines: readonly string[], surroundings: Surroundings) {
    this.endpoint = endpoint
    this.#lines = lines
    this.#surroundings = surroundings
    this.#replies = [{ 110: '+OK ready', 143: '* OK ready' }[endpoint.port] ?? '220 ready']
  }

  readLine(): Promise<ReceivedLine> {
    const text = this.#replies.shift()
    return text === undefined ? Promise.reject(this.#failure('closed')) : Promise.resolve({ text, at: 0 })
  }

  unread(): readonly ReceivedLine[] {
    return []
  }

  writeLine(line: string): Promise<void> {
    const [tag = ''] = line.split(' ')
    const extensions = ['250-ready', '250 STARTTLS']
    this.#replies.push(...{ 110: ['+OK'], 143: [`${tag} OK go`] }[this.endpoint.port] ?? (/^EHLO/.test(line) ? extensions : ['220 go']))
    return Promise.resolve()
  }

  writeOctets(octets: string): Promise<void> {
    return this.writeLine(octets)
  }

  writeSecret(): Promise<string> {
    return Promise.reject(new Error('nobody logs in here'))
  }

  channelBinding(): null {
    return null
  }

  async startTls({ withoutName = false, certificate }: StartTlsOptions = {}): Promise<TlsSession> {
    const words = this.#told(certificate ? 'other-certificate' : 'nameless')
    const mark = words?.[0]?.text === 'tls' ? parseTlsMark(words.slice(1), this.endpoint.host) : null
    if (mark) return { ...await this.#surroundings.seal(mark), servername: withoutName ? null : mark.servername }
    const { tls } = this.#surroundings
    if (words) throw this.#failureOf(words)
    if (!tls) throw this.#failure('handshake')
    return { ...tls, servername: withoutName ? null : tls.servername }
  }

  async offerTls(name: string): Promise<OfferAnswer> {
    const words = this.#told(name)
    const { tls, chainOf } = this.#surroundings
    const usual = { version: 'TLSv1.2', cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', keyExchange: 'X25519' }
    const usualChain = tls?.chain ?? []
    if (words) {
      const mark = parseOfferMark(words)
      if (!mark) throw this.#failureOf(words)
      return offerAnswer(mark, mark.accepted && mark.certificates ? await chainOf(mark.certificates) : usualChain)
    }
    if (!tls || !name.startsWith('tls-1.2')) return { accepted: false, alert: name.startsWith('tls') ? 70 : 40 }
    return { accepted: true, ...usual, extendedMasterSecret: true, secureRenegotiation: true, compression: false, chain: usualChain }
  }

  close(): void {
    this.#replies = []
  }

  #told(name: string) {
    if (name === 'weak-or-static') {
      const lines = this.#lines.filter(one => /^(?:weak-ciphers|static-keys) (?!alert)/.test(one)).toSorted().toReversed()
      return lines[0] === undefined ? undefined : parseWords(lines[0].slice(lines[0].indexOf(' '))) ?? []
    }
    const line = this.#lines.find(one => one.startsWith(`${name} `))
    return line === undefined ? undefined : parseWords(line.slice(name.length)) ?? []
  }

  #failureOf(words: NonNullable<ReturnType<typeof parseWords>>): Error {
    const failure = parseFailure(words, event => usualFailure(event, this.endpoint, true))
    return failure ? new NetworkFailure(failure) : new Error(`no answer to a ClientHello: ${words.map(({ text }) => text).join(' ')}`)
  }

  #failure(event: 'closed' | 'handshake'): NetworkFailure {
    return new NetworkFailure({ event, ...usualFailure(event, this.endpoint, true) })
  }
}

/**
 * A mail session as text, the way people paste it into tickets:
 *
 *     * connected 12
 *     31 S: 220 mx1.example.com ESMTP
 *     C: EHLO probe.example.org
 *     43 S: 250-mx1.example.com
 *     43 S: 250 STARTTLS
 *     C: STARTTLS
 *     55 S: 220 go ahead
 *     * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519 trusted anchor="Example Root" cert=leaf,issuer elapsed=21
 *
 * `S:` received, `C:` sent (as shown: secrets masked), `*` what happened. The number is milliseconds since TCP was accepted
 * and may be left out. Octets outside printable ASCII and the backslash are written `\xHH`, `\\`. `;` begins a comment line.
 *
 *     * connected [MS]                         TCP was accepted (may be left out, except before a timeout)
 *     * tls [VERSION CIPHER [KEYEXCHANGE]] [trusted [private]|self-signed|…] [anchor= path= anchor-key= cert= sni= ocsp= elapsed=]
 *     * offered HELLO VERSION CIPHER [KEYEXCHANGE] [master-secret] [renegotiation] [compression] [cert=]
 *     * offered HELLO alert=NUMBER|closed      the answer to a ClientHello of our own
 *     * injected "TEXT"                        what the peer sent in clear between its consent and the handshake
 *     * timeout|refused|no-route|closed|too-long|handshake|malformed|unavailable [REASON] ["DETAIL"]
 */
import type { AcceptedOffer, RefusedOffer } from '../syntax/server-hello.ts'
import type { Endpoint, Failure, FailureEvent, OfferAnswer, TlsSession, Trust, TrustProblem } from './network.ts'
import { isIPv6 } from 'node:net'
import { endpointName } from './network.ts'
import { escapeText, formatFailure, formatWord, isFailureEvent, mark, parseFailure, parseNumber, parseWords, unescapeText, type Word } from './notation.ts'

export type Step =
  | { readonly kind: 'received'; readonly text: string; /** Milliseconds since TCP was accepted. */ readonly at: number }
  | { readonly kind: 'sent'; readonly text: string }
  | { readonly kind: 'injected'; readonly text: string }
  | { readonly kind: 'tls'; readonly tls: TlsSession }
  | { readonly kind: 'offered'; readonly hello: string; readonly answer: OfferAnswer }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** One session, from connect to its end. */
export interface SessionTake {
  readonly endpoint: Endpoint
  /** What it is for; absent for the one dialogue. */
  readonly purpose?: string
  /** Milliseconds until TCP was accepted; null when it never was, and the one step says why. */
  readonly connected: number | null
  readonly steps: readonly Step[]
}

/** What a `* tls` line says; certificates are named, not held, and an empty path stands for the whole chain. */
export interface TlsMark extends Omit<TlsSession, 'chain' | 'ocspResponse'> {
  /** Null when the line names none. */
  readonly certificates: readonly string[] | null
  readonly ocsp: string | null
}

/** What an `* offered` line says. */
export type OfferMark = RefusedOffer | Omit<AcceptedOffer, 'chain'> & { readonly certificates: readonly string[] | null }

export type MarkedStep = Exclude<Step, { kind: 'tls' | 'offered' }>
  | { readonly kind: 'tls'; readonly mark: TlsMark; readonly line: number }
  | { readonly kind: 'offered'; readonly hello: string; readonly mark: OfferMark; readonly line: number }
export interface MarkedTake extends Omit<SessionTake, 'steps'> { readonly steps: readonly MarkedStep[] }
export interface Line { readonly text: string; readonly number: number }
export interface TextError { readonly line: number; readonly message: string }

const trustProblems: ReadonlySet<string> = new Set<TrustProblem>([
  'no-certificate', 'malformed', 'self-signed', 'unknown-issuer', 'bad-signature', 'not-a-ca',
])

/** Never throws; a line that cannot be read is an error and is left out. */
export function parseTranscript(lines: readonly Line[], endpoint: Endpoint): { take: MarkedTake; errors: TextError[] } {
  const steps: MarkedStep[] = []
  const errors: TextError[] = []
  let connected: number | null = null
  let at = 0
  for (const { text, number } of lines) {
    const line = text.trimStart()
    if (line === '' || line.startsWith(';')) continue
    const said = /^(?:(\S+) )?([SC]):(?: (.*)|)$/s.exec(line)
    const time = said?.[1] === undefined ? at : parseNumber(said[1])
    if (said && time !== null) {
      at = time
      const spoken = unescapeText(said[3] ?? '')
      steps.push(said[2] === 'S' ? { kind: 'received', text: spoken, at } : { kind: 'sent', text: spoken })
      continue
    }
    const words = line.startsWith('*') ? parseWords(line.slice(1)) : null
    const step = words && parseMark(words, endpoint, connected !== null || steps.length > 0, number)
    if (step === 'connected') connected = parseNumber(words?.[1]?.text) ?? 0
    else if (step) steps.push(step)
    else errors.push({ line: number, message: `not a line of a session: ${line.slice(0, 80)}` })
  }
  return { take: { endpoint, connected: connected ?? (neverConnected(steps) ? null : 0), steps }, errors }
}

/** Without `* connected`: a session that begins with a failure never opened, unless only an open connection can fail so. */
function neverConnected([first]: readonly MarkedStep[]): boolean {
  return first?.kind === 'failed' && !['closed', 'handshake', 'too-long'].includes(first.failure.event)
}

function parseMark(words: readonly Word[], endpoint: Endpoint, open: boolean, line: number): MarkedStep | 'connected' | null {
  const [first, ...rest] = words
  switch (first?.text) {
    case 'connected':
      return 'connected'
    case 'injected':
      return { kind: 'injected', text: rest.map(({ text }) => text).join(' ') }
    case 'tls': {
      const tls = parseTlsMark(rest, endpoint.host)
      return tls && { kind: 'tls', mark: tls, line }
    }
    case 'offered': {
      const offered = rest[0] && parseOfferMark(rest.slice(1))
      return offered ? { kind: 'offered', hello: rest[0]?.text ?? '', mark: offered, line } : null
    }
    default: {
      const failure = parseFailure(words, event => usualFailure(event, endpoint, open))
      return failure && { kind: 'failed', failure }
    }
  }
}

/** What a failure that is only named means, at this point of a session. */
export function usualFailure(event: FailureEvent, endpoint: Endpoint, open: boolean): Omit<Failure, 'event'> {
  const name = endpointName(endpoint)
  switch (event) {
    case 'timeout':
      return open ? { reason: 'tarpit', detail: `${name} did not answer in time` } : { reason: 'connect-timeout', detail: `${name} did not accept the connection in time` }
    case 'refused':
      return { reason: 'connection-lost', detail: `${name} refused the connection` }
    case 'unreachable':
      return { reason: isIPv6(endpoint.address) ? 'no-ipv6-here' : 'no-ipv4-here', detail: `there is no route to ${endpoint.address}` }
    case 'too-long':
      return { reason: 'tarpit', detail: `${name} sent more than the limits allow` }
    case 'handshake':
      return { reason: 'connection-lost', detail: `the TLS handshake with ${name} failed` }
    case 'unavailable':
      return { reason: 'not-recorded', detail: `${name} is not recorded` }
    default:
      return { reason: 'connection-lost', detail: `${name} closed the connection` }
  }
}

/** All parts may be left out; a bare `* tls` is a good handshake. */
export function parseTlsMark(words: readonly Word[], host: string): TlsMark | null {
  const plain = words.filter(({ key }) => key === null).map(({ text }) => text)
  const value = (key: string): string | undefined => words.find(word => word.key === key)?.text
  const trustWord = plain.find(word => word === 'trusted' || trustProblems.has(word)) ?? 'trusted'
  const parts = plain.filter(word => word !== trustWord && word !== 'private')
  const [version = 'TLSv1.3', cipher = 'TLS_AES_128_GCM_SHA256', keyExchange = parts.length === 0 ? 'X25519' : null] = parts
  if (parts.length > 3 || isFailureEvent(version)) return null
  const certificates = value('cert')?.split(',').filter(Boolean) ?? null
  const path = value('path')?.split(',').filter(Boolean).map(Number)
  if (path?.some(position => !Number.isSafeInteger(position))) return null
  const anchorKey = value('anchor-key')
  const trust: Trust = trustWord === 'trusted'
    ? { trusted: true, anchor: value('anchor') ?? 'Example Root', path: path ?? [], ...(anchorKey === undefined ? {} : { anchorKey }), ...(plain.includes('private') ? { private: true } : {}) }
    : { trusted: false, problem: trustWord as TrustProblem }
  const sni = value('sni')
  return {
    version, cipher, keyExchange, certificates, trust,
    servername: sni === undefined ? host : sni === '' ? null : sni,
    ocsp: value('ocsp') ?? null,
    elapsed: parseNumber(value('elapsed')) ?? 0,
  }
}

/** `TLSv1.2 TLS_RSA_WITH_RC4_128_SHA RSA renegotiation cert=a`, `alert=40` or `closed`; null for anything else. */
export function parseOfferMark(words: readonly Word[]): OfferMark | null {
  const plain = words.filter(({ key }) => key === null).map(({ text }) => text)
  const value = (key: string): string | undefined => words.find(word => word.key === key)?.text
  const alert = parseNumber(value('alert'))
  if (plain.length === 0) return alert === null || alert > 255 ? null : { accepted: false, alert }
  if (plain.length === 1 && plain[0] === 'closed') return { accepted: false, alert: null }
  const [version = '', cipher, keyExchange = null, more] = plain.filter(word => !offerTraits.includes(word))
  if (cipher === undefined || more !== undefined || !/^(?:TLS_|0x)/.test(cipher)) return null
  return {
    accepted: true, version, cipher, keyExchange, extendedMasterSecret: plain.includes('master-secret'),
    secureRenegotiation: plain.includes('renegotiation'), compression: plain.includes('compression'),
    certificates: value('cert')?.split(',').filter(Boolean) ?? null,
  }
}

const offerTraits = ['master-secret', 'renegotiation', 'compression']

/** The answer, once the certificates are at hand. */
export function offerAnswer(mark: OfferMark, chain: readonly string[]): OfferAnswer {
  if (!mark.accepted) return mark
  const { version, cipher, keyExchange, extendedMasterSecret, secureRenegotiation, compression } = mark
  return { accepted: true, version, cipher, keyExchange, extendedMasterSecret, secureRenegotiation, compression, chain }
}

/** The session, once the certificates (base64 DER, leaf first) are at hand. */
export function tlsSession(mark: TlsMark, chain: readonly string[], ocspResponse: string | null): TlsSession {
  const { version, cipher, keyExchange, servername, trust, elapsed } = mark
  const whole = trust.trusted && trust.path.length === 0
  return { version, cipher, keyExchange, servername, chain, trust: whole ? { ...trust, path: chain.map((_, i) => i) } : trust, ocspResponse, elapsed }
}

/** Gives what is kept apart (base64 DER) the name it is listed under. */
export type NameOf = (base64: string) => string

export function formatTls(tls: TlsSession, certificate: NameOf, ocsp: NameOf): string {
  const { trust } = tls
  return [
    'tls', formatWord(tls.version), formatWord(tls.cipher), ...(tls.keyExchange === null ? [] : [formatWord(tls.keyExchange)]),
    ...(trust.trusted ? ['trusted', ...(trust.private ? ['private'] : []), `anchor=${formatWord(trust.anchor)}`, `path=${formatWord(trust.path.join(','))}`, ...(trust.anchorKey === undefined ? [] : [`anchor-key=${formatWord(trust.anchorKey)}`])] : [trust.problem]),
    `cert=${formatWord(tls.chain.map(certificate).join(','))}`, `sni=${formatWord(tls.servername ?? '')}`,
    ...(tls.ocspResponse === null ? [] : [`ocsp=${ocsp(tls.ocspResponse)}`]), `elapsed=${tls.elapsed}`,
  ].join(' ')
}

function formatOffer(answer: OfferAnswer, certificate: NameOf): string {
  if (!answer.accepted) return answer.alert === null ? 'closed' : `alert=${answer.alert}`
  const { version, cipher, keyExchange, extendedMasterSecret, secureRenegotiation, compression, chain } = answer
  return [
    formatWord(version), formatWord(cipher), ...(keyExchange === null ? [] : [formatWord(keyExchange)]),
    ...(extendedMasterSecret ? ['master-secret'] : []), ...(secureRenegotiation ? ['renegotiation'] : []), ...(compression ? ['compression'] : []),
    ...(chain.length > 0 ? [`cert=${formatWord(chain.map(certificate).join(','))}`] : []),
  ].join(' ')
}

export function formatTranscript({ connected, steps }: SessionTake, certificate: NameOf, ocsp: NameOf): string[] {
  const lines = connected === null ? [] : [`${mark}connected ${connected}`]
  for (const step of steps) {
    switch (step.kind) {
      case 'received':
        lines.push(`${step.at} S: ${escapeText(step.text)}`)
        break
      case 'sent':
        lines.push(`C: ${escapeText(step.text)}`)
        break
      case 'injected':
        lines.push(`${mark}injected ${formatWord(step.text)}`)
        break
      case 'tls':
        lines.push(mark + formatTls(step.tls, certificate, ocsp))
        break
      case 'offered':
        lines.push(`${mark}offered ${formatWord(step.hello)} ${formatOffer(step.answer, certificate)}`)
        break
      case 'failed':
        lines.push(mark + formatFailure(step.failure))
    }
  }
  return lines
}

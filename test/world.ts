/**
 * A small world as text: a zone, sessions and pages, for tests that a postmaster can read. It is closed: a name that the zone
 * lacks does not exist (NXDOMAIN), a type it lacks has no data, an endpoint or page that is not listed refuses.
 *
 * Zone: one record a line, each with its full owner name (a final dot may be left out), `NAME TYPE (servfail)` for what
 * fails (timeout, servfail, refused, malformed) (also nxdomain, nodata), and three comments that
 * mean something: `; secure NAME` (answers at and below NAME carry AD), `; insecure NAME` (an exception below it),
 * `; ad-untrusted` (the resolver's AD bit does not count). `TLSA 3 1 1 {NAME}` speaks of the certificate that `cert=NAME`
 * shows, `{NAME self-signed}` of the one that is shown with that problem, `TLSA 2 1 1 {issuer of NAME}` of its intermediate.
 *
 * Sessions: as transcript.ts describes them, under `HOST[ADDRESS]:PORT`, or `[ADDRESS]:PORT` for whatever host. Each command
 * waits for the next `C:` line; `C: EHLO *` matches any argument, `C: *` any command. After the last line the peer has
 * closed. `* tls` alone is a good handshake with a good certificate for the host; `cert=NAME` takes it from `certificates`,
 * or makes a good one for that name; `cert=A,B` shows the chain of A and then, for no good reason, that of B.
 *
 * Offers: what a server answers to a ClientHello of our own, under the same names, one hello a line: `weak-ciphers TLSv1.2
 * TLS_RSA_WITH_RC4_128_SHA`, `tls-1.1 timeout`; `nameless tls …` for the whole handshake without a name. Unless told, whoever
 * shakes hands takes TLS 1.2 without a name, with every safeguard and the same certificate, and refuses everything else.
 */
import { fillTlsa } from '../src/lab/tlsa-placeholder.ts'
import { parseEndpoint, pageFailure } from '../src/network/cassette-parse.ts'
import { requestKey } from '../src/network/keys.ts'
import { endpointName, NetworkFailure, type Answer, type Endpoint, type HttpResponse, type Network, type TlsSession, type Trust } from '../src/network/network.ts'
import { parseWords, isFailureEvent } from '../src/network/notation.ts'
import { PlayedConnection, type OffScript } from '../src/network/played-connection.ts'
import { parseTlsMark, parseTranscript, tlsSession, usualFailure, type MarkedTake, type Step, type TlsMark } from '../src/network/transcript.ts'
import { makeChain, type CertificateDefinition } from './certificates.ts'
import { closedZone } from './closed-zone.ts'
import { OfferedConnection } from './offered-connection.ts'

export interface WorldDefinition {
  /** Zone-file lines. */
  readonly zone?: string
  /** Transcripts, by `mx1.example.com[192.0.2.1]:25`. */
  readonly sessions?: Readonly<Record<string, string>>
  /** Answers to further hellos, by `mx1.example.com[192.0.2.1]:25`. */
  readonly offers?: Readonly<Record<string, readonly string[]>>
  /** What a URL answers: a body, a whole response beginning `HTTP/1.1 404`, or a failure such as `(timeout)`. */
  readonly pages?: Readonly<Record<string, string>>
  readonly certificates?: Readonly<Record<string, CertificateDefinition>>
  /** The world's clock, RFC 3339; it stands still. */
  readonly now?: string
}

export const usualNow = '2026-11-22T12:00:00Z'

/** Rejects, with the line, when the definition itself cannot be read. */
export async function createWorld(definition: WorldDefinition): Promise<Network> {
  const { zone = '', sessions = {}, offers = {}, pages = {}, certificates = {}, now = usualNow } = definition
  const chainOf = async (names: readonly string[], trust: Trust): Promise<string[]> =>
    (await Promise.all(names.map(name => makeChain(certificates[name] ?? { names: [name] }, trust, new Date(now))))).flat()
  const seal = async (mark: TlsMark, host: string): Promise<TlsSession> =>
    tlsSession({ ...mark, servername: mark.servername }, await chainOf(mark.certificates ?? [host], mark.trust), mark.ocsp)
  const answer = closedZone(await fillTlsa(zone, async ({ name: words, which }) => {
    const [name = '', ...rest] = words.split(' ')
    const mark = parseTlsMark(parseWords(rest.join(' ')) ?? [], name)
    const chain = mark && await makeChain(certificates[name] ?? { names: [name] }, mark.trust, new Date(now))
    return chain?.[which === 'leaf' ? 0 : 1] ?? ''
  }))
  const texts = new Map(Object.entries(sessions))
  for (const name of texts.keys()) {
    if (!parseEndpoint(name, 'starttls')) throw new Error(`a session is listed under HOST[ADDRESS]:PORT, not under ${name}`)
  }
  for (const [name, text] of texts) {
    for (const tls of ['starttls', 'implicit'] as const) readTranscript(text, { ...readEndpoint(name), tls })
  }
  const responses = new Map(await Promise.all(Object.entries(pages).map(async ([url, text]) =>
    [requestKey(url), await readPage(url, text, seal)] as const)))

  return {
    query: async question => {
      await Promise.resolve()
      return answer(question) as Answer<typeof question.type>
    },
    connect: async (endpoint, { purpose } = {}) => {
      const { host, address, port, tls } = endpoint
      const text = texts.get(endpointName(endpoint)) ?? texts.get(`[${address}]:${port}`)
      if (text === undefined) throw new NetworkFailure({ event: 'refused', ...usualFailure('refused', endpoint, false) })
      const take = readTranscript(text, { host, address, port, tls })
      const steps = await Promise.all(take.steps.filter(step => step.kind !== 'offered').map(async (step): Promise<Step> =>
        step.kind === 'tls' ? { kind: 'tls', tls: await seal(step.mark, host) } : step))
      if (purpose !== undefined) {
        const shaken = steps.find(step => step.kind === 'tls')
        const trust = shaken?.tls.trust ?? { trusted: true, anchor: 'Example Root', path: [] }
        return new OfferedConnection(endpoint, offers[endpointName(endpoint)] ?? [], {
          tls: shaken?.tls, chainOf: names => chainOf(names, trust), seal: mark => seal(mark, host),
        })
      }
      return PlayedConnection.open({ ...take, steps }, offScript)
    },
    fetch: async (url, request) => {
      await Promise.resolve()
      // whatever is posted or asked for in headers, the page that is listed answers
      const response = responses.get(requestKey(url, request)) ?? responses.get(requestKey(url))
      if (!response) throw new NetworkFailure({ event: 'refused', reason: 'connection-lost', detail: `${url} refused the connection` })
      if (response instanceof NetworkFailure) throw response
      if (response.body.length > (request?.limit ?? Infinity)) {
        throw new NetworkFailure({ event: 'too-long', ...pageFailure('too-long', url) })
      }
      return response
    },
    now: () => new Date(now),
  }
}

function readEndpoint(name: string): Endpoint {
  return parseEndpoint(name, 'starttls') ?? { host: '', address: '', port: 0, tls: 'starttls' }
}

function readTranscript(text: string, endpoint: Endpoint): MarkedTake {
  const lines = text.split('\n').map((line, i) => ({ text: line, number: i + 1 }))
  const { take, errors } = parseTranscript(lines, endpoint)
  const [error] = errors
  if (error) throw new Error(`${endpointName(endpoint)}, line ${error.line}: ${error.message}`)
  return take
}

/** A peer of a closed world: it hangs up at the end, waits for ever where it expects a command, and knows its lines. */
const offScript: OffScript = {
  silent: (endpoint, why) => {
    const event = why === 'ended' ? 'closed' : why === 'waiting' ? 'timeout' : 'handshake'
    return new NetworkFailure({ event, ...usualFailure(event, endpoint, true) })
  },
  surprised: (endpoint, sent, expected) => {
    if (/^(QUIT|\S+ LOGOUT)$/.test(sent)) return null
    return new Error(`the transcript of ${endpointName(endpoint)} has "C: ${expected}" where the probe sends "${sent}"`)
  },
}

async function readPage(
  url: string, text: string, seal: (mark: TlsMark, host: string) => Promise<TlsSession>,
): Promise<HttpResponse | NetworkFailure> {
  const [, event] = /^\((.*)\)$/.exec(text.trim()) ?? []
  if (event !== undefined) {
    if (!isFailureEvent(event)) throw new Error(`${url}: no such failure: (${event})`)
    return new NetworkFailure({ event, ...pageFailure(event, url) })
  }
  const host = new URL(url).hostname
  const [, tlsLine = '', rest = text] = /^\s*\* tls(.*)\n([^]*)$/.exec(text) ?? []
  const mark = parseTlsMark(parseWords(tlsLine) ?? [], host)
  if (!mark) throw new Error(`${url}: not a handshake: * tls${tlsLine}`)
  const [, status = '200', head = '\ncontent-type: text/plain', body = rest] = /^HTTP\/\S+ (\d{3})[^\n]*((?:\n[^\n]+)*)(?:\n\n([^]*)|\n?$)/.exec(rest) ?? []
  const headers = head.split('\n').filter(line => line !== '').map(line => /^([^:]+): *(.*)$/.exec(line)?.slice(1) ?? [line, ''])
  return {
    url, status: Number(status), headers: Object.fromEntries(headers.map(([name = '', value]) => [name.toLowerCase(), value])) as Record<string, string>,
    body: rest.startsWith('HTTP/') && body === rest ? '' : body, address: '192.0.2.80', tls: await seal(mark, host), elapsed: 0,
  }
}

/**
 * A cassette: one run's exchanges as one text file, in the notations of the field, so that people can read, edit and redact
 * it. A line at the margin begins an exchange; the indented lines below it are what was said (zone-file lines, `S:`/`C:`
 * lines, PEM), and `*` lines are what happened. `;` begins a comment line.
 *
 *     mailcheck cassette 1
 *     start 2026-11-22T10:00:00.000Z exchanges=4
 *
 *     scope example.com
 *       selectors ["s1"]
 *       ehloName "probe.example.org"
 *
 *     question example.com. MX
 *       * NOERROR 12 ms udp 96 octets from 127.0.0.53:53 ad-trusted secure
 *       example.com. 3600 IN MX 10 mx1.example.com.
 *
 *     question _dmarc.example.com. TXT
 *       * timeout dns-timeout "127.0.0.53:53 did not answer"
 *
 *     session mx1.example.com[192.0.2.1]:25 starttls
 *       * connected 25
 *       31 S: 220 mx1.example.com ESMTP
 *       C: EHLO probe.example.org
 *       * closed connection-lost "mx1.example.com closed the connection"
 *
 *     page https://mta-sts.example.com/.well-known/mta-sts.txt
 *       * 200 from 192.0.2.10 80 ms
 *       * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519 trusted anchor="Example Root" path=0 cert=5d41402abc4b2a76 …
 *       < content-type: text/plain
 *       | version: STSv1
 *       | mode: enforce
 *
 *     certificate 5d41402abc4b2a76
 *       -----BEGIN CERTIFICATE-----
 *       …
 *
 *     session mx1.example.com[192.0.2.1]:25 starttls for tls-1.1
 *       …
 *       * offered tls-1.1 alert=70
 *
 *     end
 *
 * A scope is what a run was about and what its user had said of it, a setting a line, in JSON: a replay needs no flags to ask the
 * same. Where `start` tells how many exchanges there are, `end` stands last, and a file without it is cut off; written by hand,
 * both may be left out. A session beside the one dialogue says what it is for. A question may go on with `@SERVER`, `tcp` and `cd`; its answer has the sections `* aliases`, `* signatures` and
 * `* authority` after the RRset. A page may be `page POST URL`, with `> header: value` and `>| body` lines. The lines of a
 * session are described in transcript.ts. An exchange that happened several times is there several times, in order.
 * Secrets never reach a cassette: the lines that carry them are recorded as shown.
 */
import type { Answer, Failure, HttpRequest, HttpResponse, Question } from './network.ts'
import type { SessionTake, TextError } from './transcript.ts'

export interface Cassette {
  readonly startedAt: Date
  readonly scopes?: readonly ScopeTake[]
  readonly questions: readonly QuestionTake[]
  readonly sessions: readonly SessionTake[]
  readonly pages: readonly PageTake[]
}

/** A domain that was checked, and what was said of it. Never a secret. */
export interface ScopeTake {
  readonly domain: string
  /** JSON values by the names of the scope's fields. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface QuestionTake {
  readonly question: Question
  readonly outcome: { readonly value: Answer } | { readonly problem: Failure }
}

export interface PageTake {
  readonly url: string
  readonly request: HttpRequest
  readonly outcome: { readonly value: HttpResponse } | { readonly problem: Failure }
}

/** Where a cassette cannot be read, and why. */
export type CassetteError = TextError

export { formatCassette } from './cassette-format.ts'
export { parseCassette } from './cassette-parse.ts'

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCassette, parseCassette, type Cassette } from '../../src/network/cassette.ts'
import type { Answer, Failure, OfferAnswer, TlsSession } from '../../src/network/network.ts'
import { escapeText, formatWord, parseWords, unescapeText } from '../../src/network/notation.ts'
import type { SessionTake, Step } from '../../src/network/transcript.ts'
import { reasons, type Reason } from '../../src/reasons.ts'
import { makeRecord, type DnsRecord } from '../../src/syntax/record.ts'

const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)), maxLength: 40 })
const time = fc.nat({ max: 100_000 })
const host = fc.constantFrom('mx1.example.com', 'mail.example.net', 'xn--mnchen-3ya.example', 'odd[192.0.2.9]:25.example.com', '__proto__')
const base64 = fc.uint8Array({ minLength: 1, maxLength: 90 }).map(bytes => Buffer.from(bytes).toString('base64'))

const failure = (events: Failure['event'][]): fc.Arbitrary<Failure> => fc.record({
  event: fc.constantFrom(...events), reason: fc.constantFrom(...Object.keys(reasons) as Reason[]), detail: fc.string({ unit: 'binary', maxLength: 30 }),
  resolvers: fc.record({ asked: fc.nat({ max: 9 }), servfail: fc.nat({ max: 9 }) }),
}, { requiredKeys: ['event', 'reason', 'detail'] })

const tls: fc.Arbitrary<TlsSession> = fc.record({
  version: fc.constantFrom('TLSv1.2', 'TLSv1.3'), cipher: fc.constantFrom('TLS_AES_128_GCM_SHA256', 'ECDHE-RSA-AES128-SHA'),
  keyExchange: fc.constantFrom(null, 'X25519', 'DH 2048'), servername: fc.option(host), chain: fc.array(base64, { maxLength: 3 }),
  trust: fc.oneof(
    fc.record({ trusted: fc.constant(true as const), anchor: fc.string({ maxLength: 20 }), path: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }), anchorKey: base64, private: fc.constant(true as const) }, { requiredKeys: ['trusted', 'anchor', 'path'] }),
    fc.record({ trusted: fc.constant(false as const), problem: fc.constantFrom('self-signed', 'unknown-issuer', 'no-certificate') }),
  ),
  ocspResponse: fc.option(base64), elapsed: time,
})

const offered: fc.Arbitrary<OfferAnswer> = fc.oneof(
  fc.record({ accepted: fc.constant(false as const), alert: fc.option(fc.nat({ max: 255 })) }),
  fc.record({
    accepted: fc.constant(true as const), version: fc.constantFrom('SSLv3', '0x7f1c'), cipher: fc.constantFrom('TLS_RSA_WITH_RC4_128_SHA', '0x9999'),
    keyExchange: fc.constantFrom(null, 'X25519', 'DH 1024'), extendedMasterSecret: fc.boolean(), secureRenegotiation: fc.boolean(), compression: fc.boolean(),
    chain: fc.array(base64, { maxLength: 3 }),
  }),
)

const owner = fc.constantFrom('a.example.com', '*.example.com', '*', '\\$origin.example', 'constructor')
const recordsOf: { readonly [T in 'A' | 'TXT' | 'MX' | 'TYPE65']: fc.Arbitrary<DnsRecord> } = {
  A: fc.record({ name: owner, ttl: time, address: fc.ipV4() }).map(({ name, ttl, address }) => makeRecord(name, 'A', ttl, { address })),
  TXT: fc.record({ name: owner, ttl: time, strings: fc.array(octets, { minLength: 1, maxLength: 3 }) })
    .map(({ name, ttl, strings }) => makeRecord(name, 'TXT', ttl, { strings })),
  MX: fc.record({ name: owner, ttl: time, preference: fc.nat({ max: 65535 }), exchange: host })
    .map(({ name, ttl, ...data }) => makeRecord(name, 'MX', ttl, data)),
  TYPE65: fc.record({ name: owner, ttl: time }).map(({ name, ttl }) => makeRecord(name, 'TYPE65', ttl, { octets: '0a00' })),
}

const answer: fc.Arbitrary<Answer> = fc.constantFrom(...Object.keys(recordsOf) as (keyof typeof recordsOf)[]).chain(type => fc.record({
  question: fc.record({
    name: fc.constantFrom('', 'example.com', '_dmarc.example.com', 'odd\\032name.example', '*.example.com', 'a=b.example'), type: fc.constant(type),
    server: fc.constantFrom('192.0.2.53', '2001:db8::53'), transport: fc.constant('tcp' as const), checkingDisabled: fc.constant(true),
  }, { requiredKeys: ['name', 'type'] }),
  rcode: fc.constantFrom('NOERROR', 'NXDOMAIN'), records: fc.array(recordsOf[type], { maxLength: 3 }),
  aliases: fc.array(fc.tuple(owner, host).map(([name, target]) => makeRecord(name, 'CNAME', 60, { target })), { maxLength: 2 }),
  authority: fc.array(fc.oneof(...Object.values(recordsOf)), { maxLength: 1 }), signatures: fc.constant([]), secure: fc.boolean(), adTrusted: fc.boolean(),
  authoritative: fc.boolean(), origin: fc.constantFrom('live', 'planned'), resolver: fc.constantFrom('127.0.0.53:53', '[2001:db8::53]:53', 'tls://192.0.2.53'),
  transport: fc.constantFrom('udp', 'tcp'), octets: time, elapsed: time,
  extendedErrors: fc.array(fc.record({ code: fc.nat({ max: 65535 }), text: fc.string({ unit: 'binary', maxLength: 20 }) }), { maxLength: 2 }),
}))

const dialogue: fc.Arbitrary<Step[]> = fc.array(fc.oneof(
  fc.record({ kind: fc.constant('received' as const), text: octets, at: time }),
  fc.record({ kind: fc.constant('sent' as const), text: octets }),
  fc.record({ kind: fc.constant('tls' as const), tls }),
  fc.record({ kind: fc.constant('offered' as const), hello: fc.constantFrom('tls-1.1', 'odd name'), answer: offered }),
  fc.record({ kind: fc.constant('injected' as const), text: octets }),
  fc.record({ kind: fc.constant('failed' as const), failure: failure(['timeout', 'closed', 'too-long']) }),
), { maxLength: 8 })

const session: fc.Arbitrary<SessionTake> = fc.oneof(
  fc.record({ connected: time, steps: dialogue }),
  fc.record({ connected: fc.constant(null), steps: failure(['timeout', 'refused', 'unreachable', 'unavailable']).map(told => [{ kind: 'failed' as const, failure: told }]) }),
).chain(take => fc.record({
  host, address: fc.constantFrom('192.0.2.1', '2001:db8::1'), port: fc.constantFrom(25, 465), tls: fc.constantFrom('starttls', 'implicit'),
}).chain(endpoint => fc.constantFrom({}, { purpose: 'tls-1.1' }, { purpose: 'odd "purpose"' }).map(purpose => ({ endpoint, ...purpose, ...take }))))

const url = fc.constantFrom('https://mta-sts.example.com/.well-known/mta-sts.txt', 'https://example.com/a?b="c,d"')
const problem = <T>(told: fc.Arbitrary<T>, events: Failure['event'][]) => fc.oneof(
  told.map(value => ({ value })), failure(events).map(value => ({ problem: value })),
)
const headers = fc.dictionary(fc.constantFrom('content-type', 'x-odd', 'server'), octets.map(text => text.trim()))

const cassette: fc.Arbitrary<Cassette> = fc.record({
  scopes: fc.uniqueArray(fc.record({ domain: host, settings: fc.dictionary(fc.constantFrom('selectors', 'ehloName', 'bulk'), fc.jsonValue()) }), { maxLength: 2, selector: ({ domain }) => domain }),
  startedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  questions: fc.uniqueArray(answer, { maxLength: 3, selector: ({ question }) => JSON.stringify(question) }).chain(answers => fc.tuple(...answers.map(one =>
    problem(fc.constant(one), ['timeout', 'rcode', 'malformed']).map(outcome => ({ question: one.question, outcome }))))),
  sessions: fc.array(session, { maxLength: 3 }),
  pages: url.chain(at => fc.array(fc.record({
    url: fc.constant(at),
    request: fc.record({ method: fc.constant('POST' as const), body: octets, headers: fc.constant({ accept: 'text/plain' }) }, { requiredKeys: [] }),
    outcome: problem(fc.record({
      url: fc.constant(at), status: fc.integer({ min: 100, max: 599 }), headers, body: octets, address: fc.constant('192.0.2.80'), tls: fc.option(tls, { nil: undefined }), elapsed: time,
    }), ['timeout', 'closed', 'refused']),
  }), { maxLength: 2 })),
})

test('what is formatted is parsed again, octet for octet', () => {
  fc.assert(fc.property(cassette, tape => {
    const { cassette: parsed, errors } = parseCassette(formatCassette(tape))
    expect(errors).toEqual([])
    expect(parsed.startedAt).toEqual(tape.startedAt)
    expect(JSON.stringify(parsed.scopes?.toSorted(byDomain))).toBe(JSON.stringify(tape.scopes?.toSorted(byDomain)))
    expect(new Set(parsed.questions)).toEqual(new Set(tape.questions))
    expect(new Set(parsed.sessions)).toEqual(new Set(tape.sessions))
    expect(new Set(parsed.pages)).toEqual(new Set(tape.pages))
    expect(formatCassette(parsed)).toBe(formatCassette(tape))
  }), { numRuns: 300 })
})

test('nothing but printable ASCII reaches the file', () => {
  fc.assert(fc.property(cassette, tape => {
    expect(formatCassette(tape)).toMatch(/^[\n\x20-\x7e]*$/)
  }), { numRuns: 50 })
})

const byDomain = (a: { domain: string }, b: { domain: string }): number => (a.domain < b.domain ? -1 : 1)
const head = 'mailcheck cassette 1\nstart 2026-11-22T10:00:00.000Z\n'

test('hostile text never throws', () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      'question example.com. MX\n', 'question', 'session mx1.example.com[192.0.2.1]:25 starttls\n', 'session [[]]:1 x\n', 'page https://x/\n', 'page\n',
      '  * NOERROR 12 ms\n', '  * tls "\n', '  * tls TLSv1.3 a b c d e path=1,x\n', '  * timeout\n', '  * connected 99999999999999999999\n', '  1e9 S: x\n', '  * authority\n',
      '  * __proto__\n', '  * timeout toString\n', '  example.com. 3600 IN A 192.0.2.1\n', '  example.com. 3600 IN MX 10 (\n', '  < __proto__: x\n', '  | \\x4\n', '  | \\u{ffffff}\n', 'certificate a\n', '  -----BEGIN\n', '  \u0000\n', 'start never\n',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }), octets,
  )
  fc.assert(fc.property(fc.array(fragment, { maxLength: 12 }), parts => {
    const { errors } = parseCassette(head + parts.join(''))
    for (const { line, message } of errors) {
      expect(line).toBeGreaterThan(0)
      expect(message).not.toBe('')
    }
  }), { numRuns: 500 })
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    parseCassette(text)
  }))
})

test.each([
  ['no cassette', 'example.com. MX 10 mx1', 1, /no cassette/],
  ['another version', 'mailcheck cassette 2', 1, /of version 2, and this mailcheck reads version 1/],
  ['an unknown block', `${head}\nanswer example.com. MX`, 4, /expected start, scope, question/],
  ['a question without an answer', `${head}question example.com. MX\n\nquestion a. A\n  * timeout`, 3, /NOERROR/],
  ['a type that is none', `${head}question example.com. constructor\n  * timeout`, 3, /constructor is no record type/],
  ['a section that objects are born with', `${head}question example.com. MX\n  * NOERROR 1 ms\n  * __proto__\n  example.com. 60 IN MX 1 a.\n`, 5, /no such section: __proto__/],
  ['a reason that objects are born with', `${head}question example.com. MX\n  * timeout toString`, 4, /NOERROR/],
  ['a record that nobody asked for', `${head}question example.com. MX\n  * NOERROR 1 ms\n  example.com. 60 IN A 192.0.2.1\n`, 5, /A does not belong here: expected MX/],
  ['an alias that is none', `${head}question example.com. MX\n  * NOERROR 1 ms\n  * aliases\n  example.com. 60 IN A 192.0.2.1\n`, 6, /expected CNAME/],
  ['a bad record', `${head}question example.com. MX\n  * NOERROR 1 ms\n  example.com. 60 IN MX ten mx1.\n`, 5, /./],
  ['a bad endpoint', `${head}session mx1:25 starttls`, 3, /HOST\[ADDRESS\]:PORT/],
  ['a line of no speaker', `${head}session mx1[192.0.2.1]:25 starttls\n  220 hello`, 4, /not a line of a session/],
  ['a certificate that is not there', `${head}session mx1[192.0.2.1]:25 implicit\n  * tls TLSv1.3 A trusted cert=gone`, 4, /gone/],
  ['a certificate that is cut off', `${head}certificate e3b0c44298fc1c14\n  -----BEGIN CERTIFICATE-----\n  AAAA\n`, 3, /e3b0c44298fc1c14 is not what was recorded: it is cut off, or was changed/],
  ['a setting of a scope that is none', `${head}scope example.com\n  selectors [s1]\n`, 4, /value in JSON: selectors/],
  ['a recording that is cut off between two exchanges', 'mailcheck cassette 1\nstart 2026-11-22T10:00:00.000Z exchanges=2\nquestion a. MX\n  * timeout\n\n', 4, /cut off here: it has no "end", and 1 of 2/],
  ['a recording that goes on behind its end', 'mailcheck cassette 1\nstart 2026-11-22T10:00:00.000Z exchanges=1\nend\nquestion a. MX\n  * timeout\n', 3, /behind the end/],
  ['a line without its block', `mailcheck cassette 1\n  S: 220 hello`, 2, /belongs below/],
])('an error names its line: %s', (_, text, line, message) => {
  const { errors } = parseCassette(text)
  expect(errors[0]?.line).toBe(line)
  expect(errors[0]?.message).toMatch(message)
})

test('a cassette may be written by hand: comments, no times, failures by name', () => {
  const { cassette: tape, errors } = parseCassette(`${head}
; what we saw on Monday
question example.com. MX
  * NOERROR
  example.com. 3600 IN MX 10 mx1.example.com. ; the only one

session mx1.example.com[192.0.2.1]:25 starttls
  S: 220 hello
  ; it hung here
  * timeout
`)
  expect(errors).toEqual([])
  expect(tape.questions[0]?.outcome).toMatchObject({ value: { records: [{ text: '10 mx1.example.com.' }], transport: 'udp' } })
  expect(tape.sessions[0]).toMatchObject({ connected: 0, steps: [{ text: '220 hello' }, { failure: { event: 'timeout', reason: 'tarpit' } }] })
})

test('a long line is read in linear time', () => {
  for (const part of ['a', '"', '\\', '=', 'a=', ' ', '\\x', '|', 'a-', ',']) {
    parseWords(part.repeat(200_000))
    unescapeText(part.repeat(200_000))
    parseCassette(`${head}session a[192.0.2.1]:25 starttls\n  * ${part.repeat(200_000)}\n  ${part.repeat(200_000)}\n${part.repeat(200_000)}`)
  }
})

test('words and escapes come back', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
    expect(unescapeText(escapeText(text))).toBe(text)
    expect(parseWords(`key=${formatWord(text)} ${formatWord(text)}`)?.map(word => word.text)).toEqual([text, text])
  }))
})

/** A recording of real servers, over real sockets, and its replay: one report; and, redacted, another one with the same verdicts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, createNetwork, createSessions, makeScope, observed, type Report, type Scope } from '../../src/index.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { scopeTake, underRecorded } from '../../src/commands/recorded-scope.ts'
import { formatCassette, parseCassette, type Cassette } from '../../src/network/cassette.ts'
import type { Network } from '../../src/network/network.ts'
import { createRecorder } from '../../src/network/record.ts'
import { redact } from '../../src/network/redact/redact.ts'
import { replay } from '../../src/network/replay.ts'
import { parseCertificate, type CertificateInfo } from '../../src/syntax/certificate.ts'

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(loadWorlds())
}, 60_000)
afterAll(() => world.close())

let tape = ''
let recorded: readonly Report[] = []

function scopes(): Scope[] {
  return world.domains.map(domain => {
    const { selectors = [], senders = [] } = world.declared[domain] ?? {}
    const domains = new Map([[domain, { senders: [...senders] }]])
    return makeScope({ selectors, ehloName: 'mailcheck.example', vantage: [] }, { domains }, { domain, shownAs: domain })
  })
}

async function reports(network: Network, about = scopes()): Promise<Report[]> {
  const sessions = createSessions()
  return Promise.all(about.map(scope => check(scope, { network, sessions })))
}

test('the report of a replay is that of the recording, to the octet', async () => {
  const recorder = createRecorder()
  recorder.scopes.push(...scopes().map(scope => scopeTake(scope, {})))
  recorded = await reports(createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 6000, recorder }))
  const told = JSON.stringify(recorded, null, 1)
  tape = formatCassette(recorder.cassette())
  const { cassette, errors } = parseCassette(tape)
  expect(errors).toEqual([])
  const replayed = JSON.stringify(await reports(observed(replay(cassette))), null, 1)
  const lines = told.split('\n')
  expect(replayed.split('\n').filter((line, i) => line !== lines[i]).slice(0, 20)).toEqual([])
  expect(formatCassette(cassette)).toBe(tape)
  expect(tape).toContain('S: 220 ')
  expect(tape).toContain('-----BEGIN CERTIFICATE-----')
}, 180_000)

describe('a redacted recording', () => {
  let made: Cassette
  let domains: ReadonlyMap<string, string>
  /** All that is in it, certificates and what stands in base64 decoded. */
  let text = ''

  beforeAll(async () => {
    const redacted = await redact(parseCassette(tape).cassette)
    domains = redacted.domains
    const written = formatCassette(redacted.cassette)
    const { cassette, errors } = parseCassette(written)
    expect(errors).toEqual([])
    made = cassette
    text = `${written}\n${decoded(written)}`.toLowerCase()
  }, 180_000)

  test('gives the same verdicts', async () => {
    const about = (made.scopes ?? []).map(take => underRecorded(makeScope({ ehloName: 'x.example' }, null, { domain: take.domain, shownAs: take.domain }), take, {}))
    const now = new Map((await reports(observed(replay(made)), about)).map(report => [report.domain, report]))
    for (const was of recorded) {
      const is = now.get(domains.get(was.domain) ?? '')
      expect([was.domain, verdicts(is)]).toEqual([was.domain, verdicts(was)])
    }
  }, 180_000)

  test('has none of the names and addresses, in text or in certificates', () => {
    const { cassette: { questions, sessions } } = parseCassette(tape)
    const old = new Set([...domains.keys(), ...sessions.flatMap(({ endpoint: { host, address } }) => [host, address])])
    for (const { outcome } of questions) {
      for (const { type, data } of 'value' in outcome ? outcome.value.records : []) if (type === 'A' || type === 'AAAA') old.add((data as { address: string }).address)
    }
    const public_ = [...old].filter(name => !/^(?:127\.|localhost$|[^.]+$)/.test(name) || name.includes(':'))
    expect(public_.length).toBeGreaterThan(500)
    const words = new Set(text.match(/[0-9a-z][0-9a-z.:_-]*[0-9a-z]/g))
    expect(public_.filter(name => words.has(name))).toEqual([])
    expect([...domains.keys()].filter(domain => text.includes(domain))).toEqual([])
  })

  test('has none of the certificates, keys and serial numbers, nor their digests', () => {
    const old = certificatesOf(tape)
    const now = certificatesOf(formatCassette(made))
    expect(now.length).toBeGreaterThan(100)
    const secrets = old.flatMap(one => [one.sha256, one.spkiSha256, one.serial.length > 8 ? one.serial : one.sha256])
    expect(secrets.filter(secret => text.includes(secret))).toEqual([])
    const held = new Set(now.flatMap(one => [one.spkiSha256, one.serial]))
    expect(old.filter(one => held.has(one.spkiSha256)).map(one => one.key)).toEqual([])
  })

  test('is another one each time', async () => {
    const again = await redact({ ...parseCassette(tape).cassette, sessions: [], pages: [], questions: parseCassette(tape).cassette.questions.slice(0, 200) })
    expect(again.domains.get('good.example')).not.toBe(domains.get('good.example'))
  })
})

function verdicts(report: Report | undefined): string[] {
  return (report?.findings ?? []).map(({ check: id, verdict, severity, code }) => `${id} ${verdict} ${severity} ${code ?? ''}`).toSorted()
}

function blocks(text: string): string[] {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]*/g) ?? []).map(block => block.replace(/-----BEGIN CERTIFICATE-----|\s/g, ''))
}

function certificatesOf(text: string): CertificateInfo[] {
  return blocks(text).flatMap(base64 => parseCertificate(base64) ?? [])
}

function decoded(text: string): string {
  const certificates = blocks(text)
  const runs = text.replace(/-----BEGIN CERTIFICATE-----[^-]*/g, '').match(/[A-Za-z0-9+/]{12,}={0,2}/g) ?? []
  return [...certificates, ...runs].map(base64 => Buffer.from(base64, 'base64').toString('latin1')).join('\n')
}

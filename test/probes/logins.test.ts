/** Logins over real sockets and real TLS with the servers of a world: what is sent, what is learnt, and what nobody gets to see. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, checks, createNetwork, makeScope, type Report } from '../../src/index.ts'
import type { EndpointLogins } from '../../src/probes/logins.ts'
import { loadWorlds } from '../../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { createRecorder } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import { bindingOf } from '../../src/probes/login.ts'
import { createSelfSigned } from '../../src/lab/certificates.ts'
import type { TlsSession } from '../../src/network/network.ts'
import { traceLines } from '../../src/commands/trace.ts'
import { renderJson } from '../../src/report/json.ts'
import type { Permission } from '../../src/scope.ts'

let world: RunningWorld
beforeAll(async () => {
  process.env['ANNA'] = 'open sesame'
  process.env['JOE'] = 'correct horse'
  world = await startWorld(loadWorlds('good', 'hosting', 'login-faults'))
}, 30_000)
afterAll(async () => {
  delete process.env['ANNA']
  delete process.env['JOE']
  await world.close()
})

const chosen = checks.filter(({ id, topic }) => topic === 'access' || topic === 'imap' || topic === 'submission' || id === 'tls/starttls-discards-plaintext')

function scopeOf(domain: string, permissions: readonly Permission[]) {
  const { selectors = [], accounts = [] } = world.declared[domain] ?? {}
  const domains = new Map([[domain, { selectors: [...selectors], accounts: [...accounts] }]])
  return makeScope({ ehloName: 'probe.example.net', vantage: [], permissions }, { domains }, { domain, shownAs: domain })
}

interface Ran { readonly report: Report; readonly cassette: string; readonly trace: string }

async function run(domain: string, permissions: readonly Permission[] = ['login', 'own']): Promise<Ran> {
  const recorder = createRecorder()
  const trace: string[] = []
  const network = createNetwork({
    resolvers: [world.resolver], route: world.route, roots: [world.ca], recorder, listener: event => void trace.push(...traceLines(event)),
  })
  const report = await check(scopeOf(domain, permissions), { network, checks: chosen })
  return { report, cassette: formatCassette(recorder.cassette()), trace: trace.join('\n') }
}

const told = ({ findings }: Report, id: string): unknown[] => findings.filter(({ check: name }) => name === id).map(({ verdict, code }) => [verdict, code])
const logins = ({ facts }: Report): readonly EndpointLogins[] => facts['logins'] as readonly EndpointLogins[]

describe('an account is let in by the strongest mechanism, or the one asked for', () => {
  test.each([
    ['good.example', Array<string>(6).fill('PLAIN')], ['login-full.example', ['SCRAM-SHA-256']], ['login-weak.example', ['CRAM-MD5', 'LOGIN', 'SCRAM-SHA-1']],
  ])('%s', async (domain, wanted) => {
    const { report } = await run(domain)
    expect(logins(report).flatMap(({ logins: tried }) => tried.map(({ mechanism }) => mechanism)).toSorted()).toEqual(wanted)
    for (const id of ['access/login-works', 'access/wrong-password-refused']) expect(told(report, id)).toEqual(wanted.map(() => ['pass', null]))
  })
})

test('a wrong password is tried only once another one was let in, and only on servers of the user’s own', async () => {
  expect(logins((await run('good.example', ['login'])).report).map(({ wrong }) => wrong)).toEqual([null, null, null, null, null, null])
  expect(logins((await run('login-refused.example')).report).map(({ wrong }) => wrong)).toEqual([null])
  expect(told((await run('login-anything.example')).report, 'access/wrong-password-refused')).toEqual([['fail', 'failed']])
})

test('the server proves that it knows the password, too', async () => {
  const { report } = await run('login-full.example')
  expect(logins(report)[0]?.logins[0]).toMatchObject({ letIn: true, serverProven: true, mailbox: { quota: ['* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE 996147 1048576)', 'a5 OK done'] } })
})

test('nothing is opened, marked or deleted, and no mail is sent', async () => {
  const { cassette } = await run('good.example')
  const verbs = new Set([...cassette.matchAll(/^ *C: (?:a\d+ )?([A-Z]+)/gm)].map(([, verb]) => verb))
  expect([...verbs].toSorted()).toEqual([
    'AUTH', 'AUTHENTICATE', 'CAPA', 'CAPABILITY', 'EHLO', 'GETQUOTAROOT', 'ID', 'LIST', 'LOGOUT', 'MAIL', 'QUIT', 'STARTTLS', 'STAT', 'STATUS', 'STLS', 'UIDL',
  ])
})

describe('no secret is seen', () => {
  const secrets = (password: string, user: string): string[] => [
    password, Buffer.from(password).toString('base64'), Buffer.from(`\0${user}\0${password}`).toString('base64'), encodeURIComponent(password),
    password.replaceAll(' ', '+'), 'v=', Buffer.from('v=').toString('base64').slice(0, 2) + 'PQ',
  ].filter(secret => secret.length > 3)

  test.each([['good.example', 'open sesame', 'anna@good.example'], ['login-full.example', 'correct horse', 'joe@login-full.example'],
    ['login-weak.example', 'correct horse', 'joe@login-weak.example'], ['login-refused.example', 'correct horse', 'joe@login-refused.example']])(
    'of %s: not in the report, the trace or the recording', async (domain, password, user) => {
      const { report, cassette, trace } = await run(domain)
      for (const text of [renderJson([report]), JSON.stringify(report), cassette, trace]) {
        for (const secret of secrets(password, user)) expect(text).not.toContain(secret)
        // neither the proof of SCRAM nor what the server makes of the password, nor the digest of CRAM-MD5
        expect(text).not.toMatch(/(?:334|\+) [A-Za-z0-9+/]{60,}/)
        const encoded = [...text.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([word]) => Buffer.from(word, 'base64').toString('latin1'))
        expect(encoded.filter(word => /,p=|^v=|^n=|open sesame|correct horse|^joe.* [0-9a-f]{32}$/.test(word))).toEqual([])
      }
    })
})

test('a replay needs no secret, and finds the same', async () => {
  const { report, cassette } = await run('login-full.example')
  delete process.env['JOE']
  try {
    const { cassette: tape, errors } = parseCassette(cassette)
    expect(errors).toEqual([])
    const again = await check(scopeOf('login-full.example', ['login', 'own']), { network: replay(tape), checks: chosen })
    expect(JSON.parse(JSON.stringify(again.findings))).toEqual(JSON.parse(JSON.stringify(report.findings)))
    expect(JSON.parse(JSON.stringify(again.facts['logins']))).toEqual(JSON.parse(JSON.stringify(report.facts['logins'])))
  } finally {
    process.env['JOE'] = 'correct horse'
  }
})

describe('SCRAM with -PLUS names the TLS session', () => {
  const at = async (version: string): Promise<TlsSession> => ({
    version, cipher: '', keyExchange: null, servername: null, chain: [(await createSelfSigned({ names: ['mail.example.com'] })).der.toString('base64')],
    trust: { trusted: false, problem: 'self-signed' }, ocspResponse: null, elapsed: 0,
  })
  test.each([['TLSv1.3', 'tls-exporter'], ['TLSv1.2', 'tls-unique'], ['TLSv1', 'tls-unique']])('of %s by %s', async (version, type) => {
    expect(bindingOf(await at(version), asked => `octets of ${asked}`)).toEqual({ type, octets: `octets of ${type}` })
  })
  test.each(['TLSv1.3', 'TLSv1.2'])('of %s by the certificate, where the library has nothing better', async version => {
    expect(bindingOf(await at(version), () => null)).toEqual({ type: 'tls-server-end-point', octets: expect.stringMatching(/^[\x00-\xff]{32}$/) as string })
  })
  test('not at all without a certificate', () => expect(bindingOf(undefined, () => null)).toBeNull())
})

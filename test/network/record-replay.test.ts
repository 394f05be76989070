import { expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { formatCassette, parseCassette } from '../../src/network/cassette.ts'
import { limit } from '../../src/network/limit.ts'
import { memo } from '../../src/network/memo.ts'
import { outcome, type Endpoint, type Network } from '../../src/network/network.ts'
import { createRecorder, record } from '../../src/network/record.ts'
import { replay } from '../../src/network/replay.ts'
import { domainProbes, subjectProbes } from '../../src/probes/index.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import { run } from '../../src/run.ts'
import { usualScope } from '../check-table.ts'
import { createWorld } from '../world.ts'

const mx: Endpoint = { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }
const imaps: Endpoint = { host: 'mail.example.com', address: '192.0.2.2', port: 993, tls: 'implicit' }
const policyUrl = 'https://mta-sts.example.com/.well-known/mta-sts.txt'

const world = () => createWorld({
  zone: `
    example.com       MX  10 mx1.example.com
    example.com       TXT "v=spf1 -all" "\\000\\255"
    www.example.com   CNAME mx1.example.com
    mx1.example.com   A   192.0.2.1
    _dmarc.example.com TXT (servfail)
  `,
  sessions: {
    'mx1.example.com[192.0.2.1]:25': `
      S: 220 mx1.example.com ESMTP \\x1b[31m
      C: EHLO *
      S: 250-mx1.example.com
      S: 250 STARTTLS
      C: STARTTLS
      S: 220 go
      * injected "250 evil"
      * tls
      C: EHLO *
      S: 250 AUTH PLAIN
      C: AUTH PLAIN *
      * closed`,
    '[192.0.2.2]:993': '* connected 12\n* handshake',
    'mx2.example.com[192.0.2.3]:25': `
      S: 220 mx2.example.com ESMTP
      C: STARTTLS
      S: 220 go
      * injected "250 evil"
      * handshake`,
  },
  pages: { [policyUrl]: 'version: STSv1\r\nmode: enforce\r\n', 'https://gone.example.com/': '(timeout)' },
})

/** Everything that a network can be seen to say, as one value. */
async function exercise(network: Network): Promise<unknown> {
  const seen: unknown[] = [network.now()]
  for (const [name, type] of [['example.com', 'MX'], ['example.com', 'TXT'], ['www.example.com', 'A'], ['no.example.com', 'A'], ['_dmarc.example.com', 'TXT']] as const) {
    seen.push(await outcome(network.query({ name, type })))
  }
  seen.push(await outcome(network.fetch(policyUrl)), await outcome(network.fetch('https://gone.example.com/')))
  seen.push(await outcome(network.connect(imaps)), await outcome(network.connect({ ...mx, address: '192.0.2.9' })))
  const connection = await network.connect(mx)
  seen.push(connection.connected, await connection.readLine())
  await connection.writeLine('EHLO probe')
  seen.push(await connection.readLine(), await connection.readLine())
  await connection.writeLine('STARTTLS')
  seen.push(await connection.readLine(), await connection.startTls(), connection.tls, connection.injected)
  await connection.writeLine('EHLO probe')
  seen.push(await connection.readLine())
  await connection.writeLine('AUTH PLAIN c2VjcmV0', 'AUTH PLAIN ****')
  seen.push(await outcome(connection.readLine()))
  connection.close()
  const injecting = await network.connect({ ...mx, host: 'mx2.example.com', address: '192.0.2.3' })
  seen.push(await injecting.readLine())
  await injecting.writeLine('STARTTLS')
  seen.push(await injecting.readLine(), await outcome(injecting.startTls()), injecting.injected, injecting.tls)
  return seen
}

async function recorded(): Promise<{ seen: unknown; tape: string }> {
  const recorder = createRecorder()
  const seen = await exercise(record(await world(), recorder))
  return { seen, tape: formatCassette(recorder.cassette()) }
}

test('what is recorded replays as it was, through the file', async () => {
  const { seen, tape } = await recorded()
  const { cassette, errors } = parseCassette(tape)
  expect(errors).toEqual([])
  expect(await exercise(replay(cassette))).toEqual(seen)
})

test('a replay, recorded, is the same file', async () => {
  const { tape } = await recorded()
  const recorder = createRecorder()
  await exercise(record(replay(parseCassette(tape).cassette), recorder))
  expect(formatCassette(recorder.cassette())).toBe(tape)
})

test('the clock stands still while it is recorded, as it will in the replay', async () => {
  let seconds = 0
  const recorder = createRecorder()
  const network = record({ ...await world(), now: () => new Date(1000 * seconds++) }, recorder)
  expect(network.now()).toEqual(network.now())
  expect(replay(recorder.cassette()).now()).toEqual(network.now())
})

test('what fails because it was closed here is no part of the tape', async () => {
  const recorder = createRecorder()
  const controller = new AbortController()
  const connection = await limit(record(await world(), recorder), { signal: controller.signal }).connect(mx)
  await connection.readLine()
  controller.abort()
  expect(await outcome(connection.readLine())).toMatchObject({ problem: { reason: 'deadline-spent' } })
  const again = await replay(recorder.cassette()).connect(mx)
  await again.readLine()
  expect(await outcome(again.readLine())).toMatchObject({ problem: { reason: 'not-recorded' } })
})

test('no secret reaches the tape', async () => {
  const { tape } = await recorded()
  expect(tape).toContain('C: AUTH PLAIN ****')
  expect(tape).not.toContain('c2VjcmV0')
})

test('what is not on the tape says what is missing', async () => {
  const { cassette } = parseCassette((await recorded()).tape)
  const network = replay(cassette)
  const notRecorded = (detail: RegExp) => ({ event: 'unavailable', reason: 'not-recorded', detail: expect.stringMatching(detail) as string })
  await expect(network.query({ name: 'example.org', type: 'MX' })).rejects.toMatchObject(notRecorded(/example\.org\. MX/))
  await expect(network.query({ name: 'example.com', type: 'MX', server: '192.0.2.53' })).rejects.toMatchObject(notRecorded(/@192\.0\.2\.53/))
  await expect(network.connect({ ...mx, tls: 'implicit' })).rejects.toMatchObject(notRecorded(/mx1\.example\.com\[192\.0\.2\.1\]:25/))
  await expect(network.fetch(policyUrl, { method: 'POST' })).rejects.toMatchObject(notRecorded(/mta-sts/))
  const connection = await network.connect(mx)
  await connection.readLine()
  await expect(connection.writeLine('HELO probe')).rejects.toMatchObject(notRecorded(/"EHLO probe" where "HELO probe"/))
  await expect(connection.readLine()).rejects.toMatchObject(notRecorded(/./))
})

test('what was asked several times is given in order, then again the last', async () => {
  const { cassette } = parseCassette(`mailcheck cassette 1
start 2026-11-22T10:00:00.000Z
question example.com. MX
  * timeout
question example.com. MX
  * NOERROR 5 ms
  example.com. 60 IN MX 0 .
`)
  const network = replay(cassette)
  const ask = () => outcome(network.query({ name: 'example.com', type: 'MX' }))
  expect(await ask()).toMatchObject({ problem: { event: 'timeout' } })
  expect(await ask()).toMatchObject({ value: { elapsed: 5 } })
  expect(await ask()).toMatchObject({ value: { elapsed: 5 } })
})

test('an open session and an unanswered question leave a tape that can be read', async () => {
  const recorder = createRecorder()
  const network = record(await world(), recorder)
  await (await network.connect(mx)).readLine()
  void network.query({ name: 'example.com', type: 'MX' })
  const { cassette, errors } = parseCassette(formatCassette(recorder.cassette()))
  expect(errors).toEqual([])
  expect(cassette.sessions[0]?.steps).toHaveLength(1)
  expect(cassette.questions).toEqual([])
})

test('every check finds the same in a replay, and nothing else is asked', async () => {
  const recorder = createRecorder()
  const judge = (network: Network) => run(usualScope, { checks, domainProbes, subjectProbes }, { network, sessions: createSessions() })
  const told = await judge(record(memo(await world()), recorder))
  const { cassette, errors } = parseCassette(formatCassette(recorder.cassette()))
  expect(errors).toEqual([])
  const replayed = await judge(memo(replay(cassette)))
  expect(replayed.findings).toEqual(told.findings)
  expect(JSON.stringify(replayed.facts)).toBe(JSON.stringify(told.facts))
  expect(told.findings.some(({ verdict }) => verdict === 'fail')).toBe(true)
  expect(replayed.findings.filter(({ code }) => code === 'not-recorded')).toEqual([])
})

import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { NetworkFailure, type Endpoint, type Network, type TlsSession } from '../../src/network/network.ts'
import { PlayedConnection } from '../../src/network/played-connection.ts'
import type { Step } from '../../src/network/transcript.ts'
import { imap, pop3, smtp, type Dialect } from '../../src/protocols/dialects.ts'
import { LineSession, type SpokenLine } from '../../src/protocols/line-session.ts'
import { patient } from '../../src/probes/converse.ts'
import { probeImap } from '../../src/probes/imap.ts'
import { probePop3 } from '../../src/probes/pop3.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'

const endpoint: Endpoint = { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }
const tls: TlsSession = {
  version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', keyExchange: null, servername: null, chain: [],
  trust: { trusted: false, problem: 'no-certificate' }, ocspResponse: null, elapsed: 5,
}

/** A peer that says these things, whatever it is told. */
function peer(steps: readonly Step[], to: Endpoint = endpoint): PlayedConnection {
  return PlayedConnection.open({ endpoint: to, connected: 1, steps }, {
    silent: () => new NetworkFailure({ event: 'closed', reason: 'connection-lost', detail: 'closed' }),
    surprised: () => null,
  })
}
const received = (text: string, at = 0): Step => ({ kind: 'received', text, at })
const anything: Step = { kind: 'sent', text: '*' }

describe('a line session', () => {
  it('shows what stands in for a secret, and sends the secret', async () => {
    const transcript: SpokenLine[] = []
    const sent: [string, string | undefined][] = []
    const connection = peer([received('* OK', 3), anything, received('a1 OK', 9)])
    connection.writeLine = (line, shown) => Promise.resolve(void sent.push([line, shown]))
    const session = new LineSession(connection, imap, transcript)
    await session.greeting()
    await session.command('LOGIN joe secret', 'LOGIN joe ***').catch(() => undefined)
    expect(sent).toEqual([['a1 LOGIN joe secret', 'a1 LOGIN joe ***']])
    expect(JSON.stringify(transcript)).not.toContain('secret')
    expect(session.unanswered).toBe('a1 LOGIN joe ***')
  })

  it.each([
    ['lines', { lines: 3, octets: 1000, time: 1000 }, 3], ['octets', { lines: 100, octets: 20, time: 1000 }, 2],
    ['time', { lines: 100, octets: 1000, time: 40 }, 5],
  ])('reads no more than the limit of %s', async (_, limits, read) => {
    const transcript: SpokenLine[] = []
    const session = new LineSession(peer(Array.from({ length: 50 }, (__, i) => received('220-more...', i * 10))), smtp, transcript, limits)
    await expect(session.greeting()).rejects.toThrow('the reply was not complete')
    expect(transcript.length).toBe(read)
  })

  it('counts the time of a reply from its command, and not that of the handshake', async () => {
    const limits = { lines: 10, octets: 1000, time: 40 }
    const session = new LineSession(peer([
      received('220 a', 39), anything, received('250-a', 70), received('250 b', 90), anything, received('220 go', 100),
      { kind: 'tls', tls: { ...tls, elapsed: 1000 } }, anything, received('250-a', 1130), received('250 b', 1139),
    ]), smtp, [], limits)
    await session.greeting()
    await expect(session.command('EHLO a')).resolves.toHaveLength(2)
    await session.command('STARTTLS')
    await session.startTls()
    await expect(session.command('EHLO a')).resolves.toHaveLength(2)
  })
})

describe('whatever a peer says', () => {
  const network = (steps: readonly Step[]): Network => ({
    query: () => Promise.reject(new Error('not asked')), fetch: () => Promise.reject(new Error('not asked')), now: () => new Date(0),
    connect: to => Promise.resolve(peer(to.tls === 'implicit' ? [{ kind: 'tls', tls }, ...steps] : steps, to)),
  })
  const octets = fc.array(fc.integer({ min: 0, max: 255 }).filter(n => n !== 10).map(n => String.fromCharCode(n))).map(cs => cs.join(''))
  const word = fc.constantFrom(
    '220', '250', '421', '554', '-', ' ', 'STARTTLS', 'STLS', 'AUTH', '* OK', '* BYE', '* PREAUTH', '* CAPABILITY', 'a1', 'a2', 'a3', '+',
    ' OK', ' NO', '{3}', '{99999}', '[', ']', '+OK', '-ERR', '.', '..',
  )
  const text = fc.oneof(octets, fc.array(word, { maxLength: 6 }).map(words => words.join('')), fc.constantFrom(
    '220 hi', '250-hi', '250 STARTTLS', '* OK hi', '* CAPABILITY STARTTLS', 'a1 OK', 'a2 OK', 'a3 OK', '+OK', 'STLS', '.'))
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('received' as const), text, at: fc.nat(100_000) }) },
    { weight: 4, arbitrary: fc.constant(anything) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'tls', tls }, { kind: 'injected', text: 'evil' }) },
    { weight: 1, arbitrary: fc.constantFrom('timeout', 'closed', 'handshake', 'too-long').map((event): Step =>
      ({ kind: 'failed', failure: { event: event, reason: 'connection-lost', detail: event } })) },
  )
  const steps: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 30 })

  it.each<[string, Dialect, (network: Network, endpoint: Endpoint) => ReturnType<typeof probeSmtp | typeof probeImap | typeof probePop3>]>([
    ['SMTP', smtp, (net, to) => probeSmtp(net, to, 'probe.example.net', patient)],
    ['IMAP', imap, (net, to) => probeImap(net, to, patient)],
    ['POP3', pop3, (net, to) => probePop3(net, to, patient)],
  ])('%s ends, keeps what was said, and stays polite', async (_, dialect, probe) => {
    await fc.assert(fc.asyncProperty(steps, fc.constantFrom('starttls' as const, 'implicit' as const), async (said, mode) => {
      const facts = await probe(network(said), { ...endpoint, tls: mode })
      const sent = facts.transcript.filter(({ from }) => from === 'C').map(({ line }) => line)
      expect(sent.length).toBeLessThanOrEqual(5)
      // all that was said is kept, and a session either says goodbye at its end or tells why it could not
      for (const reply of [facts.greeting, facts.startTls]) {
        if (reply) expect(facts.transcript.map(({ line }) => line)).toEqual(expect.arrayContaining([...reply]))
      }
      expect(facts.failure !== undefined).toBe(sent.at(-1)?.endsWith(dialect.goodbye) !== true)
      expect(mode === 'implicit' && facts.startTls !== undefined).toBe(false)
      if (facts.startTls && !facts.tls && !facts.failure) expect(dialect.agrees(facts.startTls)).toBe(false)
      JSON.stringify(facts)
    }), { numRuns: 500 })
  })
})

/** Real servers on loopback, each with some way of its own to be unhelpful: every dialogue ends, with what was learnt. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLiveNetwork } from '../../src/network/live.ts'
import { brief } from '../../src/probes/converse.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import { flood, imap, impatient, pop3, smtp } from './hostile-server.ts'

describe('a server that', () => {
  it('says nothing', async () => {
    for (const probe of [smtp, imap, pop3]) {
      const { facts, connections } = await probe(() => undefined, { timeout: impatient })
      expect(facts.connected).toBeTypeOf('number')
      expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'greeting' })
      expect(connections()).toBe(1)
    }
  })

  it('sends an octet at a time', async () => {
    for (const [probe, stage] of [[smtp, 'greeting'], [imap, 'greeting'], [pop3, 'greeting']] as const) {
      const { facts } = await probe(socket => {
        const drip = setInterval(() => socket.write('2'), 20)
        socket.once('close', () => clearInterval(drip))
      }, { timeout: impatient })
      expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage })
    }
  })

  it('sends a line at a time, for ever', async () => {
    const { facts } = await smtp(socket => {
      const drip = setInterval(() => socket.write('220-wait\r\n'), 20)
      socket.once('close', () => clearInterval(drip))
    }, { timeout: impatient })
    expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'greeting' })
    expect(facts.transcript[0]).toMatchObject({ from: 'S', line: '220-wait' })
  })

  it('sends lines without end', async () => {
    for (const [probe, line] of [[smtp, '220-more\r\n'], [smtp, '220-\n'], [imap, '* OK [X\r\n* LIST more\r\n'], [pop3, '+OK\r\nmore\r\n']] as const) {
      let sent = (): number => 0
      const { facts } = await probe(socket => void (sent = flood(socket, line.repeat(1000))))
      expect(facts.transcript.length).toBeLessThan(1100)
      if (probe === smtp) expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', stage: 'greeting' })
      expect(sent()).toBeLessThan(64 * 1024 * 1024)
    }
  })

  it('sends a megabyte without a line end', async () => {
    for (const probe of [smtp, imap, pop3]) {
      const { facts } = await probe(socket => socket.end('x'.repeat(1024 * 1024)))
      expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', stage: 'greeting' })
      expect(JSON.stringify(facts).length).toBeLessThan(2000)
    }
  })

  it('sends binary', async () => {
    const binary = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    for (const probe of [smtp, imap, pop3]) {
      const { facts, heard } = await probe(socket => socket.write(binary))
      // up to the line feed; each octet a character
      expect(facts.greeting?.[0]).toBe(binary.subarray(0, 10).toString('latin1'))
      expect(facts.failure).toBeUndefined()
      expect(await heard()).toMatch(/^(QUIT|a1 LOGOUT)\r\n$/)
    }
  })

  it.each(['554 mx1.example.com no service here', '421 4.3.2 too busy'])('greets with "%s"', async greeting => {
    const { facts, heard } = await smtp(socket => socket.write(`${greeting}\r\n`))
    expect(facts.greeting).toEqual([greeting])
    expect(facts.failure).toBeUndefined()
    expect(await heard()).toBe('QUIT\r\n')
  })

  it('greets with 421 and hangs up', async () => {
    const { facts } = await smtp(socket => socket.end('421 4.3.2 too busy\r\n'))
    expect(facts.greeting).toEqual(['421 4.3.2 too busy'])
    expect(facts.failure).toBeUndefined()
  })

  it('hangs up at once', async () => {
    for (const probe of [smtp, imap, pop3]) {
      const { facts, connections } = await probe(socket => socket.end())
      expect(facts.failure).toMatchObject({ event: 'closed', reason: 'connection-lost', stage: 'greeting' })
      expect(connections()).toBe(1)
      expect((await probe(socket => void socket.resetAndDestroy())).facts.failure).toMatchObject({ event: 'closed', reason: 'connection-lost' })
    }
  })

  it('hangs up in the middle of a reply', async () => {
    const { facts } = await smtp(async (socket, said) => {
      socket.write('220 hi\r\n')
      await said(/EHLO/)
      socket.end('250-mx1.example.com\r\n250-STARTT')
    })
    expect(facts.greeting).toEqual(['220 hi'])
    expect(facts.ehlo).toBeUndefined()
    expect(facts.failure).toMatchObject({ event: 'closed', stage: 'command', command: 'EHLO probe.example.net' })
    expect(facts.transcript.map(({ line }) => line)).toContain('250-mx1.example.com')
  })

  it('greets, and hears nothing more', async () => {
    const { facts } = await smtp(socket => socket.write('220 hi\r\n'), { timeout: impatient })
    expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'command', command: 'EHLO probe.example.net' })
  })
})

describe('IMAP', () => {
  it('a literal that looks like the end of the reply is data', async () => {
    const { facts } = await imap(async (socket, said) => {
      socket.write('* OK hi\r\n')
      await said(/a1 CAPABILITY/)
      socket.write('* LIST () "/" {36}\r\na1 OK lie\r\n* CAPABILITY STARTTLS x\r\n* CAPABILITY IDLE\r\na1 OK truth\r\n')
    })
    expect(facts.capability?.at(-1)).toBe('a1 OK truth')
    expect(facts.startTls).toBeUndefined()
    expect(facts.failure).toBeUndefined()
  })
  it('a literal without end is cut', async () => {
    const { facts } = await imap(async (socket, said) => {
      socket.write('* OK hi\r\n')
      await said(/a1 CAPABILITY/)
      socket.write('* LIST () "/" {999999999}\r\n')
      flood(socket, 'a1 OK lie\r\n'.repeat(100))
    })
    expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', command: 'a1 CAPABILITY' })
    expect(facts.transcript.length).toBeLessThan(1100)
  })
  it('an answer with another tag is none', async () => {
    const { facts } = await imap(async (socket, said) => {
      socket.write('* OK hi\r\n')
      await said(/a1 CAPABILITY/)
      socket.write('* CAPABILITY STARTTLS\r\nb1 OK done\r\n')
    }, { timeout: impatient })
    expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', command: 'a1 CAPABILITY' })
  })
})

describe('POP3', () => {
  it('a list without end is cut', async () => {
    const { facts } = await pop3(async (socket, said) => {
      socket.write('+OK hi\r\n')
      await said(/CAPA/)
      socket.write('+OK\r\n')
      flood(socket, 'STLS\r\n'.repeat(1000))
    })
    expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', command: 'CAPA' })
    expect(facts.capa).toBeUndefined()
    expect(facts.transcript.length).toBeLessThan(1100)
  })
})

it('octets of any kind, in segments of any size, end with the connection', async () => {
  const words = fc.constantFrom('220 ', '250-', '250 STARTTLS', '* OK', 'a1 OK', 'a2 OK', '* CAPABILITY STARTTLS', '{7}', '+OK', 'STLS', '.', '\r\n', '\n', '\r')
  const segment = fc.oneof(fc.uint8Array({ maxLength: 40 }).map(octets => Buffer.from(octets)), fc.array(words).map(some => Buffer.from(some.join(''))))
  await fc.assert(fc.asyncProperty(fc.constantFrom(smtp, imap, pop3), fc.array(segment, { maxLength: 8 }), async (probe, segments) => {
    const { facts } = await probe(socket => {
      for (const octets of segments) socket.write(octets)
      socket.end()
    })
    const said = Buffer.concat(segments).toString('latin1')
    for (const { from, line } of facts.transcript) if (from === 'S') expect(said).toContain(line)
    expect(facts.tls).toBeUndefined()
  }), { numRuns: 60 })
})

it('a port that nobody listens on refuses, once', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const network = createLiveNetwork({ resolvers: [], route: () => ({ address: '127.0.0.1', port }) })
  const facts = await probeSmtp(network, { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }, 'probe.example.net', brief)
  expect(facts.failure).toMatchObject({ event: 'refused', stage: 'connect' })
  expect(facts.connected).toBeUndefined()
})

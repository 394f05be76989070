/** Real servers on loopback that go wrong on the way to TLS: what came before stays, and what came in clear is no reply. */
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ServiceSession } from '../../src/probes/session.ts'
import { answer, imap, impatient, pop3, secure, smtp, type How, type Told } from './hostile-server.ts'

describe('a server that, asked for TLS,', () => {
  const offers: Record<string, [typeof smtp | typeof imap | typeof pop3, (socket: Socket, said: (command: RegExp) => Promise<void>) => Promise<void>, string, string]> = {
    SMTP: [smtp, async (socket, said) => {
      socket.write('220 hi\r\n')
      await said(/EHLO .*\r\n/)
      socket.write('250-mx1.example.com\r\n250 STARTTLS\r\n')
      await said(/STARTTLS\r\n/)
    }, '220 go', '454 TLS not available'],
    IMAP: [imap, async (socket, said) => {
      socket.write('* OK hi\r\n')
      await said(/a1 CAPABILITY\r\n/)
      socket.write('* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n')
      await said(/a2 STARTTLS\r\n/)
    }, 'a2 OK go', 'a2 NO not now'],
    POP3: [pop3, async (socket, said) => {
      socket.write('+OK hi\r\n')
      await said(/CAPA\r\n/)
      socket.write('+OK\r\nSTLS\r\n.\r\n')
      await said(/STLS\r\n/)
    }, '+OK go', '-ERR not now'],
  }
  const overTls: Record<string, readonly string[]> = {
    SMTP: ['250-mx1.example.com\r\n250 AUTH PLAIN\r\n'],
    IMAP: ['* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na3 OK done\r\n'],
    POP3: ['+OK\r\nUSER\r\n.\r\n'],
  }

  describe.each(Object.keys(offers))('in %s', name => {
    const [probe, open, consent, refusal] = offers[name] ?? [smtp, () => Promise.resolve(), '', '']
    const ask = (behaviour: (socket: Socket) => void, how?: How): Promise<Told<ServiceSession>> => probe(async (socket, said) => {
      await open(socket, said)
      behaviour(socket)
    }, how)

    it('consents, upgrades', async () => {
      const { facts } = await ask(socket => {
        socket.write(`${consent}\r\n`)
        secure(socket, secured => answer(secured, overTls[name] ?? []))
      })
      expect(facts.failure).toBeUndefined()
      expect(facts.tls?.trust.trusted).toBe(true)
      expect(facts.injected).toBeUndefined()
      expect(JSON.stringify(facts)).toContain('OverTls')
    })

    it('refuses', async () => {
      const { facts, heard } = await ask(socket => socket.write(`${refusal}\r\n`))
      expect(facts.startTls).toEqual([refusal])
      expect(facts.tls).toBeUndefined()
      expect(facts.failure).toBeUndefined()
      expect(await heard()).toMatch(/(QUIT|a3 LOGOUT)\r\n$/)
    })

    it('consents, and injects plaintext behind its consent', async () => {
      const { facts } = await ask(socket => {
        socket.write(`${consent}\r\n250-evil\r\n250 AUTH PLAIN\r\n`)
        secure(socket, secured => answer(secured, overTls[name] ?? []))
      })
      expect(facts.injected).toBe('250-evil\r\n250 AUTH PLAIN\r\n')
      expect(facts.failure).toBeUndefined()
      expect(JSON.stringify(facts)).toContain('OverTls')
    })

    it('consents, and answers the handshake in clear', async () => {
      const { facts } = await ask(socket => {
        socket.write(`${consent}\r\n`)
        socket.once('data', () => socket.write('501 what is this?\r\n'))
      })
      expect(facts.injected).toBe('501 what is this?\r\n')
      expect(facts.failure).toMatchObject({ event: 'handshake', stage: 'handshake' })
      expect(facts.startTls).toEqual([consent])
    })

    it.each<[string, (socket: Socket) => void]>([
      ['closes', socket => socket.end()], ['resets', socket => void socket.resetAndDestroy()],
    ])('consents, and %s in mid-handshake', async (_, quit) => {
      const { facts } = await ask(socket => {
        socket.write(`${consent}\r\n`)
        socket.once('data', () => quit(socket))
      })
      expect(facts.failure).toMatchObject({ event: 'closed', reason: 'connection-lost', stage: 'handshake' })
      expect(facts.failure).not.toHaveProperty('command')
    })

    it('consents, and says nothing more', async () => {
      const { facts } = await ask(socket => socket.write(`${consent}\r\n`), { timeout: impatient })
      expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'handshake' })
    })
  })
})

describe('a server on a port of implicit TLS that', () => {
  const how = { port: 465, tls: 'implicit' } as const
  it('speaks in clear', async () => {
    const { facts } = await smtp(socket => socket.write('220 hi\r\n'), how)
    expect(facts.connected).toBeTypeOf('number')
    expect(facts.failure).toMatchObject({ event: 'handshake', stage: 'handshake' })
    expect(facts.greeting).toBeUndefined()
  })
  it('says nothing is asked once', async () => {
    const { facts, connections } = await imap(() => undefined, { ...how, timeout: impatient })
    expect(facts.connected).toBeTypeOf('number')
    expect(facts.failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'handshake' })
    expect(connections()).toBe(1)
  })
  it('hangs up', async () => {
    const { facts } = await pop3(socket => socket.once('data', () => socket.end()), how)
    expect(facts.failure).toMatchObject({ event: 'closed', stage: 'handshake' })
  })
  it('is well', async () => {
    const { facts } = await smtp(socket => secure(socket, secured => {
      secured.write('220 hi\r\n')
      answer(secured, ['250-mx1.example.com\r\n250 AUTH PLAIN\r\n'])
    }), how)
    expect(facts.failure).toBeUndefined()
    expect(facts.ehloOverTls).toEqual(['250-mx1.example.com', '250 AUTH PLAIN'])
  })
})

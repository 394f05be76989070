import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../../src/network/network.ts'
import { brief, patient, type Patience } from '../../src/probes/converse.ts'
import { probeImap } from '../../src/probes/imap.ts'
import { probePop3 } from '../../src/probes/pop3.ts'
import type { ImapFacts, Pop3Facts, SessionFacts, SmtpFacts } from '../../src/probes/session.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import { createWorld } from '../world.ts'
import { observed } from './context.ts'

const at = (port: number, tls: Endpoint['tls'] = 'starttls'): Endpoint => ({ host: 'mx1.example.com', address: '192.0.2.1', port, tls })
const world = (port: number, session: string): ReturnType<typeof createWorld> =>
  createWorld({ sessions: { [`mx1.example.com[192.0.2.1]:${port}`]: session } })

async function smtp(session: string, endpoint = at(25), patience: Patience = patient): Promise<SmtpFacts> {
  return probeSmtp(await world(endpoint.port, session), endpoint, 'probe.example.net', patience)
}
async function imap(session: string, endpoint = at(143)): Promise<ImapFacts> {
  return probeImap(await world(endpoint.port, session), endpoint, patient)
}
async function pop3(session: string, endpoint = at(110)): Promise<Pop3Facts> {
  return probePop3(await world(endpoint.port, session), endpoint, patient)
}
const sent = ({ transcript }: SessionFacts): string[] => transcript.filter(({ from }) => from === 'C').map(({ line }) => line)

describe('SMTP', () => {
  it('greets, upgrades, greets again, leaves', async () => {
    const facts = await smtp(`
      * connected 12
      31 S: 220-mx1.example.com ESMTP
      32 S: 220 no spam please
      C: EHLO probe.example.net
      43 S: 250-mx1.example.com
      43 S: 250 STARTTLS
      C: STARTTLS
      55 S: 220 go ahead
      * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519 elapsed=21
      C: EHLO probe.example.net
      90 S: 250-mx1.example.com
      90 S: 250 AUTH PLAIN
      C: QUIT`)
    expect(facts).toMatchObject({
      protocol: 'smtp', name: 'mx1.example.com[192.0.2.1]:25', endpoint: at(25), connected: 12,
      greeting: ['220-mx1.example.com ESMTP', '220 no spam please'], ehlo: ['250-mx1.example.com', '250 STARTTLS'],
      startTls: ['220 go ahead'], ehloOverTls: ['250-mx1.example.com', '250 AUTH PLAIN'],
    })
    expect(facts.tls?.version).toBe('TLSv1.3')
    expect(facts.failure).toBeUndefined()
    expect(facts.injected).toBeUndefined()
    expect(facts.transcript.map(({ from, line, at: when }) => `${when} ${from} ${line}`)).toEqual([
      '31 S 220-mx1.example.com ESMTP', '32 S 220 no spam please', '32 C EHLO probe.example.net', '43 S 250-mx1.example.com',
      '43 S 250 STARTTLS', '43 C STARTTLS', '55 S 220 go ahead', '76 * tls TLSv1.3 TLS_AES_256_GCM_SHA384 X25519',
      '76 C EHLO probe.example.net', '90 S 250-mx1.example.com', '90 S 250 AUTH PLAIN', '90 C QUIT',
    ])
  })

  it('with implicit TLS, everything is said inside', async () => {
    const facts = await smtp(`
      * tls TLSv1.2 ECDHE X25519 elapsed=9
      S: 220 mx1.example.com
      C: EHLO probe.example.net
      S: 250-mx1.example.com
      S: 250-STARTTLS
      S: 250 AUTH PLAIN
      C: QUIT`, at(465, 'implicit'))
    expect(facts.ehlo).toBeUndefined()
    expect(facts.ehloOverTls).toEqual(['250-mx1.example.com', '250-STARTTLS', '250 AUTH PLAIN'])
    expect(facts.tls?.version).toBe('TLSv1.2')
    expect(facts.startTls).toBeUndefined()
    expect(sent(facts)).toEqual(['EHLO probe.example.net', 'QUIT'])
  })

  it.each([['554 5.7.1 go away'], ['421 later'], ['SSH-2.0-OpenSSH_9.2']])('after "%s" only QUIT is said', async greeting => {
    const facts = await smtp(`S: ${greeting}\nC: QUIT`)
    expect(facts.greeting).toEqual([greeting])
    expect(sent(facts)).toEqual(['QUIT'])
    expect(facts.failure).toBeUndefined()
  })

  it('tries HELO when EHLO is refused for good, and only then', async () => {
    const refused = await smtp('S: 220 old\nC: EHLO *\nS: 502 what?\nC: HELO *\nS: 250 hello\nC: QUIT')
    expect(refused).toMatchObject({ ehlo: ['502 what?'], helo: ['250 hello'] })
    const busy = await smtp('S: 220 busy\nC: EHLO *\nS: 421 closing\n* closed')
    expect(busy).toMatchObject({ ehlo: ['421 closing'] })
    expect(sent(busy)).toEqual(['EHLO probe.example.net', 'QUIT'])
    const garbled = await smtp('S: 220 odd\nC: EHLO *\nS: hello yourself\nC: QUIT')
    expect(garbled.helo).toBeUndefined()
  })

  it('keeps what was learnt when STARTTLS is refused', async () => {
    const facts = await smtp('S: 220 a\nC: EHLO *\nS: 250-a\nS: 250 starttls\nC: STARTTLS\nS: 454 TLS not available\nC: QUIT')
    expect(facts).toMatchObject({ startTls: ['454 TLS not available'] })
    expect(facts.tls).toBeUndefined()
    expect(facts.failure).toBeUndefined()
    expect(sent(facts).at(-1)).toBe('QUIT')
  })

  it('keeps what was learnt when the handshake fails, and what was injected before it', async () => {
    const facts = await smtp(`
      S: 220 a
      C: EHLO *
      S: 250-a
      S: 250 STARTTLS
      C: STARTTLS
      S: 220 go
      * injected "250 evil"
      * handshake "no TLS"`)
    expect(facts.ehlo).toEqual(['250-a', '250 STARTTLS'])
    expect(facts.injected).toBe('250 evil')
    expect(facts.failure).toMatchObject({ event: 'handshake', stage: 'handshake' })
    expect(facts.failure?.command).toBeUndefined()
  })

  it('keeps injected bytes when the handshake completes', async () => {
    const facts = await smtp(`
      S: 220 a
      C: EHLO *
      S: 250-a
      S: 250 STARTTLS
      C: STARTTLS
      S: 220 go
      * injected "250-evil AUTH"
      * tls
      C: EHLO *
      S: 250 a
      C: QUIT`)
    expect(facts.injected).toBe('250-evil AUTH')
    expect(facts.ehloOverTls).toEqual(['250 a'])
  })

  it('says which command was left without an answer', async () => {
    const facts = await smtp('S: 220 a\nC: EHLO *\nS: 250-a\n* closed')
    expect(facts.greeting).toEqual(['220 a'])
    expect(facts.ehlo).toBeUndefined()
    expect(facts.failure).toMatchObject({ event: 'closed', reason: 'connection-lost', stage: 'command', command: 'EHLO probe.example.net' })
    expect(facts.transcript.map(({ line }) => line).slice(-2)[0]).toBe('250-a')
    expect(facts.transcript.at(-1)?.line).toMatch(/^closed: /)
  })

  it('waits for a greeting in vain', async () => {
    expect((await smtp('* connected 3\n* timeout')).failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'greeting' })
    expect((await smtp('* connected 3\n* closed')).failure).toMatchObject({ event: 'closed', stage: 'greeting' })
  })

  it('a reply that comes a line at a time for ever is a tarpit', async () => {
    const drip = Array.from({ length: 40 }, (_, i) => `${i * 1000} S: 220-wait`).join('\n')
    const facts = await smtp(`${drip}\n40000 S: 220 now`)
    expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', stage: 'greeting' })
    expect(facts.transcript.length).toBeLessThan(35)
    const slow = await smtp('29000 S: 220 late\nC: EHLO *\n58000 S: 250-slow\n58500 S: 250 but well\nC: QUIT')
    expect(slow.failure).toBeUndefined()
    expect(slow.ehlo).toEqual(['250-slow', '250 but well'])
  })

  it('a reply without end is cut', async () => {
    const facts = await smtp(`S: 220 a\nC: EHLO *\n${'S: 250-more\n'.repeat(2000)}`)
    expect(facts.failure).toMatchObject({ event: 'too-long', reason: 'tarpit', stage: 'command' })
    expect(facts.transcript.length).toBeLessThan(600)
  })
})

describe('connecting', () => {
  it('tells a refusal, a lack of route and a failed handshake apart', async () => {
    expect((await smtp('* refused')).failure).toMatchObject({ event: 'refused', stage: 'connect' })
    expect((await smtp('* no-route')).failure).toMatchObject({ event: 'unreachable', stage: 'connect' })
    const implicit = at(465, 'implicit')
    const broken = await smtp('* connected 7\n* handshake', implicit)
    expect(broken).toMatchObject({ connected: 7, failure: { event: 'handshake', stage: 'handshake' } })
    expect(broken.failure).not.toHaveProperty('connected')
    expect((await smtp('* connected 7\n* timeout', implicit)).failure).toMatchObject({ event: 'timeout', reason: 'tarpit', stage: 'handshake' })
    expect((await smtp('* closed', implicit)).failure).toMatchObject({ event: 'closed', stage: 'handshake' })
    expect((await smtp('* timeout', implicit)).failure).toMatchObject({ event: 'timeout', stage: 'connect' })
    expect((await smtp('* timeout')).connected).toBeUndefined()
  })

  it.each([
    ['a timeout, once', '* timeout', patient, 2], ['no refusal', '* refused', patient, 1], ['no guess', '* timeout', brief, 1],
    ['no handshake', '* connected 7\n* handshake', patient, 1], ['no silence in it', '* connected 7\n* timeout', patient, 1],
  ])('tries again after %s', async (_, session, patience, attempts) => {
    const endpoint = at(465, 'implicit')
    const { network, connects } = observed(await world(465, session))
    await probeSmtp(network, endpoint, 'probe.example.net', patience)
    const limit = patience === brief ? ' within 5000' : ''
    expect(connects).toEqual(Array<string>(attempts).fill(`mx1.example.com[192.0.2.1]:465 implicit${limit}`))
  })

  it('passes bugs on', async () => {
    await expect(smtp('S: 220 a\nC: NOOP\nS: 250 a')).rejects.toThrow('the probe sends "EHLO')
  })
})

describe('IMAP', () => {
  it('asks for capabilities, upgrades, asks again, leaves', async () => {
    const facts = await imap(`
      S: * OK [CAPABILITY IMAP4rev1] hi
      C: a1 CAPABILITY
      S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
      S: a1 OK done
      C: a2 STARTTLS
      S: a2 OK go
      * tls
      C: a3 CAPABILITY
      S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
      S: a3 OK done
      C: a4 LOGOUT`)
    expect(facts).toMatchObject({
      protocol: 'imap', capability: ['* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED', 'a1 OK done'], startTls: ['a2 OK go'],
      capabilityOverTls: ['* CAPABILITY IMAP4rev1 AUTH=PLAIN', 'a3 OK done'],
    })
    expect(facts.failure).toBeUndefined()
  })

  it.each([
    ['a PREAUTH greeting rules STARTTLS out', 'S: * PREAUTH root\nC: a1 CAPABILITY\nS: * CAPABILITY STARTTLS\nS: a1 OK\nC: a2 LOGOUT'],
    ['STARTTLS is not listed', 'S: * OK hi\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: a1 OK\nC: a2 LOGOUT'],
    ['the literal of another response lists it', 'S: * OK hi\nC: a1 CAPABILITY\nS: * LIST () "/" {21}\nS: * CAPABILITY STARTTLS\nS: * CAPABILITY IDLE\nS: a1 OK\nC: a2 LOGOUT'],
  ])('%s', async (_, session) => {
    const facts = await imap(session)
    expect(facts.startTls).toBeUndefined()
    expect(facts.capability).toBeDefined()
    expect(sent(facts)).toEqual(['a1 CAPABILITY', 'a2 LOGOUT'])
  })

  it('believes the greeting when CAPABILITY is refused', async () => {
    const facts = await imap('S: * OK [CAPABILITY STARTTLS] hi\nC: a1 CAPABILITY\nS: a1 BAD no\nC: a2 STARTTLS\nS: a2 NO no\nC: a3 LOGOUT')
    expect(facts.startTls).toEqual(['a2 NO no'])
  })

  it('reads a BYE greeting, and a BYE in place of an answer', async () => {
    expect((await imap('S: * BYE [UNAVAILABLE] later\n* closed'))).toMatchObject({ greeting: ['* BYE [UNAVAILABLE] later'] })
    const facts = await imap('S: * OK\nC: a1 CAPABILITY\nS: * BYE shutting down\n* closed')
    expect(facts.capability).toEqual(['* BYE shutting down'])
    expect(facts.failure).toBeUndefined()
  })

  it('does not take another tag for its own', async () => {
    const facts = await imap('S: * OK\nC: a1 CAPABILITY\nS: a2 OK lie\nS: A1 OK lie\n* timeout')
    expect(facts.capability).toBeUndefined()
    expect(facts.failure).toMatchObject({ reason: 'tarpit', command: 'a1 CAPABILITY' })
  })

  it('with implicit TLS, everything is said inside', async () => {
    const facts = await imap('* tls\nS: * OK\nC: a1 CAPABILITY\nS: * CAPABILITY STARTTLS\nS: a1 OK\nC: a2 LOGOUT', at(993, 'implicit'))
    expect(facts.capability).toBeUndefined()
    expect(facts.capabilityOverTls).toEqual(['* CAPABILITY STARTTLS', 'a1 OK'])
    expect(facts.startTls).toBeUndefined()
  })
})

describe('POP3', () => {
  it('asks for capabilities, upgrades, asks again, leaves', async () => {
    const facts = await pop3(`
      S: +OK hi
      C: CAPA
      S: +OK
      S: ..odd
      S: STLS
      S: .
      C: STLS
      S: +OK go
      * tls
      C: CAPA
      S: +OK
      S: USER
      S: .
      C: QUIT`)
    expect(facts).toMatchObject({
      protocol: 'pop3', capa: ['+OK', '..odd', 'STLS', '.'], startTls: ['+OK go'], capaOverTls: ['+OK', 'USER', '.'],
    })
    expect(facts.failure).toBeUndefined()
  })

  it('tries STLS on a server that knows no CAPA, and not on one that does not list it', async () => {
    const old = await pop3('S: +OK\nC: CAPA\nS: -ERR what?\nC: STLS\nS: -ERR what?\nC: QUIT')
    expect(old).toMatchObject({ capa: ['-ERR what?'], startTls: ['-ERR what?'] })
    const plain = await pop3('S: +OK\nC: CAPA\nS: +OK\nS: USER\nS: .\nC: QUIT')
    expect(plain.startTls).toBeUndefined()
  })

  it('leaves after -ERR', async () => {
    expect(sent(await pop3('S: -ERR [SYS/TEMP] later\nC: QUIT'))).toEqual(['QUIT'])
  })

  it('does not wait for the list behind a refusal, but does wait for the dot', async () => {
    const facts = await pop3('S: +OK\nC: CAPA\nS: +OK list follows\nS: STLS\n* timeout')
    expect(facts.capa).toBeUndefined()
    expect(facts.failure).toMatchObject({ stage: 'command', command: 'CAPA' })
  })
})

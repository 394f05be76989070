import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { Client, dot, pop3Line } from './client.ts'

let world: RunningWorld
const host = 'mail.example.com'
const inClear = (address: string, port: number): Promise<Client> => Client.open(world.route(address, port))
const overTls = (address: string, port: number): Promise<Client> => Client.open(world.route(address, port), { ca: world.ca, servername: host })

beforeAll(async () => {
  world = await startWorld({
    certificates: { mail: { names: [host] } },
    servers: [
      { host, addresses: ['11.25.1.1', '2e00:25::1'], certificate: 'mail', services: { imap: {}, imaps: {}, pop3: {}, pop3s: {} } },
      {
        host, addresses: ['11.25.1.2'], certificate: 'mail', services: {
          imap: { greeting: '* PREAUTH at your service', offers: ['IMAP4rev1', 'AUTH=PLAIN'], replies: { NOOP: ['* 3 EXISTS', 'OK done'] } },
          pop3: { offers: ['USER', 'SASL PLAIN', 'APOP', '.odd'], replies: { STLS: '-ERR [SYS/TEMP] no TLS now' } },
        },
      },
      { host, addresses: ['11.25.1.3'], services: { imap: { greeting: '* BYE overloaded' }, pop3: { greeting: '-ERR [SYS/TEMP] overloaded' } } },
    ],
  })
})
afterAll(() => world.close())

describe('IMAP in a world', () => {
  it('greets with its capabilities, upgrades, and then takes passwords (RFC 9051 §6.2.1, §7.1.1)', async () => {
    const client = await inClear('11.25.1.1', 143)
    expect(await client.line()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 [^\]]*STARTTLS LOGINDISABLED\] /)
    expect(await client.ask('a1 LOGIN user pass', /^a1 /)).toEqual(['a1 NO [PRIVACYREQUIRED] Logins need TLS'])
    expect(await client.ask('a2 AUTHENTICATE PLAIN', /^a2 /)).toEqual([expect.stringMatching(/^a2 NO /)])
    expect(await client.ask('a3 starttls', /^a3 /)).toEqual([expect.stringMatching(/^a3 OK /)])
    await client.startTls({ ca: world.ca, servername: host })
    const [capability] = await client.ask('a4 CAPABILITY', /^a4 OK/)
    expect(capability).toMatch(/^\* CAPABILITY IMAP4rev1 .*AUTH=PLAIN/)
    expect(capability).not.toMatch(/STARTTLS|LOGINDISABLED/)
    expect(await client.ask('a5 STARTTLS', /^a5 /)).toEqual([expect.stringMatching(/^a5 BAD /)])
    expect(await client.ask('a6 LOGOUT', /^a6 /)).toEqual([expect.stringMatching(/^\* BYE /), expect.stringMatching(/^a6 OK /)])
    expect(await client.line()).toBeNull()
  })

  it('refuses every login over TLS', async () => {
    const client = await overTls('2e00:25:0:0::1', 993)
    await client.line()
    expect(await client.ask('1 LOGIN "user" "pass"', /^1 /)).toEqual(['1 NO [AUTHENTICATIONFAILED] Authentication failed'])
    expect(await client.ask('2 AUTHENTICATE PLAIN', /^\+ /)).toEqual(['+ '])
    expect(await client.ask('AGEAYg==', /^2 /)).toEqual([expect.stringMatching(/^2 NO \[AUTHENTICATIONFAILED\]/)])
    expect(await client.ask('3 AUTHENTICATE PLAIN AGEAYg==', /^3 /)).toEqual([expect.stringMatching(/^3 NO /)])
    expect(await client.ask('4 AUTHENTICATE PLAIN', /^\+ /)).toEqual(['+ '])
    expect(await client.ask('*', /^4 /)).toEqual([expect.stringMatching(/^4 BAD /)])
    expect(await client.ask('5 LOGIN {4}', /^\+/)).toHaveLength(1)
    client.send('user {4+}', 'pass')
    expect(await client.until(/^5 /)).toEqual([expect.stringMatching(/^5 NO /)])
    client.close()
  })

  it('answers what it does not know with BAD, with the tag if there is one', async () => {
    const client = await inClear('11.25.1.1', 143)
    await client.line()
    expect(await client.ask('x SELECT INBOX', /^x /)).toEqual([expect.stringMatching(/^x BAD /)])
    expect(await client.ask('*', /BAD/)).toEqual([expect.stringMatching(/^\* BAD /)])
    expect(await client.ask('y ID NIL', /^y /)).toEqual(['* ID NIL', 'y OK ID completed'])
    client.close()
  })

  it('says what the world ordains, and closes after BYE', async () => {
    const client = await inClear('11.25.1.2', 143)
    expect(await client.line()).toBe('* PREAUTH at your service')
    expect(await client.ask('a NOOP', /^a /)).toEqual(['* 3 EXISTS', 'a OK done'])
    expect(await client.ask('b STARTTLS', /^b /)).toEqual([expect.stringMatching(/^b BAD /)])
    client.close()
    const bye = await inClear('11.25.1.3', 143)
    expect([await bye.line(), await bye.line()]).toEqual(['* BYE overloaded', null])
  })
})

describe('POP3 in a world', () => {
  it('greets, lists capabilities up to a lone dot, and upgrades (RFC 2449 §5, RFC 2595 §4)', async () => {
    const client = await inClear('11.25.1.1', 110)
    expect(await client.line()).toMatch(/^\+OK /)
    const before = await client.ask('CAPA', dot)
    expect(before).toContain('STLS')
    expect(before.join()).not.toMatch(/USER|SASL/)
    expect(await client.ask('USER me', pop3Line)).toEqual([expect.stringMatching(/^-ERR/)])
    expect(await client.ask('STLS', pop3Line)).toEqual([expect.stringMatching(/^\+OK/)])
    await client.startTls({ ca: world.ca, servername: host })
    const over = await client.ask('CAPA', dot)
    expect(over).toEqual(expect.arrayContaining(['USER', 'SASL PLAIN']))
    expect(over).not.toContain('STLS')
    expect(await client.ask('STLS', pop3Line)).toEqual(['-ERR Command not permitted when TLS active'])
    expect(await client.ask('QUIT', pop3Line)).toEqual([expect.stringMatching(/^\+OK/)])
    expect(await client.line()).toBeNull()
  })

  it('refuses every login over TLS, and PASS unless right after USER (RFC 1939 §7)', async () => {
    const client = await overTls('11.25.1.1', 995)
    await client.line()
    const asked = ['PASS secret', 'USER me', 'PASS secret', 'USER me', 'NOOP', 'PASS secret', 'APOP me 0', 'AUTH NTLM', 'AUTH PLAIN AGEAYg==']
    const replies: string[] = []
    for (const command of asked) replies.push(...await client.ask(command, pop3Line))
    expect(replies.map(reply => /^(\+OK|-ERR(?: \[\w+\])?)/.exec(reply)?.[1])).toEqual(
      ['-ERR', '+OK', '-ERR [AUTH]', '+OK', '-ERR', '-ERR', '-ERR', '-ERR', '-ERR [AUTH]'])
    expect(await client.ask('AUTH', dot)).toEqual(['+OK', 'PLAIN', '.'])
    expect(await client.ask('AUTH PLAIN', /^\+ /)).toEqual(['+ '])
    expect(await client.ask('AGEAYg==', pop3Line)).toEqual([expect.stringMatching(/^-ERR \[AUTH\]/)])
    client.close()
  })

  it('says what the world ordains, stuffs dots, and closes after -ERR', async () => {
    const client = await inClear('11.25.1.2', 110)
    await client.line()
    expect(await client.ask('CAPA', dot)).toEqual([expect.any(String), 'USER', 'SASL PLAIN', 'APOP', '..odd', '.'])
    expect(await client.ask('STLS', pop3Line)).toEqual(['-ERR [SYS/TEMP] no TLS now'])
    client.close()
    const bye = await inClear('11.25.1.3', 110)
    expect([await bye.line(), await bye.line()]).toEqual(['-ERR [SYS/TEMP] overloaded', null])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type RunningWorld } from '../../src/lab/world.ts'
import { Client, smtpReply } from './client.ts'

let world: RunningWorld
const open = (address: string, port: number): Promise<Client> => Client.open(world.route(address, port))
const codes = (lines: readonly string[]): string[] => lines.map(line => line.slice(0, 4))

beforeAll(async () => {
  world = await startWorld({
    domains: { 'example.com': {} },
    certificates: { mx: { names: ['mx.example.com'] } },
    servers: [
      { host: 'mx.example.com', addresses: ['11.25.0.1'], certificate: 'mx', services: { smtp: {}, submission: {}, submissions: {} } },
      { host: 'plain.example.com', addresses: ['11.25.0.2'], services: { smtp: { mailboxes: ['info@example.com', '*@example.org'] } } },
      {
        host: 'odd.example.com', addresses: ['11.25.0.3'], certificate: 'mx',
        services: { smtp: { greeting: ['220-several', '220 lines'], replies: { EHLO: '502 5.5.1 No such thing', STARTTLS: '454 4.7.0 TLS not available' } } },
      },
      { host: 'busy.example.com', addresses: ['11.25.0.4'], services: { smtp: { greeting: '421 4.3.2 Too busy' } } },
      { host: 'shut.example.com', addresses: ['11.25.0.5'], services: { smtp: { greeting: '554 5.7.1 No service here' } } },
      { host: 'evil.example.com', addresses: ['11.25.0.6'], certificate: 'mx', services: { smtp: { inject: '250 2.0.0 injected' } } },
    ],
  })
})
afterAll(() => world.close())

describe('SMTP in a world', () => {
  it('greets, lists its extensions, and takes them back after STARTTLS (RFC 5321 §3, RFC 3207 §4)', async () => {
    const client = await open('11.25.0.1', 25)
    expect(await client.until(smtpReply)).toEqual(['220 mx.example.com ESMTP'])
    const before = await client.ask('EHLO probe.example.org', smtpReply)
    expect(before[0]).toBe('250-mx.example.com')
    expect(before.at(-1)).toBe('250 STARTTLS')
    expect(codes(before.slice(0, -1)).every(code => code === '250-')).toBe(true)
    expect(await client.ask('STARTTLS now', smtpReply)).toEqual([expect.stringMatching(/^501 /)])
    expect(await client.ask('STARTTLS', smtpReply)).toEqual([expect.stringMatching(/^220 /)])
    await client.startTls({ ca: world.ca, servername: 'mx.example.com' })
    expect(client.tls.authorized).toBe(true)
    expect(await client.ask('MAIL FROM:<>', smtpReply)).toEqual([expect.stringMatching(/^503 /)]) // EHLO is forgotten
    const over = await client.ask('EHLO probe.example.org', smtpReply)
    expect(over.join()).not.toContain('STARTTLS')
    expect(await client.ask('STARTTLS', smtpReply)).toEqual([expect.stringMatching(/^503 /)])
    expect(await client.ask('QUIT', smtpReply)).toEqual([expect.stringMatching(/^221 /)])
    expect(await client.line()).toBeNull()
  })

  it('keeps the order of a transaction (RFC 5321 §4.1.4) and answers pipelined commands one by one', async () => {
    const client = await open('11.25.0.2', 25)
    await client.until(smtpReply)
    client.send(
      'RCPT TO:<info@example.com>', 'MAIL FROM:<a@example.net>', 'EHLO', 'HELO probe', 'MAIL from:<a@example.net> SIZE=3', 'MAIL FROM:<b@example.net>',
      'RCPT TO:<info@example.com>', 'rcpt to:<anyone@EXAMPLE.ORG>', 'RCPT TO:<else@example.com>', 'RCPT TO:<postmaster>', 'RCPT info', 'DATA',
      'RSET', 'DATA', 'NOOP', 'VRFY info', 'HELP', 'EXPN list', '', 'QUIT',
    )
    const replies = await client.until(/^221/)
    expect(replies.map(reply => reply.slice(0, 3))).toEqual([
      '220', '503', '503', '501', '250', '250', '503', '250', '250', '550', '250', '501', '554', '250', '503', '250', '252', '214', '500', '500', '221',
    ].slice(1))
    expect(replies[8]).toBe('550 5.7.1 <else@example.com>: Relay access denied')
  })

  it('refuses STARTTLS where it is not offered, and AUTH too', async () => {
    const client = await open('11.25.0.2', 25)
    await client.until(smtpReply)
    const [ehlo, auth, starttls] = [
      await client.ask('EHLO probe', smtpReply), await client.ask('AUTH PLAIN', smtpReply), await client.ask('STARTTLS', smtpReply),
    ]
    expect(ehlo.join()).not.toMatch(/STARTTLS|AUTH/)
    expect([...auth, ...starttls]).toEqual([expect.stringMatching(/^503 /), expect.stringMatching(/^502 /)])
    client.close()
  })

  it('speaks TLS first on 465, wants a login before MAIL, and refuses every login (RFC 4954, RFC 6409 §4.3)', async () => {
    const client = await Client.open(world.route('11.25.0.1', 465), { ca: world.ca, servername: 'mx.example.com' })
    expect(client.tls.getProtocol()).toBe('TLSv1.3')
    await client.until(smtpReply)
    expect(await client.ask('EHLO probe', smtpReply)).toContain('250 AUTH PLAIN LOGIN')
    expect(await client.ask('MAIL FROM:<a@example.com>', smtpReply)).toEqual([expect.stringMatching(/^530 /)])
    expect(await client.ask('AUTH PLAIN AGEAYg==', smtpReply)).toEqual([expect.stringMatching(/^535 5\.7\.8/)])
    expect(await client.ask('AUTH PLAIN', smtpReply)).toEqual(['334 '])
    expect(await client.ask('*', smtpReply)).toEqual([expect.stringMatching(/^501 /)])
    expect(await client.ask('AUTH LOGIN', smtpReply)).toEqual(['334 VXNlcm5hbWU6'])
    expect(await client.ask('YQ==', smtpReply)).toEqual(['334 UGFzc3dvcmQ6'])
    expect(await client.ask('Yg==', smtpReply)).toEqual([expect.stringMatching(/^535 /)])
    expect(await client.ask('AUTH CRAM-MD5', smtpReply)).toEqual([expect.stringMatching(/^504 /)])
    client.close()
  })

  it('offers no AUTH on 587 before TLS', async () => {
    const client = await open('11.25.0.1', 587)
    await client.until(smtpReply)
    const ehlo = await client.ask('EHLO probe', smtpReply)
    expect(ehlo.join()).toContain('STARTTLS')
    expect(ehlo.join()).not.toContain('AUTH')
    client.close()
  })

  it('says what the world ordains', async () => {
    const client = await open('11.25.0.3', 25)
    expect(await client.until(smtpReply)).toEqual(['220-several', '220 lines'])
    expect(await client.ask('EHLO probe', smtpReply)).toEqual(['502 5.5.1 No such thing'])
    expect(await client.ask('HELO probe', smtpReply)).toEqual(['250 odd.example.com'])
    expect(await client.ask('STARTTLS', smtpReply)).toEqual(['454 4.7.0 TLS not available'])
    expect(await client.ask('NOOP', smtpReply)).toEqual([expect.stringMatching(/^250 /)])
    client.close()
  })

  it('closes after 421 (RFC 5321 §3.8), and after 554 knows only QUIT (§3.1)', async () => {
    const busy = await open('11.25.0.4', 25)
    expect([await busy.line(), await busy.line()]).toEqual(['421 4.3.2 Too busy', null])
    const shut = await open('11.25.0.5', 25)
    expect(await shut.until(smtpReply)).toEqual(['554 5.7.1 No service here'])
    expect(await shut.ask('EHLO probe', smtpReply)).toEqual([expect.stringMatching(/^503 /)])
    expect(await shut.ask('QUIT', smtpReply)).toEqual([expect.stringMatching(/^221 /)])
    expect(await shut.line()).toBeNull()
  })

  it('drops what arrived in clear with STARTTLS, and injects on request (RFC 3207 §6)', async () => {
    const good = await open('11.25.0.1', 25)
    await good.until(smtpReply)
    await good.ask('EHLO probe', smtpReply)
    good.send('STARTTLS', 'NOOP smuggled')
    await good.until(smtpReply)
    await good.startTls({ ca: world.ca, servername: 'mx.example.com' })
    expect(await good.ask('EHLO probe', smtpReply)).toContain('250 ENHANCEDSTATUSCODES') // its own reply, not that of NOOP
    good.close()

    const evil = await open('11.25.0.6', 25)
    await evil.until(smtpReply)
    await evil.ask('EHLO probe', smtpReply)
    expect(await evil.ask('STARTTLS', smtpReply)).toEqual([expect.stringMatching(/^220 /)])
    expect(evil.unread).toBe('250 2.0.0 injected\r\n')
    await evil.startTls({ ca: world.ca, servername: 'mx.example.com' })
    expect((await evil.ask('EHLO probe', smtpReply))[0]).toBe('250-evil.example.com')
    evil.close()
  })

  it('hangs up on a line without end', async () => {
    const client = await open('11.25.0.2', 25)
    await client.until(smtpReply)
    client.send('x'.repeat(200_000))
    expect(await client.line()).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { smtpDetails, type SmtpDetails } from '../../src/probes/smtp-details.ts'
import { brief } from '../../src/probes/converse.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import { createWorld } from '../world.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../checks/transcripts.ts'

async function details(session: string): Promise<SmtpDetails> {
  const network = await createWorld({ sessions: { 'mx1.example.com[192.0.2.1]:25': session } })
  return smtpDetails(await probeSmtp(network, { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }, 'probe.example.net', brief))
}

describe('what an SMTP dialogue told', () => {
  it('names who greets, and what is offered inside TLS', async () => {
    expect(await details(smtp)).toMatchObject({
      greetsAs: 'mx1.example.com', extensions: { AUTH: ['PLAIN', 'LOGIN'] }, size: null, onlyHelo: false, refusal: null,
      change: { gone: ['SIZE'], added: ['AUTH'], startTlsRepeated: false },
    })
  })

  it('notes STARTTLS that is offered again inside TLS', async () => {
    const repeated = smtpUpgrading('220 go', '* tls\n  C: EHLO probe.example.net\n  S: 250-mx1.example.com\n  S: 250 STARTTLS')
    expect((await details(repeated)).change).toEqual({ gone: [], added: [], startTlsRepeated: true })
  })

  it('reads the size that a message may have', async () => {
    expect((await details(smtpInClear('SIZE 20480000', 'PIPELINING', '8BITMIME', 'LIMITS RCPTMAX=100')))).toMatchObject({
      size: 20480000, change: null, extensions: { SIZE: ['20480000'], PIPELINING: [], '8BITMIME': [], LIMITS: ['RCPTMAX=100'] },
    })
    expect((await details(smtpInClear('SIZE'))).size, 'no fixed limit').toBe(0)
    expect((await details(smtpInClear('SIZE lots'))).size).toBeNull()
  })

  it('knows when the greeting was complete', async () => {
    const { greetingDelay } = await details('40 S: 220-wait\n6100 S: 220 mx1.example.com\nC: EHLO *\n6140 S: 250 mx1.example.com')
    expect(greetingDelay).toBe(6100)
  })

  it('falls back to HELO', async () => {
    expect(await details('S: 220 mx1.example.com\nC: EHLO *\nS: 502 what?\nC: HELO *\nS: 250 hello')).toMatchObject({
      onlyHelo: true, refusal: { command: 'EHLO', code: 502, reason: null, line: '502 what?' },
    })
  })

  it.each([
    ['421 4.7.0 too many connections', 'rate-limited'],
    ['450 4.3.2 come back later', 'rate-limited'],
    ['451 4.3.0 local error', 'rate-limited'],
    ['454 4.7.0 not now', 'rate-limited'],
    ['554 no SMTP service here', 'client-rejected'],
    ['554 5.7.1 blocked, see the block list', 'client-rejected'],
    ['521 does not accept mail', null],
  ])('tells refusals apart: %s', async (line, reason) => {
    expect((await details(`S: ${line}`)).refusal).toEqual({ command: '', code: Number(line.slice(0, 3)), reason, line })
  })

  it('says nothing of what never was', async () => {
    expect(await details('* refused')).toEqual({ greetingDelay: null, greetsAs: null, extensions: {}, size: null, change: null, onlyHelo: false, refusal: null })
  })
})

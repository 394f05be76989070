import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { authMechanisms, extensions, parseSmtpReply, smtpRefusal } from '../../src/syntax/smtp.ts'

describe('parseSmtpReply', () => {
  it.each([
    [['220 mx1.example.com ESMTP'], 220, null, ['mx1.example.com ESMTP']],
    [['220-mx1.example.com', '220 welcome'], 220, null, ['mx1.example.com', 'welcome']],
    [['250'], 250, null, ['']],
    [['250-mx1.example.com', '250'], 250, null, ['mx1.example.com', '']],
    [['550 5.7.1 Client host rejected'], 550, '5.7.1', ['5.7.1 Client host rejected']],
    [['550 4.7.1 contradicts itself'], 550, null, ['4.7.1 contradicts itself']],
    [['250 2.0.0.1 is a version'], 250, null, ['2.0.0.1 is a version']],
    [['220-a pause', '550 5.5.1 Protocol error'], 550, '5.5.1', ['a pause', '5.5.1 Protocol error']],
    [['SSH-2.0-OpenSSH_9.2'], null, null, ['SSH-2.0-OpenSSH_9.2']],
    [['2500 messages'], null, null, ['2500 messages']],
    [['250OK'], 250, null, ['OK']],
    [['099 no such class'], null, null, ['099 no such class']],
    [[''], null, null, ['']],
    [[], null, null, []],
  ])('%j', (lines, code, enhanced, texts) => {
    expect(parseSmtpReply(lines)).toEqual({ code, enhanced, texts })
  })

  it('reads back what was written', () => {
    const text = fc.string({ unit: 'binary-ascii' }).filter(s => !/[\r\n]/.test(s))
    fc.assert(fc.property(fc.integer({ min: 200, max: 599 }), fc.array(text, { minLength: 1 }), (code, texts) => {
      const lines = texts.map((line, i) => `${code}${i < texts.length - 1 ? '-' : ' '}${line}`)
      const reply = parseSmtpReply(lines)
      expect(reply.code).toBe(code)
      expect(reply.texts).toEqual(texts)
    }))
  })
})

describe('extensions and mechanisms', () => {
  const ehlo = [
    '250-mx1.example.com Hello', '250-pipelining', '250-SIZE 10485760', '250- 8BITMIME', '250-STARTTLS', '250-AUTH PLAIN login',
    '250-AUTH=LOGIN CRAM-MD5', '250-X-FOO', '250 ',
  ]

  it('reads keywords in any case, with their parameters', () => {
    expect([...extensions(ehlo)]).toEqual([
      ['PIPELINING', []], ['SIZE', ['10485760']], ['8BITMIME', []], ['STARTTLS', []], ['AUTH', ['PLAIN', 'login']], ['X-FOO', []],
    ])
  })

  it('reads both forms of AUTH, each mechanism once', () => {
    expect(authMechanisms(ehlo)).toEqual(['PLAIN', 'LOGIN', 'CRAM-MD5'])
    expect(authMechanisms(['250-h', '250 AUTH =LOGIN'])).toEqual(['LOGIN'])
    expect(authMechanisms(['250-h', '250 AUTHENTICATE PLAIN'])).toEqual([])
    expect(authMechanisms(['250-h', '250 AUTH'])).toEqual([])
  })

  it('takes nothing from the greeting line, from another code, from a line without one, or from a refusal', () => {
    expect([...extensions(['250-STARTTLS', '250 SIZE']).keys()]).toEqual(['SIZE'])
    expect([...extensions(['250-h', '550-STARTTLS', 'AUTH PLAIN', '250 SIZE']).keys()]).toEqual(['SIZE'])
    expect([...extensions(['502-STARTTLS', '502 STARTTLS']).keys()]).toEqual([])
    expect(extensions([]).size).toBe(0)
    expect(authMechanisms(['550-no', '550 AUTH PLAIN'])).toEqual([])
  })

  it('merges a keyword given twice', () => {
    expect(extensions(['250-h', '250-AUTH LOGIN', '250 AUTH PLAIN']).get('AUTH')).toEqual(['LOGIN', 'PLAIN'])
  })
})

describe('smtpRefusal', () => {
  it.each([
    ['', '220 welcome', null],
    ['', '421 4.3.2 too busy', 'rate-limited'],
    ['', '450 4.7.1 your host has no PTR', 'rate-limited'],
    ['STARTTLS', '454 4.7.0 TLS not available due to local problem', 'rate-limited'],
    ['MAIL FROM:<a@example.org>', '450 4.2.0 later', 'greylisted'],
    ['RCPT TO:<a@example.org>', '451 4.7.1 Greylisting in action', 'greylisted'],
    ['rcpt to:<a@example.org>', '452 4.2.2 full', 'rate-limited'],
    ['', '554 5.7.1 Access denied', 'client-rejected'],
    ['', '554 5.7.606 no', 'client-rejected'],
    ['', '554 Your access to this mail system has been rejected due to the sending MTA\'s poor reputation', 'client-rejected'],
    ['', '550 blocked using zen.spamhaus.org', 'client-rejected'],
    ['', '554 mx1.example.com no service for [198.51.100.7]', 'client-rejected'],
    ['', '554 mx1.example.com [192.0.2.25]: no service here', null],
    ['', '554 no service for 2001:db8::99', 'client-rejected'],
    ['', '554 no service at [IPv6:2001:db8:0::25]', 'client-rejected'],
    ['', '554 No SMTP service here', null],
    ['', '521 mx1.example.com does not accept mail', null],
    ['', '554 too many connections', 'rate-limited'],
    ['EHLO probe.example.org', '502 5.5.2 EHLO not implemented', null],
    ['EHLO probe.example.org', '500 unrecognized command "EHLO"', null],
    ['EHLO probe.example.org', '550 EHLO not supported', null],
    ['EHLO probe.example.org', '502 EHLO', null],
    ['EHLO probe.example.org', '501 Syntactically invalid EHLO argument(s)', 'client-rejected'],
    ['EHLO probe.example.org', '504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname', 'client-rejected'],
    ['STARTTLS', '554 5.7.3 Unable to initialize security subsystem', null],
    ['STARTTLS', '554 5.7.0 no', null],
    ['MAIL FROM:<>', '530 5.7.0 Must issue a STARTTLS command first', null],
    ['MAIL FROM:<>', '550 5.7.1 not you', 'client-rejected'],
    ['', 'SSH-2.0-OpenSSH_9.2', null],
  ])('to %j: %s', (command, line, reason) => {
    expect(smtpRefusal([line], { command, server: '192.0.2.25' })).toBe(reason)
  })

  it('knows its peer in any spelling', () => {
    expect(smtpRefusal(['554 [IPv6:2001:DB8:0:0::25] is closed'], { server: '2001:db8::25' })).toBe(null)
  })
})

it('never throws, whatever a server says', () => {
  const octets = fc.array(fc.integer({ min: 0, max: 255 }).map(n => String.fromCharCode(n))).map(cs => cs.join(''))
  const word = fc.constantFrom('250', '-', ' ', '5.7.1', 'AUTH', '=', 'PLAIN', '[', ']', ':', '1.2.3.4', '::', '%', '421')
  const line = fc.oneof(octets, fc.array(word).map(words => words.join('')))
  fc.assert(fc.property(fc.array(line), line, (lines, server) => {
    parseSmtpReply(lines)
    extensions(lines)
    authMechanisms(lines)
    smtpRefusal(lines, { command: lines[0] ?? '', server })
  }), { numRuns: 1000 })
})

it('is linear in the length of a line', () => {
  const line = `550 ${'a@<[:.1 '.repeat(100_000)}`
  smtpRefusal([line], { server: '192.0.2.1' })
  smtpRefusal([`550 ${':'.repeat(500_000)}x`])
  extensions(['250-h', line, `250 AUTH${'='.repeat(500_000)}`])
  authMechanisms(['250-h', line, `250 AUTH${'='.repeat(500_000)}`])
})

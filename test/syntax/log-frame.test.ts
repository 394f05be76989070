import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../../src/syntax/log-frame.ts'
import { isJournalExport, JournalExport, readJournalJson } from '../../src/syntax/log-journal.ts'
import { readLogEvent } from '../../src/syntax/mail-log.ts'

const reference = new Date(2026, 10, 23, 12)
const read = (line: string) => new FrameReader(() => reference).read(line)
const local = (...parts: [number, number, number, number, number, number]): number => new Date(...parts).getTime()

describe('the head of a line', () => {
  test.each<[line: string, expected: object]>([
    ['Nov 23 10:00:05 mx postfix/smtpd[12]: connect from x', { time: local(2026, 10, 23, 10, 0, 5), host: 'mx', program: 'postfix/smtpd', pid: '12', text: 'connect from x' }],
    ['<22>Nov  3 10:00:05 mx dovecot: imap-login: x', { time: local(2026, 10, 3, 10, 0, 5), program: 'dovecot', pid: '' }],
    ['2026-11-23T10:00:05.123456+01:00 mx postfix/qmgr[1]: x', { time: Date.UTC(2026, 10, 23, 9, 0, 5, 123), program: 'postfix/qmgr' }],
    ['2026-11-23T10:00:05Z mx.example.com postfix/submission/smtpd[1]: x', { time: Date.UTC(2026, 10, 23, 10, 0, 5), program: 'postfix/submission/smtpd' }],
    ['<22>1 2026-11-23T10:00:05.1Z mx postfix/smtpd 99 - - connect', { program: 'postfix/smtpd', pid: '99', text: 'connect', time: Date.UTC(2026, 10, 23, 10, 0, 5, 100) }],
    ['<22>1 2026-11-23T10:00:05Z mx dovecot - ID1 [a@1 b="\\"]"][c@2] \u00ef\u00bb\u00bfimap-login: x', { pid: '', text: 'imap-login: x' }],
    ['Nov 23 10:00:05 imap-login: Info: Login: user=<joe>', { host: '', program: 'dovecot', text: 'imap-login: Login: user=<joe>' }],
    ['Nov 23 10:00:05 imap(joe doe)<12><abc>: Info: Logged out', { program: 'dovecot', text: 'imap(joe doe)<12><abc>: Logged out' }],
    ['2026-11-23 10:00:05 auth: Error: down', { program: 'dovecot', text: 'auth: Error: down' }],
    ['2026-11-23 10:00:05 1vN2aB-000abc-1x Completed', { program: 'exim', time: local(2026, 10, 23, 10, 0, 5) }],
    ['2026-11-23 10:00:05.250 +0100 [77] 1vN2aB-000abc-1x Completed', { program: 'exim', pid: '77', text: '1vN2aB-000abc-1x Completed', time: Date.UTC(2026, 10, 23, 9, 0, 5, 250) }],
  ])('%s', (line, expected) => expect(read(line)).toMatchObject(expected))

  test.each(['', 'x', 'Nov 32 10:00:05 mx a: b', 'Foo 23 10:00:05 mx a: b', 'Nov 23 25:00:05 mx a: b', '2026-13-01T10:00:05Z mx a: b', '2026-02-30T10:00:05Z mx a: b', 'Nov 23 10:61:05 mx a: b', '<22>1 2026-11-23T10:00:05Z mx a - - [x'])(
    '%s is none', line => expect(read(line)).toBeNull())

  test('a line without a year is of the last time that it can be of', () => {
    expect(read('Dec 31 23:59:59 mx a: b')?.time).toBe(local(2025, 11, 31, 23, 59, 59))
    expect(read('Nov 24 11:00:00 mx a: b')?.time).toBe(local(2026, 10, 24, 11, 0, 0)) // a clock may be ahead
    expect(read('Feb 29 10:00:00 mx a: b')?.time).toBe(local(2024, 1, 29, 10, 0, 0))
  })

  test('where the log goes on for days, so does the clock that says which year it is', () => {
    let now = reference
    const frames = new FrameReader(() => now)
    expect(frames.read('Nov 23 11:00:00 mx a: b')?.time).toBe(local(2026, 10, 23, 11, 0, 0))
    now = new Date(2026, 10, 29, 12)
    expect(frames.read('Nov 29 11:00:00 mx a: b')?.time).toBe(local(2026, 10, 29, 11, 0, 0))
    now = new Date(2027, 0, 1, 12)
    expect(frames.read('Jan  1 11:00:00 mx a: b')?.time).toBe(local(2027, 0, 1, 11, 0, 0))
  })

  test('the hour that is remembered is not that of another line', () => {
    const frames = new FrameReader(() => reference)
    const lines = ['Nov 23 10:00:05', 'Nov 23 10:59:05', 'Nov 23 11:00:05', 'Nov 22 11:00:05', '2026-11-23T10:00:05Z', '2026-11-23T10:00:05+01:00'].map(time => `${time} mx a: b`)
    expect(lines.map(line => frames.read(line)?.time)).toEqual(lines.map(line => read(line)?.time))
  })

  test('a user cannot pretend to be a program', () => {
    expect(read('Nov 23 10:00:05 imap(x postfix/smtpd[1]: connect)<1><a>: Info: x')?.program).toBe('dovecot')
    expect(read('Nov 23 10:00:05 mx(a postfix/smtpd[1]: x')).toBeNull()
  })

  test('never throws, nor does what is read of it', () => {
    const head = fc.constantFrom('', 'Nov 23 10:00:05 mx postfix/smtpd[1]: ', 'Nov 23 10:00:05 mx dovecot: ', '2026-11-23 10:00:05 ', '<22>1 2026-11-23T10:00:05Z mx exim - - ', '{"MESSAGE":')
    fc.assert(fc.property(head, fc.string({ unit: 'binary' }), (before, after) => {
      const frame = read(before + after)
      if (frame) readLogEvent(frame)
      readJournalJson(before + after)
    }))
  })
})

const entry = (message: string | Buffer): Buffer => {
  const text = Buffer.from(message)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const value = text.includes(0x0a) ? Buffer.concat([Buffer.from('MESSAGE\n'), length, text, Buffer.from('\n')]) : Buffer.from(`MESSAGE=${text.toString()}\n`)
  return Buffer.concat([Buffer.from('__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795428005123456\n_HOSTNAME=mx\nSYSLOG_IDENTIFIER=postfix/smtpd\n_PID=12\n'), value, Buffer.from('\n')])
}

describe('the journal', () => {
  test('as JSON', () => {
    expect(readJournalJson('{"__REALTIME_TIMESTAMP":"1795428005123456","_HOSTNAME":"mx","SYSLOG_IDENTIFIER":"postfix/smtpd","_PID":"12","MESSAGE":"connect from x"}'))
      .toEqual({ time: 1_795_428_005_123, host: 'mx', program: 'postfix/smtpd', pid: '12', text: 'connect from x' })
    expect(readJournalJson('{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"dovecot","MESSAGE":[97,27,195,164]}')).toMatchObject({ text: 'a\u001b\u00c3\u00a4' })
    for (const line of ['{', '[]', 'null', '{"MESSAGE":"x"}', '{"MESSAGE":null,"__REALTIME_TIMESTAMP":"1"}', '{"__REALTIME_TIMESTAMP":"9999999999999999999999","MESSAGE":"x"}']) expect(readJournalJson(line)).toBeNull()
  })

  test('as an export, wherever it is cut', () => {
    const forged = 'a\n\n__CURSOR=x\nMESSAGE=forged\nSYSLOG_IDENTIFIER=postfix/smtpd\n\n'
    const octets = Buffer.concat([entry('one'), entry(forged), Buffer.from('\n'), entry('three')])
    expect(isJournalExport(octets.toString('latin1'))).toBe(true)
    fc.assert(fc.property(fc.array(fc.nat(octets.length), { maxLength: 8 }), cuts => {
      const journal = new JournalExport()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), octets.length]
      const frames = edges.flatMap((edge, i) => journal.push(octets.subarray(edge, edges[i + 1] ?? octets.length)))
      expect([...frames, ...journal.end()].map(frame => frame?.text)).toEqual(['one', forged, 'three'])
    }))
  })

  test('a value that claims to be endless is not kept', () => {
    const journal = new JournalExport()
    expect(journal.push(Buffer.from('__CURSOR=x\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\x7f', 'latin1'))).toEqual([])
    expect(journal.push(Buffer.alloc(1_000_000, 0x61))).toEqual([])
    expect(journal.end()).toEqual([null])
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), pieces => {
      const journal = new JournalExport()
      for (const piece of pieces) journal.push(Buffer.from(piece))
      journal.end()
    }))
  })
})

import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { apopTimestamp, isOk, multilineData, parsePop3Status, pop3Capabilities, pop3Policy, pop3Refusal } from '../../src/syntax/pop3.ts'

describe('parsePop3Status', () => {
  it.each([
    ['+OK ready', { ok: true, code: null, text: 'ready' }],
    ['+OK', { ok: true, code: null, text: '' }],
    ['-ERR [sys/temp] later', { ok: false, code: 'SYS/TEMP', text: 'later' }],
    ['-ERR [not a code] x', { ok: false, code: null, text: '[not a code] x' }],
    ['-ERR', { ok: false, code: null, text: '' }],
    ['+OKAY', { ok: null, code: null, text: '+OKAY' }],
    ['OK', { ok: null, code: null, text: 'OK' }],
    ['', { ok: null, code: null, text: '' }],
  ])('%j', (line, status) => expect(parsePop3Status(line)).toEqual(status))
  it('knows +OK', () => {
    expect(isOk('+ok lower case')).toBe(true)
    expect(isOk(undefined)).toBe(false)
  })
})

describe('CAPA', () => {
  it('reads keywords in any case, with their parameters, up to the dot', () => {
    expect([...pop3Capabilities(['+OK', 'TOP', 'sasl PLAIN  LOGIN', '..X', '', 'EXPIRE 60', '.', 'STLS'])]).toEqual([
      ['TOP', []], ['SASL', ['PLAIN', 'LOGIN']], ['.X', []], ['EXPIRE', ['60']],
    ])
  })
  it('begins behind the status', () => expect(multilineData(['.', 'a', '.'])).toEqual(['a']))
  it('is empty when refused', () => {
    expect(pop3Capabilities(['-ERR what?', 'STLS', '.']).size).toBe(0)
    expect(pop3Capabilities([]).size).toBe(0)
  })
  it('reads back stuffed lines', () => {
    const text = fc.string({ unit: 'binary-ascii' }).filter(s => !/[\r\n]/.test(s))
    fc.assert(fc.property(fc.array(text), texts => {
      expect(multilineData(['+OK', ...texts.map(line => line.replace(/^\./, '..')), '.'])).toEqual(texts)
    }))
  })
})

it('finds the timestamp of APOP', () => {
  expect(apopTimestamp('+OK ready <1896.697170952@mail.example.com>')).toBe('<1896.697170952@mail.example.com>')
  expect(apopTimestamp('+OK <not a timestamp> ready')).toBe(null)
  expect(apopTimestamp('-ERR <1896.697170952@mail.example.com>')).toBe(null)
})

describe('pop3Refusal', () => {
  it.each([
    ['-ERR [SYS/TEMP] later', 'rate-limited'],
    ['-ERR [LOGIN-DELAY] slowly', 'rate-limited'],
    ['-ERR too many connections', 'rate-limited'],
    ['-ERR Your IP is not welcome', 'client-rejected'],
    ['-ERR [SYS/PERM] broken', null],
    ['-ERR no TLS configured', null],
    ['+OK', null],
    ['garbage', null],
  ])('%s', (line, reason) => expect(pop3Refusal([line])).toBe(reason))
})

it('never throws, whatever a server says', () => {
  const octets = fc.array(fc.integer({ min: 0, max: 255 }).map(n => String.fromCharCode(n))).map(cs => cs.join(''))
  fc.assert(fc.property(fc.array(fc.oneof(octets, fc.constantFrom('+OK', '-ERR [', '.', '..', '+OK <a@b>'))), lines => {
    pop3Capabilities(lines)
    pop3Refusal(lines)
    apopTimestamp(lines[0] ?? '')
  }), { numRuns: 1000 })
})

it('is linear in the length of a line', () => {
  apopTimestamp(`+OK ${'<a@'.repeat(200_000)}`)
  apopTimestamp(`+OK <${'@'.repeat(500_000)}`)
  apopTimestamp(`+OK <${'a'.repeat(500_000)}`)
})

describe('what EXPIRE and LOGIN-DELAY say', () => {
  it.each([
    [undefined, null],
    [[], { value: null, perUser: false }],
    [['NEVER'], { value: 'NEVER', perUser: false }],
    [['never', 'user'], { value: 'NEVER', perUser: true }],
    [['0'], { value: 0, perUser: false }],
    [['30', 'USER'], { value: 30, perUser: true }],
    [['USER'], { value: null, perUser: true }],
    [['-1'], { value: null, perUser: false }],
    [['99999999999'], { value: null, perUser: false }],
  ])('%j', (parameters, policy) => {
    expect(pop3Policy(parameters)).toEqual(policy)
  })
})

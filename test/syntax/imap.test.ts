import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  endsImapReply, imapCapabilities, imapMechanisms, imapRefusal, parseImapStatus, withoutLiterals,
} from '../../src/syntax/imap.ts'

describe('parseImapStatus', () => {
  it.each([
    ['* OK ready', { tag: '*', status: 'OK', code: null, argument: '', text: 'ready' }],
    ['* ok [capability IMAP4rev1 IDLE] ready', { tag: '*', status: 'OK', code: 'CAPABILITY', argument: 'IMAP4rev1 IDLE', text: 'ready' }],
    ['a1 NO [UNAVAILABLE] later', { tag: 'a1', status: 'NO', code: 'UNAVAILABLE', argument: '', text: 'later' }],
    ['* BYE', { tag: '*', status: 'BYE', code: null, argument: '', text: '' }],
    ['* PREAUTH you are root', { tag: '*', status: 'PREAUTH', code: null, argument: '', text: 'you are root' }],
    ['* CAPABILITY IMAP4rev1', { tag: '*', status: null, code: null, argument: '', text: 'CAPABILITY IMAP4rev1' }],
    ['* OK [unclosed code', { tag: '*', status: 'OK', code: null, argument: '', text: '[unclosed code' }],
    ['+ go on', { tag: '+', status: null, code: null, argument: '', text: 'go on' }],
    ['', { tag: '', status: null, code: null, argument: '', text: '' }],
    ['* OKAY', { tag: '*', status: null, code: null, argument: '', text: 'OKAY' }],
  ])('%j', (line, status) => expect(parseImapStatus(line)).toEqual(status))
})

describe('imapCapabilities', () => {
  it('reads data and codes, in upper case', () => {
    expect([...imapCapabilities(['* OK [CAPABILITY IMAP4rev1 auth=plain] hi'])]).toEqual(['IMAP4REV1', 'AUTH=PLAIN'])
    expect([...imapCapabilities(['* Capability IMAP4rev2 LOGINDISABLED', 'a1 OK [CAPABILITY IDLE] done'])])
      .toEqual(['IMAP4REV2', 'LOGINDISABLED', 'IDLE'])
    expect(imapCapabilities(['a1 BAD what?']).size).toBe(0)
  })
  it('names the mechanisms', () => {
    expect(imapMechanisms(imapCapabilities(['* CAPABILITY AUTH=PLAIN AUTH=SCRAM-SHA-256 SASL-IR AUTH=']))).toEqual(['PLAIN', 'SCRAM-SHA-256'])
  })
  it('takes nothing from a literal', () => {
    const trick = '* CAPABILITY STARTTLS'
    expect(imapCapabilities([`* LIST () "/" {${trick.length}}`, trick, '* CAPABILITY IDLE'])).toEqual(new Set(['IDLE']))
  })
})

describe('literals', () => {
  it.each<[string, string[], string[]]>([
    ['within one line, the response goes on behind it', ['* X {3}', 'abc {2}', 'de', '* Y'], ['* X {3}', '* Y']],
    ['over several lines', ['* X {8}', 'abc', 'def', '* Y'], ['* X {8}', '* Y']],
    ['ends with a line end, the rest of the response is the next line', ['* X {5}', 'abc', 'rest', '* Y'], ['* X {5}', '* Y']],
    ['empty', ['* X {0}', '', '* Y'], ['* X {0}', '* Y']],
    ['non-synchronising and binary', ['* X ~{3+}', 'abc', '* Y'], ['* X ~{3+}', '* Y']],
    ['without end', ['* X {99999}', 'a1 OK', 'a1 OK'], ['* X {99999}']],
    ['not in a request to go on', ['+ {3}', '* Y'], ['+ {3}', '* Y']],
    ['not in the text of a status', ['* OK {3}', '* Y'], ['* OK {3}', '* Y']],
  ])('%s', (_, lines, responses) => expect(withoutLiterals(lines)).toEqual(responses))
})

describe('endsImapReply', () => {
  it.each<[boolean, string[]]>([
    [true, ['* CAPABILITY IMAP4rev1', 'a1 OK done']],
    [true, ['a1 BAD no']],
    [true, ['a1']],
    [false, ['a2 OK another tag']],
    [false, ['A1 OK tags have a case']],
    [false, ['a10 OK']],
    [false, ['* OK a1 OK']],
    [false, []],
    [true, ['* BYE [UNAVAILABLE] later']],
    [false, ['* BYEBYE']],
    [true, ['+ what else?']],
    [false, ['* LIST () "/" {9}', 'a1 OK lie']],
    [false, ['* LIST () "/" {8}', '* BYE no']],
    [true, ['* LIST () "/" {9}', 'a1 OK lie', 'a1 OK true']],
  ])('%s: %j', (ends, lines) => expect(endsImapReply(lines, 'a1')).toBe(ends))
})

describe('imapRefusal', () => {
  it.each<[string, string[]]>([
    ['rate-limited', ['* BYE [UNAVAILABLE] maintenance']],
    ['rate-limited', ['a1 NO [LIMIT] enough']],
    ['rate-limited', ['* BYE Too many connections']],
    ['client-rejected', ['* BYE']],
    ['client-rejected', ['a1 NO Access denied']],
  ])('%s: %j', (reason, lines) => expect(imapRefusal(lines)).toBe(reason))
  it('is null for what speaks of the server', () => {
    expect(imapRefusal(['* OK ready'])).toBe(null)
    expect(imapRefusal(['a1 NO TLS is not configured'])).toBe(null)
    expect(imapRefusal([])).toBe(null)
  })
})

it('counts a line end in a literal as it came: LF alone, or CRLF', () => {
  const announced = '* 1 FETCH (BODY[] {8}'
  expect(withoutLiterals([announced, 'ab\n', 'a1 x\n', ')', 'a1 OK'])).toEqual([announced, 'a1 OK'])
  expect(withoutLiterals([announced, 'ab\n', 'a1 x\n', ' FLAGS {4}\n', 'a1 x)', 'a1 OK'])).toEqual([announced, 'a1 OK'])
  expect(withoutLiterals([announced, 'ab', 'a1 x)', 'a1 OK'])).toEqual([announced, 'a1 OK'])
  expect(withoutLiterals([announced, 'abcdefgh)\n', 'a1 OK'])).toEqual([announced, 'a1 OK'])
})

it('never throws, whatever a server says', () => {
  const octets = fc.array(fc.integer({ min: 0, max: 255 }).map(n => String.fromCharCode(n))).map(cs => cs.join(''))
  const word = fc.constantFrom('*', 'a1', '+', ' ', 'OK', 'BYE', 'NO', '[', ']', '{3}', '{0}', '{12+}', 'CAPABILITY', 'AUTH=', '=')
  const line = fc.oneof(octets, fc.array(word).map(words => words.join('')))
  fc.assert(fc.property(fc.array(line), lines => {
    const capabilities = imapCapabilities(lines)
    imapMechanisms(capabilities)
    imapRefusal(lines)
    expect(withoutLiterals(lines).length).toBeLessThanOrEqual(lines.length)
    endsImapReply(lines, 'a1')
  }), { numRuns: 1000 })
})

it('reads back the capabilities that were written', () => {
  const capability = fc.stringMatching(/^[A-Z0-9=+-]{1,12}$/)
  fc.assert(fc.property(fc.uniqueArray(capability), names => {
    expect([...imapCapabilities([`* CAPABILITY ${names.join(' ')}`, 'a1 OK'])]).toEqual(names)
  }))
})

it('is linear in the length of a line', () => {
  const line = `* OK ${'[ ] '.repeat(200_000)}`
  imapCapabilities([line, `* OK [${'a '.repeat(300_000)}`, `* CAPABILITY ${' '.repeat(600_000)}`])
  imapRefusal([line])
})

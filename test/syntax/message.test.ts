import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldsNamed, MessageReader, type Message } from '../../src/syntax/message.ts'

function read(text: string, cuts: readonly number[] = []): { message: Message; body: string } {
  const parts: string[] = []
  const reader = new MessageReader(() => piece => parts.push(Buffer.from(piece).toString('latin1')))
  const octets = Buffer.from(text, 'latin1')
  let at = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), octets.length]) {
    reader.push(octets.subarray(at, Math.max(at, cut)))
    at = Math.max(at, cut)
  }
  return { message: reader.end(), body: parts.join('') }
}

const problems = (text: string): unknown => read(text).message.problems.map(({ code, line, count }) => [code, line, count])

test('fields and body', () => {
  const { message, body } = read('From: a@example.com\r\nSubject: one\r\n\ttwo\r\nX :y\r\n\r\nbody\r\n\r\nmore')
  expect(message.fields).toEqual([
    { name: 'From', raw: 'From: a@example.com', value: ' a@example.com', line: 1 },
    { name: 'Subject', raw: 'Subject: one\r\n\ttwo', value: ' one\ttwo', line: 2 },
    { name: 'X', raw: 'X :y', value: 'y', line: 4 },
  ])
  expect(body).toBe('body\r\n\r\nmore')
  expect(message).toMatchObject({ unixLines: false, problems: [], octets: 61 })
  expect(fieldsNamed(message.fields, 'subject')).toHaveLength(1)
})

test('line ends of Unix are read as CRLF, in header and body', () => {
  const { message, body } = read('From: a@example.com\nSubject: one\n two\n\nbody\n\nmore\r\nend\n')
  expect(message.fields.map(({ raw }) => raw)).toEqual(['From: a@example.com', 'Subject: one\r\n two'])
  expect(body).toBe('body\r\n\r\nmore\r\nend\r\n')
  expect(message).toMatchObject({ unixLines: true, problems: [] })
})

test('the line of a mailbox file is none of the message', () => {
  expect(read('From ann Mon Nov 23 10:00:00 2026\nFrom: a@example.com\n\nx').message.fields).toMatchObject([{ name: 'From', line: 2 }])
})

describe('what is wrong', () => {
  test.each([
    ['', [['no-header', 1, 1]]],
    ['\r\nbody', [['no-header', 1, 1]]],
    ['From: a\r\nnonsense\r\n\r\n', [['not-a-field', 2, 1]]],
    ['From: a\r\nX: \0\r\n\r\n\0\0', [['nul', 2, 3]]],
    ['From: a\r\nX: b\nY: c\r\n\r\nbare\rone\ntwo\r\n', [['bare-line-end', 2, 3]]],
    [`From: a\r\nX: ${'x'.repeat(996)}\r\n\r\n${'y'.repeat(999)}\r\n${'z'.repeat(998)}\r\n`, [['long-line', 2, 2]]],
    [`From: a\r\n\r\n${'y'.repeat(999)}`, [['long-line', 3, 1]]],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected)
  })

  test('a header without end is not kept', () => {
    const { message } = read(`From: a\r\n${'X: y\r\n'.repeat(300_000)}`)
    expect(message.fields.length).toBeLessThanOrEqual(5000)
    expect(message.problems.map(({ code }) => code)).toEqual(['too-many-fields', 'header-too-long'])
  })
})

test('however it is cut, it reads the same', () => {
  const piece = fc.constantFrom('From: a', 'X: b', '\r\n', '\n', '\r', ' folded', '\0', 'word', '\r\n\r\n', ':')
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(80), { maxLength: 6 }), (pieces, cuts) => {
    const text = pieces.join('')
    expect(read(text, cuts)).toEqual(read(text))
  }))
})

import { describe, expect, it } from 'vitest'
import { imap, pop3, smtp, type Dialect } from '../../src/protocols/dialects.ts'

/** How many of the lines a reader takes as the reply; null when it waits for more. */
function taken(dialect: Dialect, sent: string, lines: readonly string[]): number | null {
  const end = lines.findIndex((_, i) => dialect.endsReply(lines.slice(0, i + 1), sent))
  return end < 0 ? null : end + 1
}

describe('a reply ends', () => {
  it.each<[string, Dialect, string, string[], number | null]>([
    ['SMTP: with the line without hyphen', smtp, 'EHLO a', ['250-a', '250-b', '250 c', '250 d'], 3],
    ['SMTP: with a code alone', smtp, '', ['220-a', '220', '220 b'], 2],
    ['SMTP: with another code', smtp, '', ['220-wait', '550 no'], 2],
    ['SMTP: not with garbage in its midst', smtp, 'EHLO a', ['250-a', 'STARTTLS', '', '250 c'], 4],
    ['SMTP: at once, when it is none', smtp, '', ['SSH-2.0-x', '220 a'], 1],
    ['SMTP: not as long as more is promised', smtp, '', ['220-a', '220-b'], null],
    ['IMAP: a greeting, at once', imap, '', ['* OK hi', '* OK again'], 1],
    ['IMAP: with the tag', imap, 'a1 CAPABILITY', ['* CAPABILITY', '* 3 EXISTS', 'a1 OK', '* more'], 3],
    ['IMAP: not inside a literal', imap, 'a1 CAPABILITY', ['* X {5}', 'a1 OK', 'a1 OK'], 3],
    ['IMAP: not with another tag', imap, 'a1 CAPABILITY', ['a11 OK', 'b1 OK'], null],
    ['POP3: at once', pop3, 'STLS', ['+OK', 'x', '.'], 1],
    ['POP3: a refusal of a list, at once', pop3, 'CAPA', ['-ERR', 'x', '.'], 1],
    ['POP3: a list, with the dot', pop3, 'CAPA', ['+OK', '..', '. ', '.', 'x'], 4],
    ['POP3: a greeting, at once', pop3, '', ['+OK', '.'], 1],
  ])('%s', (_, dialect, sent, lines, count) => expect(taken(dialect, sent, lines)).toBe(count))
})

it('consents', () => {
  expect([['220 go'], ['220-a', '250 b'], ['220-a', '554 b'], ['354 go on'], ['go'], []].map(reply => smtp.agrees(reply)))
    .toEqual([true, true, false, false, false, false])
  expect([['* OK'], ['* PREAUTH'], ['* BYE'], ['* CAPABILITY', 'a1 OK'], ['* OK', 'a1 NO'], ['+ go on'], []].map(reply => imap.agrees(reply)))
    .toEqual([true, true, false, true, false, false, false])
  expect([['+OK'], ['-ERR'], ['OK'], []].map(reply => pop3.agrees(reply))).toEqual([true, false, false, false])
})

import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { existsOf, imapFetched, imapFolders, imapQuoted, imapResponses, imapSearch } from '../../src/syntax/imap-data.ts'

const lines = (text: string): string[] => text.split('\r\n')

describe('imapFolders', () => {
  it('reads names as atoms, in quotes and as literals, with what they are for', () => {
    expect(imapFolders(lines('* LIST (\\HasNoChildren \\Junk) "/" "Junk \\"mail\\""\r\n* LIST () NIL {4}\r\nA(b)\r\n* LIST (\\Noselect) "." INBOX.x\r\na1 OK done'))).toEqual([
      { name: 'Junk "mail"', attributes: ['\\HASNOCHILDREN', '\\JUNK'] },
      { name: 'A(b)', attributes: [] },
      { name: 'INBOX.x', attributes: ['\\NOSELECT'] },
    ])
  })
})

describe('imapSearch', () => {
  it.each([
    ['* SEARCH 9 4\r\na1 OK', [4, 9]],
    ['* SEARCH\r\na1 OK', []],
    ['* ESEARCH (TAG "a1") UID ALL 2,4:6\r\na1 OK', [2, 4, 5, 6]],
    ['* OK 5 SEARCH\r\na1 OK SEARCH 4', []],
  ])('%j', (text, found) => expect(imapSearch(lines(text))).toEqual(found))
  it('does not go through ranges without end', () => {
    expect(imapSearch(['* ESEARCH ALL 1:4000000000,1:4000000000']).length).toBe(100_000)
    const many = Array.from({ length: 300 }, (_, i) => `* ESEARCH UID ALL ${i * 100_000 + 1}:${(i + 1) * 100_000}`)
    expect(imapSearch(many).length).toBe(100_000)
  })
})

describe('imapFetched', () => {
  it('takes literals by their octets, whatever they look like', () => {
    const body = 'Subject: x\r\n\r\n* 4 FETCH (UID 7)\r\na5 OK done\r\n'
    const [one, ...rest] = imapFetched(lines(`* 3 FETCH (UID 9 RFC822.SIZE 812 INTERNALDATE "23-Nov-2026 11:00:00 +0100" BODY[]<0> {${body.length}}\r\n${body})\r\na5 OK done`))
    expect(one).toEqual({ uid: 9, size: 812, arrived: new Date('2026-11-23T10:00:00Z'), body })
    expect(rest).toEqual([])
  })
  it('finds its way past names with lists in them, and past flags', () => {
    expect(imapFetched(lines('* 3 FETCH (BODY[HEADER.FIELDS (DATE FROM)] {3}\r\na\r\n FLAGS (\\Seen) UID 9)'))[0]).toMatchObject({ uid: 9, body: 'a\r\n' })
  })
  it('does not put together without end what one bracket begins', () => {
    expect(imapFetched([`* 3 FETCH (BODY[ ${'a '.repeat(2_000_000)})`])).toHaveLength(1)
  })
  it('has no body where the literal is not all there', () => {
    expect(imapFetched(lines('* 3 FETCH (UID 9 BODY[] {500}\r\nabc)'))[0]).toMatchObject({ uid: 9, body: null })
  })
})

describe('imapResponses', () => {
  it('never throws, and is quick with brackets without end', () => {
    expect(imapResponses([`* LIST ${'('.repeat(200_000)}`])).toHaveLength(1)
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary-ascii' })), many => {
      imapResponses(many)
      imapFetched(many)
    }))
  })
  it('reads back what is quoted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }).filter(text => !/[\0\r\n]/.test(text)), name => {
      expect(imapFolders([`* LIST () "/" ${imapQuoted(name) ?? ''}`])).toEqual([{ name, attributes: [] }])
    }))
    expect(imapQuoted('a\r\nb')).toBeNull()
  })
  it('knows the number of messages', () => {
    expect(existsOf('* 23 EXISTS')).toBe(23)
    expect(existsOf('* 23 EXPUNGE')).toBeNull()
  })
})

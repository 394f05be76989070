import { describe, expect, it } from 'vitest'
import { junkFolders, visitImap, type ImapMailbox } from '../../src/mailbox/imap-mailbox.ts'
import { troubleOf } from '../../src/delivery/trouble.ts'
import type { Visit } from '../../src/mailbox/visit.ts'
import { doors, inByImap, mailServer } from './mailboxes.ts'

async function at(session: string, work: (mailbox: ImapMailbox) => Promise<void>): Promise<Visit> {
  return visitImap(await mailServer(session), doors.imaps, work)
}
const never = (): Promise<void> => Promise.reject(new Error('nobody pauses here'))

describe('a visit by IMAP', () => {
  it('lists folders with their uses, where the server can tell', async () => {
    let junk: readonly string[] = []
    const visit = await at(`${inByImap('IMAP4rev1 SPECIAL-USE LIST-EXTENDED')}
      C: a4 LIST "" "*" RETURN (SPECIAL-USE)
      S: * LIST () "/" INBOX
      S: * LIST (\\Junk) "/" {4}
      S: Mist
      S: * LIST () "/" Spam
      S: a4 OK done`, async mailbox => {
      junk = junkFolders(await mailbox.folders()).map(({ name }) => name)
    })
    expect(visit).toMatchObject({ letIn: true })
    expect(visit.failure).toBeUndefined()
    expect(junk).toEqual(['Mist'])
  })

  it('knows junk folders by their names where there is nothing else', () => {
    const folder = (name: string, ...attributes: string[]) => ({ name, attributes })
    expect(junkFolders([folder('INBOX'), folder('INBOX.Junk'), folder('Spam', '\\NOSELECT'), folder('[Gmail]/Spam'), folder('Spammers')]).map(({ name }) => name))
      .toEqual(['INBOX.Junk', '[Gmail]/Spam'])
  })

  it('finds, fetches in pieces without marking as seen, and takes the whole', async () => {
    const octets = `Subject: x\r\n\r\n${'a6 OK done\r\n'.repeat(6000)}`
    const piece = octets.slice(0, 65_536)
    const rest = octets.slice(65_536)
    const literal = (text: string): string => text.split('\r\n').map(line => `      S: ${line}`).join('\n')
    let found
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 EXAMINE "INBOX"
      S: * 3 EXISTS
      S: * OK [UIDVALIDITY 77] ok
      S: * OK [UIDNEXT 12] ok
      S: a4 OK [READ-ONLY] done
      C: a5 UID SEARCH HEADER X-Test "1"
      S: * SEARCH 11
      S: a5 OK done
      C: a6 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 2 FETCH (UID 11 RFC822.SIZE ${octets.length} INTERNALDATE "23-Nov-2026 10:00:00 +0000" BODY[]<0> {${piece.length}}
${literal(`${piece})`)}
      S: a6 OK done
      C: a7 UID FETCH 11 (UID BODY.PEEK[]<65536.${rest.length}>)
      S: * 2 FETCH (UID 11 BODY[]<65536> {${rest.length}}
${literal(`${rest})`)}
      S: a7 OK done`, async mailbox => {
      expect(await mailbox.open('INBOX')).toEqual({ uidValidity: 77 })
      const [uid = 0] = await mailbox.search('HEADER X-Test "1"')
      found = await mailbox.fetch(uid, 200_000)
    })
    expect(visit.failure).toBeUndefined()
    expect(found).toEqual({ uid: 11, size: octets.length, arrived: new Date('2026-11-23T10:00:00Z'), octets, complete: true })
  })

  it('counts the octets of mail whose lines end in LF alone, whatever they look like, and gives them CRLF', async () => {
    const stored = 'Subject: x\n\n+ news\na4 OK it is not\n* BYE\nHello {3}\n'
    const literal = (behind: string): string => [...stored.slice(0, -1).split('\n').map(line => `${line}\\x0a`), behind].map(line => `      S: ${line}`).join('\n')
    const found: unknown[] = []
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 2 FETCH (BODY[]<0> {${stored.length}}
${literal(` UID 11 RFC822.SIZE ${stored.length} INTERNALDATE "23-Nov-2026 10:00:00 +0000")\\x0a`)}
      S: a4 OK done\\x0a
      C: a5 UID FETCH 11 (UID BODY.PEEK[HEADER]<0.65536>)
      S: * 2 FETCH (BODY[HEADER]<0> {12}
      S: Subject: x\\x0a
      S: \\x0a
      S:  UID 11)
      S: a5 OK done`, async mailbox => {
      found.push(await mailbox.fetch(11, 200_000), await mailbox.header(11))
    })
    expect(visit.failure).toBeUndefined()
    expect(found).toEqual([{ uid: 11, size: stored.length, arrived: new Date('2026-11-23T10:00:00Z'), octets: stored.replaceAll('\n', '\r\n'), complete: true }, 'Subject: x\r\n\r\n'])
  })

  it('takes a message for whole where the server says that nothing follows: sizes may be estimated', async () => {
    let found
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 2 FETCH (UID 11 RFC822.SIZE 120 BODY[]<0> {10}
      S: Subject: x)
      S: a4 OK done
      C: a5 UID FETCH 11 (UID BODY.PEEK[]<10.110>)
      S: * 2 FETCH (UID 11 BODY[]<10> "")
      S: a5 OK done`, async mailbox => {
      found = await mailbox.fetch(11, 200_000)
    })
    expect(visit.failure).toBeUndefined()
    expect(found).toMatchObject({ octets: 'Subject: x', complete: true })
  })

  it('does not ask for a message octet by octet', async () => {
    let found
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 2 FETCH (UID 11 RFC822.SIZE 200000 BODY[]<0> {1}
      S: a)
      S: a4 OK done
      C: a5 UID FETCH 11 (UID BODY.PEEK[]<1.65536>)
      S: * 2 FETCH (UID 11 BODY[]<1> {1}
      S: b)
      S: a5 OK done`, async mailbox => {
      found = await mailbox.fetch(11, 200_000)
    })
    expect(visit.failure).toBeUndefined()
    expect(found).toMatchObject({ octets: 'ab', complete: false })
  })

  it('keeps no mail in what it tells of the session', async () => {
    const stored = `${'x'.repeat(10_000)}\r\n${'y\r\n'.repeat(1000)}`
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 UID FETCH 11 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * 2 FETCH (UID 11 RFC822.SIZE ${stored.length} BODY[]<0> {${stored.length}}
${`${stored})`.split('\r\n').map(line => `      S: ${line}`).join('\n')}
      S: a4 OK done
      C: a5 UID FETCH 12 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
      S: * ${'z'.repeat(1000)}
      S: a5 OK done`, async mailbox => {
      expect((await mailbox.fetch(11, 200_000))?.octets).toBe(stored)
      await mailbox.fetch(12, 200_000)
    })
    expect(visit.failure).toBeUndefined()
    expect(visit.transcript.length).toBeLessThanOrEqual(200)
    expect(visit.transcript.slice(-4).map(({ line }) => line)).toEqual(['a5 UID FETCH 12 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)', `* ${'z'.repeat(498)}`, 'a5 OK done', 'a6 LOGOUT'])
  })

  it('does not take a server that hangs up for one that refuses', async () => {
    const visit = await at(`${inByImap('IMAP4rev1')}
      C: a4 EXAMINE "INBOX"
      S: * BYE [UNAVAILABLE] shutting down`, async mailbox => {
      await mailbox.open('INBOX')
    })
    expect(troubleOf(visit)).toMatchObject({ reason: 'connection-lost', passing: true })
  })

  it('is told by IDLE that something came, and ends it', async () => {
    const visit = await at(`${inByImap('IMAP4rev1 IDLE')}
      C: a4 IDLE
      S: + idling
      S: * OK still here
      S: * 1 EXISTS
      C: DONE
      S: a4 OK done
      C: a5 NOOP`, async mailbox => {
      await mailbox.wait(10_000, never)
    })
    expect(visit).toMatchObject({ letIn: true })
    expect(visit.failure).toBeUndefined()
    expect(visit.transcript.map(({ line }) => line)).toContain('DONE')
  })

  it('asks where there is no IDLE', async () => {
    const paused: number[] = []
    await at(`${inByImap('IMAP4rev1')}
      C: a4 NOOP
      S: a4 OK done`, mailbox => mailbox.wait(60_000, milliseconds => {
      paused.push(milliseconds)
      return Promise.resolve()
    }))
    expect(paused).toEqual([15_000])
  })

  it('expunges one message by its UID, and without UIDPLUS only marks it', async () => {
    const removals: string[] = []
    const store = '\n      C: a4 UID STORE 7 +FLAGS.SILENT (\\Deleted)\n      S: a4 OK done'
    for (const [offers, rest] of [['IMAP4rev1 UIDPLUS', '\n      C: a5 UID EXPUNGE 7\n      S: * 1 EXPUNGE\n      S: a5 OK done'], ['IMAP4rev1', '']] as const) {
      const visit = await at(inByImap(offers) + store + rest, async mailbox => void removals.push(await mailbox.remove(7)))
      expect(visit.failure).toBeUndefined()
      expect(visit.transcript.map(({ line }) => line).filter(line => /\bEXPUNGE$/.test(line) && !line.startsWith('*'))).toEqual([])
    }
    expect(removals).toEqual(['removed', 'marked'])
  })

  it('keeps what the server refuses, and what breaks', async () => {
    expect(await at(`${inByImap('IMAP4rev1')}
      C: a4 EXAMINE "Nope"
      S: a4 NO [NONEXISTENT] no such folder`, mailbox => mailbox.open('Nope').then(() => undefined)))
      .toMatchObject({ refused: { command: 'EXAMINE "Nope"', reply: ['a4 NO [NONEXISTENT] no such folder'] } })
    expect(await at(inByImap('IMAP4rev1'), mailbox => mailbox.open('INBOX').then(() => undefined)))
      .toMatchObject({ failure: { event: 'closed', stage: 'command' } })
    expect(await at(`${inByImap('IMAP4rev1')}
      C: a4 LOGOUT`, mailbox => mailbox.open('a\r\na9 LOGOUT').then(() => undefined))).toMatchObject({ refused: { command: 'EXAMINE ""' } })
  })

  it('sends no password to a server whose certificate is not trusted', async () => {
    const visit = await at('\n  * tls self-signed\n  S: * OK ready\n  C: a1 CAPABILITY\n  S: * CAPABILITY IMAP4rev1 AUTH=PLAIN\n  S: a1 OK done', never)
    expect(visit).toMatchObject({ untried: 'untrusted' })
  })
})

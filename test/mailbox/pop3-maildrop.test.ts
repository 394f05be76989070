import { describe, expect, it } from 'vitest'
import { visitPop3, type Pop3Maildrop } from '../../src/mailbox/pop3-maildrop.ts'
import type { Visit } from '../../src/mailbox/visit.ts'
import { doors, inByPop3, mailServer } from './mailboxes.ts'

async function at(session: string, work: (maildrop: Pop3Maildrop) => Promise<void>): Promise<Visit> {
  return visitPop3(await mailServer(session), doors.pop3s, work)
}

describe('a visit by POP3', () => {
  it('lists, reads headers and messages with their dots, removes one, and waits until the server has done so', async () => {
    const seen: unknown[] = []
    const visit = await at(`${inByPop3('TOP', 'UIDL', 'LOGIN-DELAY 30')}
      C: LIST
      S: +OK 2 messages
      S: 1 120
      S: 2 200
      S: .
      C: UIDL
      S: +OK
      S: 1 abc
      S: 2 def
      S: .
      C: TOP 2 0
      S: +OK
      S: Subject: x
      S:
      S: .
      C: RETR 2
      S: +OK
      S: Subject: x
      S:
      S: ..a dot
      S: .
      C: DELE 2
      S: +OK gone
      C: QUIT
      S: +OK bye`, async maildrop => {
      seen.push(maildrop.loginDelay, await maildrop.list(), await maildrop.header(2), await maildrop.message(2))
      await maildrop.remove(2)
    })
    expect(seen).toEqual([30, [{ number: 1, size: 120, uid: 'abc' }, { number: 2, size: 200, uid: 'def' }], 'Subject: x\r\n\r\n', 'Subject: x\r\n\r\n.a dot\r\n'])
    expect(visit.failure).toBeUndefined()
    expect(visit.transcript.map(({ line }) => line).filter(line => line === 'QUIT')).toHaveLength(1)
  })

  it('reads a header without TOP, and a list without UIDL', async () => {
    const seen: unknown[] = []
    await at(`${inByPop3('USER')}
      C: LIST
      S: +OK
      S: 1 120
      S: .
      C: UIDL
      S: -ERR unknown
      C: RETR 1
      S: +OK
      S: Subject: x
      S:
      S: body
      S: .`, async maildrop => {
      seen.push(await maildrop.list(), await maildrop.header(1))
    })
    expect(seen).toEqual([[{ number: 1, size: 120, uid: null }], 'Subject: x\r\n'])
  })

  it('tells when the server did not remove what it was to remove', async () => {
    expect(await at(`${inByPop3('UIDL')}
      C: DELE 1
      S: +OK
      C: QUIT
      S: -ERR [SYS/TEMP] some were not removed`, maildrop => maildrop.remove(1))).toMatchObject({ refused: { command: 'QUIT' } })
  })
})

import { expect, test } from 'vitest'
import { lookForBounces } from '../../src/delivery/bounces.ts'
import { watchImap, watchPop3, type Search } from '../../src/delivery/look.ts'
import type { Network } from '../../src/network/network.ts'
import { watch } from '../../src/network/watch.ts'
import { doors, inByImap, inByPop3, mailServer } from '../mailbox/mailboxes.ts'

const id = '0123456789abcdef0123'
const late = 'fedcba9876543210fedc'
const header = (of: string): string => `X-Mailcheck-Delivery: ${of}`

/** A clock that pauses move on, `seconds` before the time is over. */
function searching(network: Network, seconds: number, rest: Partial<Search> = {}): Search {
  let now = Date.parse('2026-11-22T12:00:00Z')
  const until = new Date(now + seconds * 1000)
  return {
    network, id, earlier: [], until, stop: () => false, remove: () => true, ...rest,
    clock: {
      now: () => new Date(now),
      pause: milliseconds => {
        now += milliseconds
        return Promise.resolve()
      },
    },
  }
}

function maildrop(count: number, ours: number | null): string {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const read = (number: number): string => `
    C: TOP ${number} 0
    S: +OK
    S: ${number === ours ? header(id) : 'Subject: x'}
    S:
    S: .`
  return `${inByPop3('TOP', 'UIDL')}
    C: LIST
    S: +OK
${numbers.map(number => `    S: ${number} 100`).join('\n')}
    S: .
    C: UIDL
    S: +OK
${numbers.map(number => `    S: ${number} uid${number}`).join('\n')}
    S: .${numbers.toReversed().slice(0, 25).map(read).join('')}`
}

test('what is not in a maildrop is missing only where everything was looked at', async () => {
  expect(await watchPop3(searching(await mailServer(maildrop(25, null)), 0), [doors.pop3s])).toMatchObject({ found: [], trouble: null, whole: true })
  expect(await watchPop3(searching(await mailServer(maildrop(26, null)), 0), [doors.pop3s])).toMatchObject({ found: [], trouble: null, whole: false })
})

test('a later look goes on with what was not looked at', async () => {
  const asked: string[] = []
  const second = maildrop(30, null).replace(/C: TOP 30 0[^]*/, [5, 4, 3, 2, 1].map(number => `C: TOP ${number} 0
    S: +OK
    S: Subject: x
    S:
    S: .`).join('\n    '))
  const sessions = [await mailServer(maildrop(30, null)), await mailServer(second)]
  const next = (): Network => sessions.shift() ?? expect.fail('two looks are enough')
  const network: Network = { query: question => next().query(question), connect: (endpoint, options) => next().connect(endpoint, options), fetch: url => next().fetch(url), now: () => new Date() }
  const told = watch(network, event => {
    if (event.kind === 'sent' && event.line.startsWith('TOP')) asked.push(event.line)
  })
  expect(await watchPop3(searching(told, 5), [doors.pop3s])).toMatchObject({ found: [], trouble: null, whole: true })
  expect(asked).toEqual(Array.from({ length: 30 }, (_, i) => `TOP ${30 - i} 0`))
})

test('what is too long to be ours is not asked for: without TOP, all of it would come', async () => {
  const session = `${inByPop3('USER')}
    C: LIST
    S: +OK
    S: 1 100
    S: 2 90000000
    S: .
    C: UIDL
    S: -ERR unknown
    C: RETR 1
    S: +OK
    S: Subject: x
    S:
    S: .`
  expect(await watchPop3(searching(await mailServer(session), 0), [doors.pop3s])).toEqual({ found: [], trouble: null, whole: true })
})

test('a message is not removed where the server does not answer for it', async () => {
  const session = `${maildrop(1, 1)}
    C: RETR 1
    S: +OK
    S: ${header(id)}
    S:
    S: .
    C: DELE 1
    S: +OK
    C: QUIT
    S: -ERR some were not removed`
  expect(await watchPop3(searching(await mailServer(session), 0), [doors.pop3s])).toMatchObject({ found: [{ id, removal: null }] })
})

test('an earlier message that the server will not remove does not keep us from looking for the one of today', async () => {
  const fetched = (tag: string, uid: number, text: string): string => `
    C: ${tag} UID FETCH ${uid} (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.65536>)
    S: * 1 FETCH (UID ${uid} RFC822.SIZE ${text.length + 4} BODY[]<0> {${text.length + 4}}
    S: ${text}
    S:
    S: )
    S: ${tag} OK`
  const session = `${inByImap('IMAP4rev1')}
    C: a4 LIST "" "*"
    S: a4 OK
    C: a5 EXAMINE "INBOX"
    S: a5 OK
    C: a6 UID SEARCH HEADER X-Mailcheck-Delivery "${late}"
    S: * SEARCH 4
    S: a6 OK${fetched('a7', 4, header(late))}
    C: a8 SELECT "INBOX"
    S: a8 NO it is read-only
    C: a9 EXAMINE "INBOX"
    S: a9 OK
    C: a10 UID SEARCH HEADER X-Mailcheck-Delivery "${id}"
    S: * SEARCH 5
    S: a10 OK${fetched('a11', 5, header(id))}
    C: a12 SELECT "INBOX"
    S: a12 NO it is read-only`
  // the one of today is looked for first: here it comes only once the other was found
  const search = searching(await mailServer(session), 60, { id: '', earlier: [late, id] })
  expect(await watchImap(search, [doors.imaps])).toMatchObject({ found: [{ id: late, removal: null }, { id, removal: null }], trouble: null })
})

test('bounces are looked for at the next address where nobody opens at the first', async () => {
  const elsewhere = { ...doors.imaps, endpoint: { ...doors.imaps.endpoint, address: '2001:db8::5' } }
  const network = await mailServer(`${inByImap('IMAP4rev1')}
    C: a4 EXAMINE "INBOX"
    S: a4 OK
    C: a5 UID SEARCH SINCE 21-Nov-2026 TEXT "${id}"
    S: a5 OK`)
  expect(await lookForBounces(network, { imap: [elsewhere, doors.imaps], pop3: [] }, [id], false)).toEqual({ bounces: [], trouble: null })
  expect(await lookForBounces(network, { imap: [elsewhere], pop3: [] }, [id], false)).toMatchObject({ bounces: [], trouble: { text: expect.stringContaining('2001:db8::5') as string } })
})

import { expect, test } from 'vitest'
import { handIn } from '../../src/delivery/hand-in.ts'
import { doors } from '../mailbox/mailboxes.ts'
import { createWorld } from '../world.ts'

const id = '0123456789abcdef0123'
const message = { id, from: 'joe@example.com', to: 'ann@example.org', sentAt: new Date('2026-11-22T12:00:00Z') }
const door = { ...doors.imaps, endpoint: { ...doors.imaps.endpoint, port: 465 }, account: { ...doors.imaps.account, service: 'submissions' } } as const

async function handed(session: string) {
  const network = await createWorld({
    sessions: {
      '[192.0.2.5]:465': `
        * tls
        S: 220 ready
        C: EHLO probe.example.net
        S: 250-mail.example.com
        S: 250 AUTH PLAIN
        C: AUTH PLAIN ***
        S: 235 welcome
        C: MAIL FROM:<joe@example.com>
        S: 250 ok
        C: RCPT TO:<ann@example.org>
        S: 250 ok
        C: DATA${session}`,
    },
  })
  return handIn(network, door, [message])
}

test('a server that breaks off before it asks for the text has taken nothing', async () => {
  for (const end of ['', '\n        * timeout', '\n        S: 354-wait\n        * closed']) {
    const { visit, results } = await handed(end)
    expect(visit.failure).toMatchObject({ stage: 'command', command: 'DATA' })
    expect([...results]).toEqual([])
  }
})

test('one that breaks off behind the text may have taken it', async () => {
  const { visit, results } = await handed('\n        S: 354 go on\n        C: *\n        * timeout')
  expect(visit.failure).toMatchObject({ event: 'timeout' })
  expect(results.get(id)).toMatchObject({ outcome: 'accepted', queueId: null, host: 'mail.example.com' })
})

test('what it answers to the text counts, and where it keeps it is told', async () => {
  const { results } = await handed('\n        S: 354 go on\n        C: *\n        S: 250 2.0.0 Ok: queued as 4F1A2B')
  expect(results.get(id)).toMatchObject({ outcome: 'accepted', command: 'message', queueId: '4F1A2B' })
})

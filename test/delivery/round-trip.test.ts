/** Round trips through servers of a world on loopback, with everything that can become of a message. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDoors } from '../../src/delivery/doors.ts'
import { findPerson, type Person } from '../../src/delivery/person.ts'
import type { DeliveryResult, EarlierDelivery, RouteResult } from '../../src/delivery/result.ts'
import { deliver } from '../../src/delivery/round-trip.ts'
import { createNetwork, makeScope } from '../../src/index.ts'
import type { RunningWorld } from '../../src/lab/world.ts'
import { startWorld } from '../../src/lab/world.ts'
import { stillWaiting } from '../../src/monitor/deliveries.ts'
import type { Network } from '../../src/network/network.ts'
import { renderDelivery } from '../../src/report/delivery.ts'
import { deliverySchema, renderDeliveryJson } from '../../src/report/delivery-json.ts'
import { violations } from '../report/json-schema.ts'

const names = ['anna', 'ben', 'junk', 'lost', 'late', 'nobody', 'shy', 'never', 'full', 'web'] as const
const users = Object.fromEntries(names.map(name => [`${name}@post.example`, `secret of ${name}`]))
const secrets = new Map(Object.entries(users))

let world: RunningWorld
let network: Network
beforeAll(async () => {
  const mailboxes = { users }
  world = await startWorld({
    domains: { 'post.example': {} },
    zones: {
      'post.example': [
        '@    MX  10 mx',
        '@    TXT "v=spf1 a:mail.post.example -all"',
        '_dmarc TXT "v=DMARC1; p=reject"',
        's1._domainkey TXT "v=DKIM1; k=ed25519; p={dkim}"',
        'mx   A   11.60.0.1',
        'mail A   11.60.0.2',
        '_submissions._tcp SRV 0 1 465 mail',
        '_imaps._tcp SRV 0 1 993 mail',
        '_pop3s._tcp SRV 0 1 995 mail',
      ].join('\n'),
    },
    certificates: { mail: { names: ['mail.post.example'] } },
    servers: [{
      host: 'mail.post.example', addresses: ['11.60.0.2'], certificate: 'mail',
      services: {
        imaps: mailboxes, pop3s: mailboxes,
        submissions: {
          ...mailboxes, mailboxes: ['*@post.example'],
          delivery: {
            receiver: 'mx.else.example', sign: { domain: 'post.example', selector: 's1' },
            results: 'spf=pass smtp.mailfrom={from}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}',
            fates: {
              'junk@post.example': { folder: 'Junk' }, 'lost@post.example': { lost: true }, 'late@post.example': { after: '1500ms' },
              'nobody@post.example': { returned: '5.1.1 <nobody@post.example>: there is no such user' },
              'shy@post.example': { deferred: 2 }, 'never@post.example': { deferred: 1000 },
              'full@post.example': { deferred: 1000, deferral: '452 4.2.2 <full@post.example>: the mailbox is full' },
            },
          },
        },
      },
    }],
  })
  network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], budget: { perEndpoint: 8, perMinute: 200 } })
})
afterAll(() => world.close())

const account = (user: string, service: 'submissions' | 'imaps' | 'pop3s') => ({ service, user: `${user}@post.example`, password: 'env:NOT_SET', name: user })
const config = {
  domains: new Map([['post.example', {
    accounts: [
      ...names.flatMap(name => (['submissions', 'imaps', 'pop3s'] as const).map(service => account(name, service))),
      { ...account('pop', 'pop3s'), user: 'ben@post.example', address: 'ben@post.example' },
      { ...account('quiet', 'submissions'), user: 'ben@post.example' },
      { ...account('wrong', 'imaps'), user: 'anna@post.example' },
      { ...account('split', 'pop3s'), user: 'web@post.example', address: 'web@post.example' },
      { ...account('split', 'imaps'), user: 'junk@post.example', address: 'web@post.example' },
    ],
  }]]),
}

function person(name: string): Person {
  const found = findPerson(config, name)
  if (typeof found === 'string') throw new Error(found)
  return { ...found, accounts: found.accounts.map(one => ({ ...one, secret: () => name === 'wrong' ? 'not it' : secrets.get(one.user) ?? null })) }
}

async function send(from: string, to: readonly string[], { timeout = 20_000, keep = false, earlier = [] as readonly EarlierDelivery[] } = {}): Promise<DeliveryResult> {
  const party = async (name: string) => {
    const who = person(name)
    return { person: who, doors: await findDoors(network, who, makeScope({ ehloName: 'client.example', vantage: [] }, null, { domain: 'post.example', shownAs: 'post.example' })) }
  }
  return deliver({
    network, from: await party(from), to: await Promise.all(to.map(party)), timeout, keep, earlier,
    // in a hurry: what is waited for comes at once, or not at all
    clock: { now: () => new Date(), pause: (milliseconds, signal) => pause(Math.min(milliseconds, 150), undefined, { ...signal ? { signal } : {} }).catch(() => undefined) },
  })
}

async function sendOne(from: string, to: string, options?: Parameters<typeof send>[2]): Promise<RouteResult> {
  const { routes: [route] } = await send(from, [to], options)
  if (!route) throw new Error('there is one route')
  return route
}

const like = (text: string): string => expect.stringContaining(text) as string
const codes = ({ problems }: RouteResult): string[] => problems.map(({ code }) => code)

describe('a message that comes', () => {
  it('is seen by IMAP and POP3, read, verified and deleted', async () => {
    const route = await sendOne('anna', 'ben')
    expect(route).toMatchObject({ outcome: 'delivered', folder: { kind: 'inbox' }, removal: 'removed', problems: [], imap: { state: 'seen' }, pop3: { state: 'seen' } })
    expect(route.timeline.map(({ stage }) => stage)).toEqual(['accepted', 'hop', 'hop', 'delivered', 'imap', 'pop3'])
    expect(route.timeline[0]?.text).toMatch(/^taken by mail\.post\.example, queued as \w+$/)
    expect(route.reading?.receiver).toMatchObject({ server: 'mx.else.example', results: [{ method: 'spf', result: 'pass' }, { method: 'dkim' }, { method: 'dmarc' }] })
    expect(route.reading?.verdict.dkim).toMatchObject([{ result: 'pass', domain: 'post.example', selector: 's1' }])
    expect(route.reading?.verdict.dmarc.result).toBe('pass')
    expect(route.reading?.verdict.hops.map(({ tls }) => tls)).toEqual([true, true])
    // deleted: nothing is left for the next one to stumble over
    expect(await sendOne('anna', 'pop', { keep: false })).toMatchObject({ outcome: 'delivered', imap: { state: 'skipped' }, pop3: { state: 'seen' }, removal: 'removed' })
  })

  it('is kept where that is wished, and then it is still there', async () => {
    const kept = await sendOne('anna', 'web', { keep: true })
    expect(kept).toMatchObject({ outcome: 'delivered', removal: 'kept' })
    const { late, routes } = await send('anna', ['web'], { earlier: [{ id: kept.id, route: kept.route, from: kept.from, to: kept.to, sentAt: kept.sentAt }] })
    expect(late).toMatchObject([{ id: kept.id, folder: { kind: 'inbox' } }])
    expect(routes[0]).toMatchObject({ outcome: 'delivered', removal: 'removed' })
  })

  it('is missing by IMAP where POP3 shows it, unless it came when the time was over', async () => {
    const route = await sendOne('anna', 'split', { timeout: 8000 })
    expect(route).toMatchObject({ outcome: 'delivered', imap: { state: 'missing' }, pop3: { state: 'seen' }, removal: 'removed' })
    expect(codes(route)).toEqual(['missing-by-imap'])
    const late = await sendOne('anna', 'split', { timeout: 1500 })
    expect(late).toMatchObject({ outcome: 'delivered', imap: { state: 'unknown', why: like('when the time was over') }, pop3: { state: 'seen' }, problems: [] })
  })

  it('is told to have come into the junk folder, which POP3 does not show', async () => {
    const route = await sendOne('anna', 'junk')
    expect(route).toMatchObject({ outcome: 'delivered', folder: { name: 'Junk', kind: 'junk' }, pop3: { state: 'skipped' }, removal: 'removed' })
    expect(codes(route)).toEqual(['junk'])
  })

  it('is handed in again after it was deferred', async () => {
    const route = await sendOne('anna', 'shy')
    expect(route).toMatchObject({ outcome: 'delivered' })
    expect(route.timeline.filter(({ stage }) => stage === 'deferred')).toHaveLength(2)
    expect(codes(route)).toEqual(['deferred'])
  })
})

describe('a message that does not come', () => {
  it('is unknown when the server asks to wait to the end, and refused when it says that something is wrong with it', async () => {
    const asked = await sendOne('anna', 'never', { timeout: 6000 })
    expect(asked).toMatchObject({ outcome: 'unknown', imap: { state: 'skipped' }, problems: [], unknown: { reason: 'greylisted' } })
    expect(asked.unknown?.detail).toMatch(/^the server put the message off in \d+ (?:try|tries) within 6 s: 451 4\.7\.1 Greylisted/)
    expect(asked.timeline.length).toBeGreaterThan(0)
    expect(asked.timeline.every(({ stage }) => stage === 'deferred')).toBe(true)
    const full = await sendOne('anna', 'full', { timeout: 6000 })
    expect(full).toMatchObject({ outcome: 'refused', imap: { state: 'skipped' } })
    expect(full.problems).toMatchObject([{ code: 'refused', severity: 'error', text: like('(4.2.2): 452 4.2.2'), remedy: like('full') }])
  })

  it('is recognised when it comes back, and its code explained', async () => {
    const route = await sendOne('anna', 'nobody')
    expect(route).toMatchObject({ outcome: 'bounced', bounce: { status: '5.1.1', reportedBy: 'mail.post.example' } })
    expect(route.problems).toMatchObject([{ code: 'bounced', text: like('there is no such user'), remedy: '5.1.1 means: there is no such mailbox.' }])
    expect(route.timeline.map(({ stage }) => stage)).toEqual(['accepted', 'bounced'])
  })

  it('is lost only when its time is over, and known again when it comes late', async () => {
    const first = await send('anna', ['lost', 'late'], { timeout: 600 })
    expect(first.routes.map(({ outcome }) => outcome)).toEqual(['lost', 'lost'])
    const waiting = stillWaiting([], first, new Date())
    expect(waiting).toHaveLength(2)
    await pause(1500)
    const second = await send('anna', ['late'], { earlier: waiting })
    expect(second.late).toMatchObject([{ to: 'late@post.example', seconds: expect.any(Number) as number }])
    expect(stillWaiting(waiting, second, new Date()).map(({ to }) => to)).toEqual(['lost@post.example'])
  })

  it('is unknown, not lost, where nobody can look', async () => {
    expect(await sendOne('anna', 'quiet', { timeout: 600 })).toMatchObject({ outcome: 'unknown', unknown: { reason: 'endpoint-unknown' }, problems: [] })
    const wrong = await sendOne('anna', 'wrong', { timeout: 600 })
    expect(wrong).toMatchObject({ outcome: 'unknown' })
    expect(codes(wrong)).toEqual(['cannot-read'])
  })

  it('is not said to have come back to nobody where nobody could see that', async () => {
    const { problems } = await sendOne('quiet', 'lost', { timeout: 600 })
    expect(problems).toMatchObject([{ code: 'lost', text: like('whether it came back cannot be told: quiet has no account') }])
  })

  it('cannot be sent by who has no account for it', async () => {
    expect(await sendOne('wrong', 'ben', { timeout: 600 })).toMatchObject({ outcome: 'unknown', unknown: { detail: like('submission') } })
  })
})

it('is printed without a secret, for people and for programs', async () => {
  const result = await send('anna', ['ben', 'junk', 'nobody', 'wrong'], { timeout: 4000 })
  const json = renderDeliveryJson(result)
  const text = renderDelivery(result, { width: 80, colour: false })
  expect(violations(JSON.parse(json), deliverySchema() as Readonly<Record<string, unknown>>)).toEqual([])
  for (const secret of [...secrets.values(), 'not it']) {
    expect(json + text).not.toContain(secret)
    expect(json + text).not.toContain(Buffer.from(secret).toString('base64'))
  }
  expect(text).toMatch(/^anna -> ben: delivered within \d/)
  expect(text).toContain('warning: the message came into the junk folder "Junk"')
  expect(text.split('\n').every(line => line.length <= 80)).toBe(true)
})

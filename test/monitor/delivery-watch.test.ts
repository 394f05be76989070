import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import type { DeliveryResult, EarlierDelivery, RouteResult } from '../../src/delivery/result.ts'
import { settingsFrom, type ServeFlags } from '../../src/commands/serve-settings.ts'
import { parseConfig } from '../../src/config.ts'
import type { Clock } from '../../src/monitor/clock.ts'
import { readDeliveries, writeDeliveries } from '../../src/monitor/deliveries.ts'
import { deliverySamples, DeliveryWatch } from '../../src/monitor/delivery-watch.ts'
import { exposition } from '../../src/monitor/exposition.ts'
import type { Network } from '../../src/network/network.ts'

const directory = mkdtempSync(`${tmpdir()}/mailcheck-deliveries-`)
afterAll(() => rmSync(directory, { recursive: true }))

const sentAt = new Date('2026-11-23T10:00:00Z')
const seen = { state: 'seen', seconds: 2, why: null } as const
const route = (more: Partial<RouteResult>): RouteResult => ({
  route: 'a -> b', from: 'a@example.com', to: 'b@example.com', id: '00112233445566778899', sentAt, outcome: 'delivered', unknown: null, folder: { name: 'INBOX', kind: 'inbox' },
  timeline: [{ stage: 'accepted', at: sentAt, seconds: 0.5, stamped: false, text: '' }, { stage: 'delivered', at: sentAt, seconds: -0.2, stamped: true, text: '' }, { stage: 'imap', at: sentAt, seconds: 2, stamped: false, text: '' }],
  imap: seen, pop3: seen, reading: null, bounce: null, problems: [], removal: 'removed', ...more,
})
const result = (more: Partial<RouteResult> = {}): DeliveryResult => ({ startedAt: sentAt, routes: [route(more)], late: [] })
const told = (samples: ReturnType<typeof deliverySamples>): string[] => samples.map(({ family, labels, value }) => `${family.replace('mailcheck_delivery_', '')} ${Object.values(labels).slice(1).join()} ${value}`)

test('what came of a message is what is measured', () => {
  expect(told(deliverySamples('r', result(), sentAt, []))).toEqual([
    `timestamp_seconds  ${sentAt.getTime() / 1000}`, 'unknown  0', 'success  1', 'seconds accepted 0.5', 'seconds delivered 0', 'seconds imap 2', 'folder_info inbox 1',
  ])
  const lost = { outcome: 'lost', folder: null, timeline: [], problems: [{ code: 'lost', severity: 'error', text: '', remedy: '' }] } as const
  expect(told(deliverySamples('r', result(lost), sentAt, []))).toContain('success  0')
})

test('what could not be tested is no failure, and keeps what was decided before', () => {
  const before = deliverySamples('r', result(), sentAt, [])
  const after = told(deliverySamples('r', result({ outcome: 'unknown', folder: null, timeline: [], unknown: { reason: 'connect-timeout', detail: '' } }), sentAt, before))
  expect(after).toContain('success  1')
  expect(after).toContain('unknown  1')
  expect(after.filter(line => line.startsWith('unknown'))).toHaveLength(1)
})

test('routes are run at their interval, and what was lost is kept and handed to the next run', async () => {
  const due: (() => void)[] = []
  const clock: Clock = { now: () => sentAt, after: (_, act) => { due.push(act); return () => undefined } }
  const handed: (readonly EarlierDelivery[])[] = []
  const watch = new DeliveryWatch({ clock, log: () => undefined, directory })
  const ran = new Promise<void>(resolve => {
    watch.watch([{ name: 'there-and-back', interval: 900, run: earlier => {
      handed.push(earlier)
      setImmediate(() => setImmediate(resolve))
      return Promise.resolve(result({ outcome: 'lost', folder: null, timeline: [], problems: [{ code: 'lost', severity: 'error', text: '', remedy: '' }] }))
    } }])
  })
  for (const act of due.splice(0)) act()
  await ran
  expect(handed).toEqual([[]])
  expect(readDeliveries(directory).map(({ id }) => id)).toEqual(['00112233445566778899'])
  expect(exposition(watch.samples())).toContain('mailcheck_delivery_success{route="there-and-back"} 0')
  await watch.stop()
})

test('what cannot be kept leaves nothing behind', () => {
  const full = mkdtempSync(`${directory}/full-`)
  mkdirSync(`${full}/deliveries.json`) // nothing can take the place of a folder
  expect(() => writeDeliveries(full, [])).toThrow()
  expect(readdirSync(full)).toEqual(['deliveries.json'])
})

test('a route names accounts of the configuration', () => {
  const flags: ServeFlags = { world: false, ipv4: false, ipv6: false, 'trust-ad': false, own: false, login: false, 'tls-scan': false, lists: false, 'third-parties': false }
  const settings = (routes: string) => settingsFrom({
    flags, shard: null, network: {} as Network,
    config: parseConfig(`domains: { example.com: { accounts: [{ service: imaps, user: a@example.com, password: "env:A" }] } }\nroutes: ${routes}`, 'mailcheck.yaml'),
  })
  expect(settings('{ r: { from: a@example.com, to: a@example.com, interval: 5m } }').routes).toMatchObject([{ name: 'r', interval: 300 }])
  expect(() => settings('{ r: { from: a@example.com, to: b } }')).toThrow(/^mailcheck\.yaml:2:\d+: "b" is no account/)
})

import { expect, it } from 'vitest'
import type { Endpoint } from '../../src/network/network.ts'
import { brief, patient } from '../../src/probes/converse.ts'
import { probeSmtp } from '../../src/probes/smtp.ts'
import type { SmtpFacts } from '../../src/probes/session.ts'
import { createSessions, shareSessions, type Script } from '../../src/probes/sessions.ts'
import { createWorld } from '../world.ts'
import { observed } from './context.ts'

const mx: Endpoint = { host: 'mx1.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' }
const script = (name: string, patience = patient): Script<SmtpFacts> => ({
  name, run: (network, endpoint) => probeSmtp(network, endpoint, 'probe.example.net', patience),
})

it('holds one dialogue for all who ask for the same, also while it is going on', async () => {
  const { network, connects } = observed(await createWorld({ sessions: { '[192.0.2.1]:25': 'S: 554 no' } }))
  const sessions = createSessions()
  const [one, two] = await Promise.all([sessions.hold(network, mx, script('smtp')), sessions.hold(network, { ...mx }, script('smtp'))])
  expect(one).toBe(two)
  expect(await sessions.hold(network, mx, script('smtp'))).toBe(one)
  expect(connects.length).toBe(1)
})

it.each<[string, Endpoint, string]>([
  ['port', { ...mx, port: 587 }, 'smtp'], ['address', { ...mx, address: '192.0.2.2' }, 'smtp'], ['TLS mode', { ...mx, tls: 'implicit' }, 'smtp'],
  ['name', { ...mx, host: 'mx2.example.com' }, 'smtp'], ['script', mx, 'smtp, briefly'],
])('another %s is another dialogue', async (_, endpoint, name) => {
  const { network, connects } = observed(await createWorld({}))
  const sessions = createSessions()
  await sessions.hold(network, mx, script('smtp'))
  await sessions.hold(network, endpoint, script(name, brief))
  expect(connects.length).toBe(2)
})

it('forgets what was prevented on our side', async () => {
  const spent = observed(await createWorld({ sessions: { '[192.0.2.1]:25': '* unavailable deadline-spent' } }))
  const open = observed(await createWorld({ sessions: { '[192.0.2.1]:25': 'S: 220 hi' } }))
  const sessions = createSessions()
  expect((await sessions.hold(spent.network, mx, script('smtp'))).failure?.reason).toBe('deadline-spent')
  expect((await sessions.hold(open.network, mx, script('smtp'))).greeting).toEqual(['220 hi'])
})

it('remembers a refusal', async () => {
  const { network, connects } = observed(await createWorld({}))
  const sessions = createSessions()
  await sessions.hold(network, mx, script('smtp'))
  await sessions.hold(network, mx, script('smtp'))
  expect(connects.length).toBe(1)
})

it('shares for as long as each asker will have it, whoever asked first', async () => {
  const { network, connects } = observed(await createWorld({ sessions: { '[192.0.2.1]:25': 'S: 554 no' } }))
  let now = 0
  const sessions = shareSessions(() => now)
  await sessions.within(60_000).hold(network, mx, script('smtp'))
  now = 50_000
  await sessions.within(60_000).hold(network, mx, script('smtp'))
  expect(connects.length).toBe(1)
  await sessions.within(10_000).hold(network, mx, script('smtp'))
  expect(connects.length).toBe(2)
  now = 100_000
  await sessions.within(60_000).hold(network, mx, script('smtp'))
  expect(connects.length).toBe(2)
})

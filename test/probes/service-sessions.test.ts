import { expect, it } from 'vitest'
import { probeMxSession, probeService } from '../../src/probes/service-sessions.ts'
import type { ServiceEndpoint, Source } from '../../src/probes/services.ts'
import { services, type ServiceName } from '../../src/services.ts'
import { createWorld } from '../world.ts'
import { contextFor, observed } from './context.ts'

const at = (service: ServiceName, source: Source): ServiceEndpoint => {
  const { port, tls } = services[service]
  return { name: `mail.example.com[192.0.2.1]:${port}`, host: 'mail.example.com', address: '192.0.2.1', port, tls, service, source }
}

it.each([
  ['submissions', '* tls\nS: 220 hi\nC: EHLO probe.example.net\nS: 250 hi\nC: QUIT', 'smtp'],
  ['submission', 'S: 220 hi\nC: EHLO probe.example.net\nS: 250 hi\nC: QUIT', 'smtp'],
  ['imaps', '* tls\nS: * OK\nC: a1 CAPABILITY\nS: a1 OK\nC: a2 LOGOUT', 'imap'],
  ['imap', 'S: * OK\nC: a1 CAPABILITY\nS: a1 OK\nC: a2 LOGOUT', 'imap'],
  ['pop3s', '* tls\nS: +OK\nC: CAPA\nS: -ERR\nC: QUIT', 'pop3'],
] as const)('%s speaks its protocol', async (service, session, protocol) => {
  const context = contextFor(await createWorld({ sessions: { [at(service, 'srv').name]: session } }))
  expect(await probeService(context, at(service, 'srv'))).toMatchObject({ protocol, greeting: [expect.anything()] })
})

it('a guess gets less time and one try, and its dialogue does not stand for that of a declared endpoint', async () => {
  const { network, connects } = observed(await createWorld({ sessions: { 'mail.example.com[192.0.2.1]:993': '* timeout' } }))
  const context = contextFor(network)
  await probeService(context, at('imaps', 'guess'))
  await probeService(context, at('imaps', 'config'))
  const endpoint = 'mail.example.com[192.0.2.1]:993 implicit'
  expect(connects).toEqual([`${endpoint} within 5000`, endpoint, endpoint])
})

it('port 25 and submission of one host are asked with the name that the user chose', async () => {
  const context = contextFor(await createWorld({ sessions: { 'mail.example.com[192.0.2.1]:25': 'S: 220 hi\nC: EHLO me.example.net\nS: 250 hi' } }), { ehloName: 'me.example.net' })
  const endpoint = { host: 'mail.example.com', address: '192.0.2.1', port: 25, tls: 'starttls' } as const
  const facts = await probeMxSession(context, { name: '', ...endpoint, mx: { name: 'mail.example.com', preference: 10 } })
  expect(facts.ehlo).toEqual(['250 hi'])
  expect(facts.endpoint).toEqual(endpoint)
})

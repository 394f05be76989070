import { describe, expect, it } from 'vitest'
import type { MxEndpoint } from '../../src/probes/addresses.ts'
import { probeEgress, type EgressFacts } from '../../src/probes/egress.ts'
import type { Scope } from '../../src/scope.ts'
import { createWorld, type WorldDefinition } from '../world.ts'
import { contextFor, observed } from './context.ts'

const zone = `
  example.com MX 10 mx1.example.com
  example.com MX 20 mx2.example.com
  mx1.example.com A 192.0.2.1
  mx1.example.com AAAA 2001:db8::1
  mx2.example.com A 192.0.2.2
  mx2.example.com AAAA 2001:db8::2
  vantage.example.net A 198.51.100.1
  vantage.example.net AAAA 2001:db8:ffff::1`

async function egress(
  sessions: NonNullable<WorldDefinition['sessions']>, of = 'mx1.example.com[192.0.2.1]:25', scope: Partial<Scope> = {},
): Promise<EgressFacts & { connects: string[] }> {
  const { network, connects } = observed(await createWorld({ zone, sessions }))
  const context = contextFor(network, scope)
  const endpoint = (await context.facts.get('mxEndpoints')).find(({ name }) => name === of) as MxEndpoint
  return { ...await probeEgress(context, endpoint), connects }
}
const vantage = { vantage: [{ host: 'vantage.example.net' }] }

describe('egress', () => {
  it('over one port is not proven by another', async () => {
    const context = contextFor(await createWorld({
      zone: '_imaps._tcp.example.com SRV 0 1 993 imap.example.com\nimap.example.com A 192.0.2.1',
      sessions: { '[192.0.2.1]:993': '* timeout', '[192.0.2.1]:143': 'S: * OK hi' },
    }))
    const [first] = (await context.facts.get('services')).endpoints.filter(({ service }) => service === 'imaps')
    expect((await context.facts.get('egress', first as never)).accepted).toEqual([])
  })

  it('is no question for a guess, on which nothing depends', async () => {
    const { network, connects } = observed(await createWorld({
      zone: `${zone}\nimap.example.com A 192.0.2.1`, sessions: { '[192.0.2.1]:993': '* timeout', '[198.51.100.1]:993': '* connected 1' },
    }))
    const context = contextFor(network, vantage)
    const [first] = (await context.facts.get('services')).endpoints.filter(({ service }) => service === 'imaps')
    expect((await context.facts.get('egress', first as never)).accepted).toEqual([])
    expect(connects.length).toBe(1)
  })

  it('is proven by the endpoint itself, and then nobody else is asked', async () => {
    const { accepted, connects } = await egress({ 'mx1.example.com[192.0.2.1]:25': 'S: 220 hi' }, undefined, vantage)
    expect(accepted).toEqual(['mx1.example.com[192.0.2.1]:25'])
    expect(connects.length).toBe(1)
  })

  it('is proven by another endpoint of the same port and family', async () => {
    const { accepted, connects, port, family } = await egress({
      'mx1.example.com[192.0.2.1]:25': '* timeout', 'mx2.example.com[192.0.2.2]:25': 'S: 554 no',
    }, undefined, vantage)
    expect({ accepted, port, family }).toEqual({ accepted: ['mx2.example.com[192.0.2.2]:25'], port: 25, family: 4 })
    expect(connects.some(name => name.startsWith('vantage'))).toBe(false)
  })

  it('is not proven by the other family, nor by a refusal', async () => {
    const { accepted } = await egress({
      'mx1.example.com[192.0.2.1]:25': '* timeout', 'mx2.example.com[192.0.2.2]:25': '* refused', 'mx2.example.com[2001:db8::2]:25': 'S: 220 hi',
    })
    expect(accepted).toEqual([])
  })

  it('is proven by a vantage host, over the family in doubt', async () => {
    const sessions = {
      'mx1.example.com[192.0.2.1]:25': '* timeout', 'mx2.example.com[192.0.2.2]:25': '* timeout',
      'mx1.example.com[2001:db8::1]:25': '* timeout', 'mx2.example.com[2001:db8::2]:25': '* timeout',
      'vantage.example.net[198.51.100.1]:25': '* connected 5',
    }
    expect((await egress(sessions, undefined, vantage)).accepted).toEqual(['vantage.example.net[198.51.100.1]:25'])
    expect((await egress(sessions, 'mx1.example.com[2001:db8::1]:25', vantage)).accepted).toEqual([])
    expect((await egress(sessions, undefined, { vantage: [{ host: '198.51.100.1' }] })).accepted).toEqual([])
    expect((await egress({ ...sessions, '[198.51.100.1]:25': '* connected 5' }, undefined, { vantage: [{ host: '198.51.100.1' }] })).accepted)
      .toEqual(['198.51.100.1[198.51.100.1]:25'])
  })

  it('asks a vantage host once for each port and family, and only about its own port', async () => {
    const sessions = {
      'mx1.example.com[192.0.2.1]:25': '* timeout', 'mx2.example.com[192.0.2.2]:25': '* timeout',
      'vantage.example.net[198.51.100.1]:25': '* connected 5',
    }
    const { network, connects } = observed(await createWorld({ zone, sessions }))
    const context = contextFor(network, { vantage: [{ host: 'vantage.example.net' }, { host: 'vantage.example.net', port: 443 }, { host: 'vantage.example.net', port: 25 }] })
    const endpoints = await context.facts.get('mxEndpoints')
    const four = endpoints.filter(({ address }) => address.includes('.'))
    const facts = await Promise.all(four.map(endpoint => probeEgress(context, endpoint)))
    expect(facts.map(({ accepted }) => accepted.length)).toEqual([2, 2])
    expect(connects.filter(name => name.startsWith('vantage'))).toEqual(['vantage.example.net[198.51.100.1]:25 starttls within 5000'])
  })

  it('is not in doubt when the endpoint refuses', async () => {
    const { accepted, connects } = await egress({}, undefined, vantage)
    expect(accepted).toEqual([])
    expect(connects.length).toBe(1)
  })

  it('of a service is proven by another endpoint of the domain', async () => {
    const { network } = observed(await createWorld({
      zone: '_imaps._tcp.example.com SRV 0 1 993 a.example.com\n_imaps._tcp.example.com SRV 0 1 993 b.example.com\na.example.com A 192.0.2.1\nb.example.com A 192.0.2.2',
      sessions: { 'a.example.com[192.0.2.1]:993': '* timeout', 'b.example.com[192.0.2.2]:993': '* connected 3\n* handshake' },
    }))
    const context = contextFor(network)
    const [first] = (await context.facts.get('services')).endpoints
    expect(first?.name).toBe('a.example.com[192.0.2.1]:993')
    expect((await context.facts.get('egress', first as never)).accepted).toEqual(['b.example.com[192.0.2.2]:993'])
  })
})

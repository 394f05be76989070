import { describe, expect, it } from 'vitest'
import { probeVantage } from '../../src/probes/vantage.ts'
import type { Scope } from '../../src/scope.ts'
import { createWorld, type WorldDefinition } from '../world.ts'
import { smtp } from '../checks/transcripts.ts'
import { contextFor, observed } from './context.ts'

const zone = `
  ; secure .
  . SOA a.root.example. hostmaster.example. 1 2 3 4 5
  mx.example.net A 198.51.100.1
  mx.example.net AAAA 2001:db8:ffff::1`
const vantage = { vantage: [{ host: 'mx.example.net' }] }
const v4 = 'mx.example.net[198.51.100.1]:25'
const v6 = 'mx.example.net[2001:db8:ffff::1]:25'

async function seen(definition: WorldDefinition, scope: Partial<Scope> = vantage) {
  const { network, connects, questions } = observed(await createWorld({ zone, ...definition }))
  const facts = await probeVantage(contextFor(network, scope))
  return { ...facts, connects, questions, states: facts.ports.map(({ port, family, state }) => `${port}/v${family} ${state}`) }
}

describe('the self-check', () => {
  it('asks nobody unless the user names somebody', async () => {
    const { connects, questions, hosts } = await seen({}, { vantage: [] })
    expect({ connects, questions, hosts }).toEqual({ connects: [], questions: [], hosts: [] })
  })

  it('tells the families apart', async () => {
    expect((await seen({ sessions: { [v4]: smtp, [v6]: '* timeout' } })).states).toEqual(['25/v4 accepted', '25/v6 silent'])
    expect((await seen({ sessions: { [v4]: '* timeout' } })).states).toEqual(['25/v4 silent', '25/v6 refused'])
    expect((await seen({ sessions: { [v4]: '* timeout' } }, { ...vantage, families: [4] })).states).toEqual(['25/v4 silent'])
  })

  it('says when nobody can be asked over a family', async () => {
    expect((await seen({ zone: 'mx.example.net A 198.51.100.1', sessions: { [v4]: smtp } })).states).toEqual(['25/v4 accepted', '25/v6 unknown'])
    expect((await seen({ sessions: { [v4]: smtp, [v6]: '* unreachable no-ipv6-here' } })).states[1]).toBe('25/v6 no-route')
  })

  it('asks each host at its own port', async () => {
    const { states, connects } = await seen({ sessions: { '[198.51.100.1]:587': '* connected 1' } }, { vantage: [{ host: 'mx.example.net', port: 587 }], families: [4] })
    expect(states).toEqual(['587/v4 accepted'])
    expect(connects).toHaveLength(1)
  })

  it('asks the resolver about names that are signed, and bogus', async () => {
    const { signed, bogus } = await seen({})
    expect(signed && 'value' in signed.answer && signed.answer.value.secure).toBe(true)
    expect(bogus).toBeNull()
    const own = await seen({ zone: 'signed.example SOA a.signed.example. b.signed.example. 1 2 3 4 5\nbogus.example A (servfail)' },
      { ...vantage, controlNames: { signed: 'signed.example', bogus: 'bogus.example' } })
    expect(own.signed?.name).toBe('signed.example')
    expect(own.bogus && 'problem' in own.bogus.answer && own.bogus.answer.problem.reason).toBe('dns-servfail')
  })

  it('notes who vouches for strangers', async () => {
    const shown = (mark: string): Promise<{ unexpectedIssuers: readonly { endpoint: string; issuer: string }[] }> => seen({ sessions: { [v4]: smtp.replace('* tls', `* tls${mark}`) } })
    expect((await shown(' TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer')).unexpectedIssuers).toEqual([{ endpoint: v4, issuer: 'CN=Unknown Root' }])
    expect((await shown('')).unexpectedIssuers).toEqual([])
    expect((await shown(' TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed')).unexpectedIssuers).toEqual([])
  })
})

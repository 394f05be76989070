import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { worldShape, type WorldDefinition } from '../../src/lab/definition.ts'
import { parseWorld, readWorlds } from '../../src/lab/read-world.ts'
import { zonesOf } from '../../src/lab/world-zones.ts'
import { Zones } from '../../src/lab/zones.ts'
import { canonicalIpv6 } from '../../src/syntax/address.ts'
import type { DnsRecord, RecordType } from '../../src/syntax/record.ts'
import { specialPurposeBlock } from '../../src/syntax/special-purpose.ts'

const worlds = readWorlds(fileURLToPath(new URL('../../fixtures/worlds', import.meta.url)))
const zones = new Zones(zonesOf(worlds))
const every = zonesOf(worlds).flatMap(({ records }) => records)
const of = <T extends RecordType>(type: T): DnsRecord<T>[] => every.filter((record): record is DnsRecord<T> => record.type === type)

function addressesOf(name: string): string[] {
  return (['A', 'AAAA'] as const).flatMap(type => {
    const answer = zones.resolve(name, type)
    return 'failure' in answer ? [] : answer.answers.filter(record => record.type === type).map(({ text }) => text)
  })
}

describe('the notation of worlds', () => {
  it('is what its description shows', () => {
    const readme = readFileSync(new URL('../../fixtures/worlds/README.md', import.meta.url), 'utf8')
    const world = parseWorld(/```yaml\n([^]*?)```/.exec(readme)?.[1] ?? '', 'README.md')
    expect(world.domains['shop.example']).toEqual({
      about: 'its certificate has expired', selectors: ['s1'], senders: [{ address: '11.40.0.9', mailFrom: 'bounce.shop.example' }],
      accounts: [{ service: 'imaps', user: 'joe@shop.example', password: 'env:JOE' }],
    })
    expect(zonesOf([world]).map(({ origin, records }) => [origin, records.length])).toEqual([['shop.example', 4], ['branch.example', 4]])
  })
})

describe('the worlds', () => {
  it('stay within reserved names (RFC 2606 §3), so that nobody real is described', () => {
    const names = [...worlds.flatMap(world => [...Object.keys(world.domains), ...world.servers.map(({ host }) => host)]), ...every.map(({ name }) => name)]
    expect(names.filter(name => !/(?:^|\.)(?:example|in-addr\.arpa|ip6\.arpa)$/.test(name))).toEqual([])
  })

  it('use addresses that everybody can reach, but where a private one is the fault', () => {
    const special = [...of('A'), ...of('AAAA')].filter(({ data }) => specialPurposeBlock(data.address) !== null)
    expect(special.map(({ name }) => name)).toEqual(['mx.mx-private.example', 'mx.mx-private-beside-public.example'])
  })

  it('have a server at every address that mail is sent to or read from', () => {
    const served = new Set(worlds.flatMap(world => world.servers).flatMap(({ addresses }) => addresses).map(address => canonicalIpv6(address) ?? address))
    const domains = new Set(worlds.flatMap(world => Object.keys(world.domains)))
    const mx = of('MX').filter(({ name }) => domains.has(name))
    const targets = [...mx.map(({ data }) => data.exchange), ...of('SRV').map(({ data }) => data.target)].filter(name => name !== '')
    expect([...new Set(targets.flatMap(addressesOf))].filter(address => !served.has(address))).toEqual(['192.168.1.10'])
  })

  it('publish every address that a server has', () => {
    const published = new Set([...of('A'), ...of('AAAA')].map(({ data }) => data.address))
    const servers = worlds.flatMap(world => world.servers)
    expect(servers.flatMap(({ addresses }) => addresses).filter(address => !published.has(canonicalIpv6(address) ?? address))).toEqual([])
  })

  it('say of each domain what is the matter with it', () => {
    const silent = worlds.flatMap(world => Object.entries(world.domains)).filter(([, { about }]) => about === '')
    expect(silent).toEqual([])
  })
})

describe('a zone like another', () => {
  const read = (zonesWritten: WorldDefinition['zones']) => zonesOf([worldShape.parse({ zones: zonesWritten })])
  const base = '@ SOA ns1 hostmaster 1 2 3 4 5\n@ MX 10 mx\n@ TXT "one"\n@ TXT "two"\nwww CNAME mx\nmx A 11.0.0.1\nbad A (servfail)\n'
  const lines = (zonesWritten: WorldDefinition['zones']): string[] => {
    const copy = read(zonesWritten).find(({ origin }) => origin === 'copy.example')
    return [...copy?.records ?? []].map(({ name, type, text }) => `${name} ${type} ${text}`)
      .concat([...copy?.special ?? []].map(({ name, type, word }) => `${name} ${type} (${word})`)).toSorted()
  }

  it('has its records under its own name, but for the SOA', () => {
    expect(lines({ 'base.example': base, 'copy.example': { like: 'base.example' } })).toEqual([
      'bad.copy.example A (servfail)', 'copy.example MX 10 mx.base.example.', 'copy.example TXT "one"', 'copy.example TXT "two"',
      'mx.copy.example A 11.0.0.1', 'www.copy.example CNAME mx.base.example.',
    ])
  })

  it('replaces RRsets, takes away with (none), and lets aliases and data replace each other', () => {
    expect(lines({
      'base.example': base,
      'copy.example': { like: 'base.example', records: '@ TXT "three"\n@ MX (none)\nwww A 11.0.0.2\nmx CNAME other\nbad AAAA 2e00::1\nbad A (timeout)\n' },
    })).toEqual([
      'bad.copy.example A (timeout)', 'bad.copy.example AAAA 2e00::1', 'copy.example TXT "three"', 'mx.copy.example CNAME other.copy.example.',
      'www.copy.example A 11.0.0.2',
    ])
  })

  it('may be like one that is like a third, but not like itself or nobody', () => {
    const chain = { 'base.example': base, 'between.example': { like: 'base.example', records: '@ MX 20 mx' }, 'copy.example': { like: 'between.example', records: '@ TXT (none)' } }
    expect(lines(chain)).toContain('copy.example MX 20 mx.between.example.')
    expect(lines(chain)).not.toContain('copy.example TXT "one"')
    expect(() => read({ 'a.example': { like: 'b.example' }, 'b.example': { like: 'a.example' } })).toThrow(/is like it/)
    expect(() => read({ 'a.example': { like: 'b.example' } })).toThrow('zone a.example is like b.example, which is not there')
  })
})

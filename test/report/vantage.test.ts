import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { domainProbes, subjectProbes } from '../../src/probes/index.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import { lacksSelfCheck, seenFromHere } from '../../src/report/vantage.ts'
import { run, type RunResult } from '../../src/run.ts'
import type { Scope } from '../../src/scope.ts'
import { smtp } from '../checks/transcripts.ts'
import { usualScope } from '../check-table.ts'
import { createWorld, type WorldDefinition } from '../world.ts'

const zone = `
  ; secure .
  . SOA a.root.example. hostmaster.example. 1 2 3 4 5
  example.com MX 10 mx1.example.com
  mx1.example.com A 192.0.2.1
  mx.example.net A 198.51.100.1`
const domain = 'mx1.example.com[192.0.2.1]:25'
const stranger = 'mx.example.net[198.51.100.1]:25'
const selected = checks.filter(({ id }) => id === 'smtp/every-address-answers' || id === 'mx-tls/certificate-verifiable')

async function ran(definition: WorldDefinition, scope: Partial<Scope>): Promise<RunResult> {
  const network = await createWorld({ zone, ...definition })
  return run({ ...usualScope, families: [4], ...scope }, { checks: selected, domainProbes, subjectProbes }, { network, sessions: createSessions() })
}

async function lines(definition: WorldDefinition, scope: Partial<Scope> = { vantage: [{ host: 'mx.example.net' }] }): Promise<string[]> {
  const { findings, facts } = await ran(definition, scope)
  return seenFromHere(findings, facts)
}

describe('one line says what can be seen from here', () => {
  test('all of it', async () => {
    expect(await lines({ sessions: { [domain]: smtp, [stranger]: smtp } }))
      .toEqual(['From here: port 25 can be reached over IPv4; the resolver validates DNSSEC.'])
  })

  test('not the port, which is said once', async () => {
    expect(await lines({ sessions: { [domain]: '* timeout', [stranger]: '* timeout' } }))
      .toEqual(['From here: port 25 is blocked over IPv4; the resolver validates DNSSEC.'])
  })

  test('not the other family', async () => {
    expect(await lines({ zone: `${zone}\nmx.example.net AAAA 2001:db8::1`, sessions: { [domain]: smtp, [stranger]: smtp, '[2001:db8::1]:25': '* unreachable no-ipv6-here' } },
      { vantage: [{ host: 'mx.example.net' }], families: [4, 6] }))
      .toEqual(['From here: port 25 can be reached over IPv4 and there is no IPv6; the resolver validates DNSSEC.'])
  })

  test('both families alike', async () => {
    expect(await lines({ zone: `${zone}\nmx.example.net AAAA 2001:db8::1`, sessions: { [domain]: smtp, [stranger]: '* timeout', '[2001:db8::1]:25': '* timeout' } },
      { vantage: [{ host: 'mx.example.net' }], families: [4, 6] }))
      .toEqual(['From here: port 25 is blocked over IPv4 and IPv6; the resolver validates DNSSEC.'])
  })

  test.each([
    ['does not validate DNSSEC', zone.replace('; secure .', ''), {}],
    ['’s word on DNSSEC does not count', zone.replace('; secure .', '; ad-untrusted'), {}],
    ['answers what is bogus', `${zone}\nbogus.example.net A 192.0.2.3`, { controlNames: { bogus: 'bogus.example.net' } }],
    ['validates DNSSEC', `${zone}\nbogus.example.net A (servfail)`, { controlNames: { bogus: 'bogus.example.net' } }],
    ['did not answer about a signed name', zone.replace('. SOA a.root.example. hostmaster.example. 1 2 3 4 5', '. SOA (timeout)'), {}],
  ])('the resolver %s', async (words, world, scope) => {
    expect((await lines({ zone: world, sessions: { [domain]: smtp, [stranger]: smtp } }, { vantage: [{ host: 'mx.example.net' }], ...scope })).join('\n')).toContain(`the resolver${words.startsWith('’') ? '' : ' '}${words}`)
  })

  test('somebody stands in between', async () => {
    const replaced = smtp.replace('* tls', '* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 unknown-issuer')
    expect(await lines({ sessions: { [domain]: replaced, [stranger]: replaced } }))
      .toEqual(['From here: port 25 can be reached over IPv4; the resolver validates DNSSEC; certificates of strangers are issued by CN=Unknown Root, so somebody stands in between.'])
  })

  test('somebody masks what is said on port 25', async () => {
    const masked = 'S: 220 ****************2******0*\nC: EHLO *\nS: 250-mx1.example.com\nS: 250 XXXXXXXA\nC: QUIT'
    const world = { sessions: { [domain]: masked, [stranger]: masked } }
    expect(await lines(world)).toEqual(['From here: port 25 can be reached over IPv4; the resolver validates DNSSEC; what strangers say is masked ("220 ****************2******0*"), so somebody stands in between.'])
    const network = await createWorld({ zone, ...world })
    const starttls = checks.filter(({ id }) => id === 'mx-tls/starttls-works')
    const verdicts = async (scope: Partial<Scope>) => (await run({ ...usualScope, families: [4], ...scope }, { checks: starttls, domainProbes, subjectProbes }, { network, sessions: createSessions() }))
      .findings.map(({ verdict, code }) => `${verdict} ${code ?? ''}`)
    expect(await verdicts({ vantage: [{ host: 'mx.example.net' }] })).toEqual(['unknown intercepted-here'])
    expect(await verdicts({}), 'it may be the firewall of the domain').toEqual([expect.stringMatching(/^fail/)])
  })

  test('there is no network at all', async () => {
    const nothing = { zone: zone.replace('. SOA a.root.example. hostmaster.example. 1 2 3 4 5', '. SOA (timeout)').replace('mx.example.net A 198.51.100.1', 'mx.example.net A (timeout)'), sessions: { [domain]: '* timeout' } }
    expect((await lines(nothing))[0]).toBe('From here: port 25 could not be tested over IPv4; the resolver did not answer about a signed name.')
  })

  test('not even the resolver: it is said all the same', async () => {
    const nothing = { zone: '. SOA (timeout)\nexample.com MX (timeout)\nmx.example.net A (timeout)' }
    expect((await lines(nothing))[0]).toBe('From here: port 25 could not be tested over IPv4; the resolver did not answer about a signed name.')
  })

  test('whether there is such a line is known, so that what was not tried can be told', async () => {
    const world = { sessions: { [domain]: smtp, [stranger]: smtp } }
    expect(lacksSelfCheck((await ran(world, {})).facts)).toBe(true)
    expect(lacksSelfCheck((await ran(world, { vantage: [{ host: 'mx.example.net' }] })).facts)).toBe(false)
    expect(lacksSelfCheck({ mx: {} }), 'no server was asked').toBe(false)
  })

  test.each([
    ['answer their test points', {}, 'the block lists answer their test points'],
    ['do not', { listed: [] }, 'Ours does not answer as a block list must'],
  ])('block lists %s', (_, change, words) => {
    const points = { listed: [{ value: { records: [{ data: { address: '127.0.0.2' } }] } }], unlisted: { value: { records: [] } }, ...change }
    const vantage = { hosts: ['mx.example.net'], ports: [], signed: null, bogus: null, unexpectedIssuers: [], masked: [] }
    expect(seenFromHere([], { vantage, blockLists: [{ name: 'Ours', codes: { '127.0.0.2': 'listed' }, tests: { v4: points } }] })).toEqual([`From here: ${words}.`])
  })

  test('nothing, where nobody was named and nothing stood in the way', async () => {
    expect(await lines({ sessions: { [domain]: smtp } }, {})).toEqual([])
    expect(await lines({ sessions: { [domain]: '* timeout' } }, {})).toEqual(['Connections to port 25 over IPv4 time out; it cannot be told from here whose doing that is (--vantage names a host to compare with).'])
  })
})

describe('a view of its own', () => {
  const answer = (exchange: string): object => ({ records: [{ data: { preference: 10, exchange } }] })
  const facts = (own: readonly object[]): Record<string, unknown> => ({ mx: { answer: answer('mx.example.com') }, servedRecords: own.map(mx => ({ mx })) })

  test('is told where an MX host has another address here', () => {
    const address = (one: string): object => ({ value: { records: [{ data: { address: one } }] } })
    const none = { value: { records: [] } }
    const shown = (there: string): string => seenFromHere([], {
      ...facts([{ value: answer('mx.example.com') }]), addresses: { 'mx.example.com': { v4: address('10.0.0.1'), v6: none } }, hostViews: [{ name: 'mx.example.com', v4: address(there), v6: none }],
    }).join('')
    expect(shown('9.9.9.9')).toMatch(/this network has a view of its own/)
    expect(shown('10.0.0.1')).toBe('')
  })

  test('is told where all servers of the zone say something else', () => {
    const other = { value: answer('mx.example.net') }
    expect(seenFromHere([], facts([other, other])).join('')).toMatch(/other than the zone’s own name servers/)
    expect(seenFromHere([], facts([other, { value: answer('mx.example.com') }]))).toEqual([])
    expect(seenFromHere([], facts([{ value: answer('mx.example.com') }, { problem: {} }]))).toEqual([])
    expect(seenFromHere([], facts([]))).toEqual([])
  })
})

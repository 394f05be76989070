/** Zones that would have us knock at half the internet, at our own door, or fill our memory: they are not followed, and the report says so. */
import { describe, expect, it } from 'vitest'
import { check, checks, makeScope, type Report } from '../../src/index.ts'
import { createWorld } from '../world.ts'
import { contextFor, observed } from './context.ts'

const many = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => line(i)).join('\n')

async function run(zone: string): Promise<{ report: Report; connects: number; questions: number }> {
  const { network, connects, questions } = observed(await createWorld({ zone }))
  const scope = makeScope({ ehloName: 'probe.example.org' }, null, { domain: 'example.com', shownAs: 'example.com' })
  const report = await check(scope, { network, checks: checks.filter(({ topic }) => ['mx', 'smtp', 'mx-tls'].includes(topic)) })
  return { report, connects: connects.length, questions: questions.length }
}

const details = ({ findings }: Report): (string | null)[] => [...new Set(findings.filter(({ code }) => code === 'deadline-spent').map(({ detail }) => detail))]

describe('a domain with', () => {
  it('thousands of MX hosts is asked for none of them', async () => {
    const { report, connects, questions } = await run(many(3000, i => `example.com MX ${i} mx${i}.example.net`))
    expect(details(report)).toEqual(['example.com has 3000 MX hosts: of more than 64 none is tried'])
    expect(report.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    expect(report.findings.length).toBeLessThan(200)
    expect({ connects, few: questions < 200 }).toEqual({ connects: 0, few: true })
  })

  it('a host of thousands of addresses has that host left alone, and the others tried', async () => {
    const { report, connects } = await run(`example.com MX 1 mx1.example.com\nexample.com MX 2 mx2.example.com\nmx2.example.com A 192.0.2.1\n` +
      many(4000, i => `mx1.example.com A 11.0.${i >> 8}.${i & 255}`))
    expect(details(report)).toEqual(['mx1.example.com has 4000 A records: of more than 64 none is tried'])
    expect(connects).toBe(1)
  })

  it('many hosts of many addresses is asked at none of them', async () => {
    const { report, connects } = await run(many(20, i => `example.com MX ${i} mx${i}.example.com\n${many(20, j => `mx${i}.example.com A 11.0.${i}.${j}`)}`))
    expect(details(report)).toEqual(['the MX hosts of example.com have 400 addresses: of more than 256 none is tried'])
    expect(connects).toBe(0)
  })
})

it('SPF is evaluated for some of two hundred addresses, and it is said that others may send', async () => {
  const zone = `example.com TXT "v=spf1 ip4:11.0.0.0/8 -all"\n` +
    many(50, i => `example.com MX ${i} mx${i}.example.com\n${many(4, j => `mx${i}.example.com A 11.0.${i}.${j}`)}`)
  const { addresses, undecided, problem } = await contextFor(await createWorld({ zone })).facts.get('sendingAddresses')
  expect(addresses.length).toBe(32)
  expect(undecided).toContain('mx49.example.com')
  expect(problem).toMatchObject({ detail: 'what SPF says of 168 of 200 MX addresses was not found out' })
})

it('a name server at this machine or its neighbours is asked nothing', async () => {
  const zone = `
    example.com SOA ns1.example.com hostmaster.example.com 1 7200 3600 1209600 3600
    example.com NS ns1.example.com
    example.com NS ns2.example.com
    ns1.example.com A 127.0.0.1
    ns1.example.com AAAA ::1
    ns2.example.com A 169.254.169.254
    ns2.example.com A 9.9.9.2
    com SOA a.gtld.example hostmaster.example.com 1 7200 3600 1209600 3600
    com NS a.gtld.example
    a.gtld.example A 10.0.0.1
    a.gtld.example A 9.9.9.3`
  const world = await createWorld({ zone })
  const servers = new Set<string | undefined>()
  const scope = makeScope({ ehloName: 'probe.example.org' }, null, { domain: 'example.com', shownAs: 'example.com' })
  const report = await check(scope, {
    checks: checks.filter(({ topic }) => topic === 'dns'), network: { ...world, query: question => (servers.add(question.server), world.query(question)) },
  })
  expect([...servers].toSorted()).toEqual(['9.9.9.2', '9.9.9.3', undefined])
  expect(report.findings.find(({ check }) => check === 'dns/nameservers-authoritative')).toMatchObject({
    verdict: 'unknown', code: 'endpoint-unknown', detail: 'ns1.example.com has the address 127.0.0.1 (loopback, RFC 1122), at which nobody is asked',
  })
})

import { expect, test } from 'vitest'
import { closedZone } from '../closed-zone.ts'
import { outcome, type Answer, type Network } from '../../src/network/network.ts'
import { probeDelegation, zoneOf } from '../../src/probes/zone.ts'

/** And how often it was asked. */
function networkOf(zone: string): Pick<Network, 'query'> & Network & { asked: string[] } {
  const answer = closedZone(zone)
  const asked: string[] = []
  return {
    asked,
    query: async question => {
      await Promise.resolve()
      asked.push(`${question.name} ${question.type}`)
      return answer(question) as Answer<typeof question.type>
    },
    connect: () => Promise.reject(new Error('no')), fetch: () => Promise.reject(new Error('no')), now: () => new Date(0),
  }
}

const zone = `
  com SOA a.nic.com h.nic.com 1 2 3 4 5
  com NS a.nic.com
  com NS b.nic.com
  a.nic.com A 9.9.9.1
  b.nic.com A 9.9.9.2
  example.com SOA ns1.example.com h.example.com 1 2 3 4 5
  example.com NS ns1.example.com
  mail.example.com A 9.9.9.25
  www.example.com CNAME host.example.net
  example.net SOA ns1.example.net h.example.net 1 2 3 4 5
  host.example.net A 9.9.9.80`

test.each([
  ['the top of a zone', 'example.com', 'example.com', true],
  ['a name in it', 'mail.example.com', 'example.com', true],
  ['a name that does not exist', 'a.b.example.com', 'example.com', false],
  ['an alias, which lies where it is written and not where it leads', 'www.example.com', 'example.com', true],
  ['a domain that does not exist', 'gone.com', 'com', false],
])('%s', async (_, name, expected, exists) => {
  expect(await zoneOf(networkOf(zone), name)).toMatchObject({ name: expected, exists, failure: null })
})

test('what validation refuses is looked at all the same, and the refusal kept', async () => {
  const found = await zoneOf(networkOf(`${zone}\n; bogus example.com`), 'mail.example.com')
  expect(found).toMatchObject({ name: 'example.com', failure: { reason: 'dns-servfail', extendedErrors: [{ code: 6 }] } })
})

test('silence is a failure', async () => {
  expect(await outcome(zoneOf(networkOf(`${zone}\nmail.example.com SOA (timeout)`), 'mail.example.com'))).toMatchObject({ problem: { reason: 'dns-timeout' } })
})

test('denials without a SOA lead upwards, but not without end', async () => {
  const name = `${'a.'.repeat(100)}example.org`
  const network = networkOf('example.org TXT "x"')
  expect(await zoneOf(network, name)).toMatchObject({ name, exists: false })
  expect(network.asked.length).toBeLessThan(20)
})

test('the parent’s referral, from whichever of its servers tells it', async () => {
  const delegates = '; at 9.9.9.2 delegates example.com ns1.example.com ns2.example.net'
  expect(await probeDelegation(networkOf(`${zone}\n; at 9.9.9.1 * (timeout)\n${delegates}`), 'example.com', [4, 6]))
    .toMatchObject({ parent: 'com', cut: 'example.com', hosts: ['ns1.example.com', 'ns2.example.net'] })
  expect(await probeDelegation(networkOf(`${zone}\n${delegates}`), 'deep.sub.example.com', [4])).toMatchObject({ parent: 'example.com', cut: null, hosts: [] })
  expect(await probeDelegation(networkOf(`${zone}\nexample.com SOA (servfail)\n${delegates}`), 'sub.example.com', [4]))
    .toMatchObject({ parent: 'com', cut: 'example.com', hosts: ['ns1.example.com', 'ns2.example.net'] })
  expect(await probeDelegation(networkOf(`${zone}\n; at 9.9.9.1 delegates evil.org ns.evil.org`), 'example.com', [4])).toMatchObject({ cut: null })
})

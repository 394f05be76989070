import { describe, expect, test } from 'vitest'
import { doubtDenials } from '../../src/network/doubt-denials.ts'
import { outcome, type Answer, type Network, type Question } from '../../src/network/network.ts'
import { closedZone } from '../closed-zone.ts'

const root = '. SOA a.example h.example 1 2 3 4 5'
const zone = 'example.com SOA ns1.example.com h.example.com 1 2 3 4 5\nexample.com MX 10 mx1.example.com\nmx1.example.com A 9.9.9.25'
const about = (name: string): Question => ({ name, type: 'TXT' })

function resolver(text: string, made: Pick<Answer, 'authority'> | null = null) {
  const answer = closedZone(text)
  const asked: string[] = []
  const unused = (): never => {
    throw new Error('nobody is asked for more than the DNS')
  }
  const network: Network = doubtDenials({
    query: async question => {
      await Promise.resolve()
      asked.push(`${question.name} ${question.type}`)
      return { ...answer(question) as Answer<typeof question.type>, ...made ? { authority: made.authority } : {} }
    },
    connect: unused, fetch: unused, now: unused,
  }, 'example.com')
  return { asked, query: (question: Question) => outcome(network.query(question)) }
}

describe('a denial is believed', () => {
  test('that shows its zone, and nobody else is asked', async () => {
    const { query, asked } = resolver(zone)
    expect(await query(about('nowhere.example.com'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
    expect(asked).toEqual(['nowhere.example.com TXT'])
  })
  test('where the root exists, which is asked once', async () => {
    const { query, asked } = resolver(root)
    expect(await query(about('example.com'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
    expect(await query(about('mx1.example.com'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
    expect(asked).toEqual(['example.com TXT', ' SOA', 'mx1.example.com TXT'])
  })
  test('where there is no root, but the domain', async () => {
    const { query } = resolver(zone)
    expect(await query(about('example.net'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
  })
  test('where something else is there', async () => {
    const { query } = resolver('example.net TXT "x"')
    expect(await query(about('example.net'))).toMatchObject({ value: { rcode: 'NOERROR' } })
    expect(await query(about('example.com'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
  })
  test('where the root cannot be asked', async () => {
    const { query } = resolver('. SOA (servfail)')
    expect(await query(about('example.com'))).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
  })
  test('of a name server', async () => {
    const { query } = resolver('')
    expect(await query({ ...about('example.com'), server: '192.0.2.53' })).toMatchObject({ value: { rcode: 'NXDOMAIN' } })
  })
})

describe('a denial is not believed', () => {
  const detail = '127.0.0.1:53 denies every name, even the root of the DNS'
  test('of whom denies the root and the domain', async () => {
    const { query } = resolver('')
    expect(await query(about('example.com'))).toMatchObject({ problem: { reason: 'resolver-refused', detail } })
    expect(await query(about('example.net'))).toMatchObject({ problem: { reason: 'resolver-refused', detail } })
  })
  test('that makes up a zone at the name which it denies', async () => {
    const made = closedZone('example.com SOA made.up.example h.example 1 2 3 4 5')({ name: 'example.com', type: 'SOA' }).records
    const { query } = resolver('', { authority: made })
    expect(await query(about('example.com'))).toMatchObject({ problem: { reason: 'resolver-refused', detail } })
  })
})

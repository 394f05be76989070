import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadBlockLists } from '../../src/data/lists.ts'
import { healthOf, readListing } from '../../src/evaluate/block-list.ts'
import type { Answer, Outcome } from '../../src/network/network.ts'
import { makeRecord } from '../../src/syntax/record.ts'

const { lists } = await loadBlockLists()
const answer = (...addresses: string[]): Answer<'A'> => ({
  question: { name: 'x', type: 'A' }, rcode: addresses.length > 0 ? 'NOERROR' : 'NXDOMAIN', records: addresses.map(address => makeRecord('x', 'A', 60, { address })),
  aliases: [], authority: [], signatures: [], secure: false, adTrusted: true, authoritative: false, origin: 'live', resolver: 'r', transport: 'udp', octets: 1,
  elapsed: 0, extendedErrors: [],
})
const told = (...addresses: string[]): Outcome<Answer<'A'>> => ({ value: answer(...addresses) })
const timeout: Outcome<never> = { problem: { event: 'timeout', reason: 'dns-timeout', detail: 'silent' } }
const bits = { bits: { 8: 'phishing', 16: 'malware' }, ignored: [4], refusals: ['127.0.0.1'] }
const codes = { codes: { '127.0.0.2': 'spam' } }

test.each([
  ['nothing', codes, [], { listed: [], refused: false, undocumented: [] }],
  ['a code', codes, ['127.0.0.2'], { listed: ['spam'], refused: false, undocumented: [] }],
  ['a code beside another', codes, ['127.0.0.2', '127.0.0.3'], { listed: ['spam'], refused: false, undocumented: ['127.0.0.3'] }],
  ['a refusal (127.255.255.0/24)', codes, ['127.255.255.254'], { listed: [], refused: true, undocumented: [] }],
  ['a refusal of this list', bits, ['127.0.0.1'], { listed: [], refused: true, undocumented: [] }],
  ['bits', bits, ['127.0.0.24'], { listed: ['phishing', 'malware'], refused: false, undocumented: [] }],
  ['a harmless bit', bits, ['127.0.0.4'], { listed: [], refused: false, undocumented: [] }],
  ['a harmless bit beside another', bits, ['127.0.0.12'], { listed: ['phishing'], refused: false, undocumented: [] }],
  ['a bit of which nothing is documented', bits, ['127.0.0.40'], { listed: [], refused: false, undocumented: ['127.0.0.40'] }],
  ['bits in another network', bits, ['127.0.1.8'], { listed: [], refused: false, undocumented: ['127.0.1.8'] }],
  ['no answer of a block list', codes, ['192.0.2.1'], { listed: [], refused: false, undocumented: ['192.0.2.1'] }],
])('%s', (_, list, addresses, expected) => {
  expect(readListing(list, answer(...addresses))).toEqual(expected)
})

test.each([
  ['both points as they should be', [told('127.0.0.2')], told(), 'healthy'],
  ['one of several names listed', [told(), told('127.0.0.2')], told(), 'healthy'],
  ['a code of which nothing is documented is a listing of the test point', [told('127.0.0.9')], told(), 'healthy'],
  ['the test point is not listed', [told()], told(), 'unhealthy'],
  ['everything is listed', [told('127.0.0.2')], told('127.0.0.2'), 'unhealthy'],
  ['everything leads to a web site', [told('192.0.2.80')], told('192.0.2.80'), 'unhealthy'],
  ['the resolver is not served', [told('127.255.255.254')], told(), 'refused'],
  ['silence', [timeout], timeout, 'silent'],
  ['silence about what must not be listed', [told('127.0.0.2')], timeout, 'silent'],
  ['silence of one of several names', [timeout, told('127.0.0.2')], told(), 'healthy'],
])('%s', (_, listed, unlisted, expected) => {
  expect(healthOf(codes, { listed, unlisted }).state).toBe(expected)
})

test('whatever a list answers, what counts as listed is documented', () => {
  const addresses = fc.array(fc.oneof(fc.ipV4(), fc.tuple(fc.nat(2), fc.nat(255)).map(([c, d]) => `127.0.${c}.${d}`)), { maxLength: 4 })
  fc.assert(fc.property(fc.constantFrom(...lists), addresses, (list, some) => {
    const documented = [...Object.values(list.codes ?? {}), ...Object.values(list.bits ?? {})]
    for (const meaning of readListing(list, answer(...some)).listed) expect(documented).toContain(meaning)
  }))
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseRdapDomain, rdapServers } from '../../src/syntax/rdap.ts'

const file = (...services: unknown[]): string => JSON.stringify({ services })

describe('the list of registries', () => {
  test('is searched for the longest end of the name', () => {
    const list = file([['com', 'uk'], ['https://a.example/']], [['co.uk'], ['https://b.example/x']])
    expect(rdapServers(list, 'example.com')).toEqual(['https://a.example/'])
    expect(rdapServers(list, 'example.co.uk')).toEqual(['https://b.example/x/'])
    expect(rdapServers(list, 'example.org.uk')).toEqual(['https://a.example/'])
    expect(rdapServers(list, 'notcom')).toEqual([])
  })

  test('may be no list', () => {
    for (const text of ['', '{}', '[]', 'null', '{"services":{}}', '\xff']) expect(rdapServers(text, 'example.com')).toBeNull()
  })

  test('may hold anything', () => {
    expect(rdapServers(file(null, 1, [], [null, null], ['com', 'x'], [['COM', 3], ['', 7, 'https://a.example']]), 'example.com')).toEqual(['https://a.example/'])
  })
})

describe('a domain object', () => {
  test('with names beyond ASCII', () => {
    const text = Buffer.from(JSON.stringify({ objectClassName: 'domain', ldhName: 'xn--bcher-kva.example.', entities: [{ roles: ['registrar'], vcardArray: ['vcard', [['fn', {}, 'text', 'Bücher']]] }] })).toString('latin1')
    expect(parseRdapDomain(text)).toEqual({ name: 'xn--bcher-kva.example', expirations: [], garbled: false, registrar: 'Bücher', statuses: [] })
  })

  test('never throws, and is bounded', () => {
    const keys = fc.constantFrom('objectClassName', 'ldhName', 'events', 'entities', 'status', 'eventAction', 'eventDate', 'roles', 'vcardArray', '__proto__')
    const json = fc.letrec(tie => ({ value: fc.oneof({ maxDepth: 4 }, fc.constantFrom('domain', 'expiration', 'registrar', 'fn', null, 1, '2026-01-01T00:00:00Z'), fc.array(tie('value')), fc.dictionary(keys, tie('value'))) })).value
    fc.assert(fc.property(json, fc.boolean(), (value, domain) => {
      const text = JSON.stringify(domain ? { ...value as object, objectClassName: 'domain' } : value)
      parseRdapDomain(text)
      rdapServers(text, 'example.com')
    }))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
      parseRdapDomain(text)
      rdapServers(text, text)
    }))
    expect(parseRdapDomain('['.repeat(200_000))).toBeNull()
    const long = JSON.stringify({ objectClassName: 'domain', events: Array.from({ length: 100_000 }, (_, i) => ({ eventAction: 'expiration', eventDate: `${2000 + i % 999}-01-01T00:00:00Z` })) })
    expect(parseRdapDomain(long)?.expirations.length).toBeLessThanOrEqual(200)
  })
})

import { describe, expect, test } from 'vitest'
import { findPerson } from '../../src/delivery/person.ts'

const account = (user: string, more: object = {}) => ({ service: 'imaps' as const, user, password: 'env:X', ...more })
const config = {
  domains: new Map([
    ['example.com', { accounts: [account('anna@example.com'), account('anna@example.com', { address: 'office@example.com', name: 'office' }), account('ben')] }],
    ['example.net', { accounts: [account('ben')] }],
    ['example.org', {}],
  ]),
}

describe('findPerson', () => {
  test.each([
    ['office', 'office@example.com'], ['OFFICE@example.com', 'office@example.com'], ['anna@example.com', 'anna@example.com'], ['ben@example.net', 'ben@example.net'],
  ])('%s is %s', (wanted, address) => expect(findPerson(config, wanted)).toMatchObject({ address, accounts: [{ service: 'imaps' }] }))
  test('names that fit two mailboxes fit none', () => {
    expect(findPerson(config, 'ben')).toMatch(/could be ben@example\.com or ben@example\.net/)
  })
  test('what is not there is told, with what is', () => {
    expect(findPerson(config, 'joe')).toBe('"joe" is no account of the configuration: it has anna@example.com, office, ben@example.com, ben@example.net')
    expect(findPerson({ domains: new Map() }, 'joe')).toBe('"joe" is no account of the configuration, which has none')
  })
})

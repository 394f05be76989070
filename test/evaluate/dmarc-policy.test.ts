import { expect, test } from 'vitest'
import { appliedPolicy, discoverByList, discoverByWalk, type DmarcLookup } from '../../src/evaluate/dmarc-policy.ts'
import { parseDmarc } from '../../src/syntax/dmarc.ts'
import { closedZone } from '../closed-zone.ts'

function asked(zone: string, ...domains: string[]): DmarcLookup[] {
  const answer = closedZone(zone)
  return domains.map(domain => {
    const name = `_dmarc.${domain}`
    return { domain, name, answer: { value: answer({ name, type: 'TXT' }) } } as DmarcLookup
  })
}

const one = '_dmarc.example.com TXT "v=DMARC1; p=reject"'
const two = '_dmarc.a.example.com TXT "v=DMARC1; p=none"\n_dmarc.a.example.com TXT "v=DMARC1; p=none"'

test('the domain’s own record goes first', () => {
  const found = discoverByList('a.example.com', asked(`_dmarc.a.example.com TXT "v=DMARC1; p=none"\n${one}`, 'a.example.com', 'example.com'))
  expect(found).toMatchObject({ found: 'one', inherited: false, lookup: { domain: 'a.example.com' }, record: { p: 'none' } })
})

test('else the one above is inherited', () => {
  expect(discoverByList('a.example.com', asked(one, 'a.example.com', 'example.com'))).toMatchObject({ found: 'one', inherited: true, record: { p: 'reject' } })
})

test('several records: RFC 7489 stops there, RFC 9989 walks on', () => {
  const names = asked(`${two}\n${one}`, 'a.example.com', 'example.com')
  expect(discoverByList('a.example.com', names)).toMatchObject({ found: 'several', lookup: { domain: 'a.example.com' } })
  expect(discoverByWalk('a.example.com', names)).toMatchObject({ found: 'one', inherited: true })
})

test('a lookup that failed hides what it would have said', () => {
  const problem = { event: 'timeout', reason: 'dns-timeout', detail: 'no answer' } as const
  const names: DmarcLookup[] = [{ domain: 'a.example.com', name: '_dmarc.a.example.com', answer: { problem } }, ...asked(one, 'example.com')]
  expect(discoverByList('a.example.com', names)).toEqual({ found: 'unknown', problem })
  expect(discoverByWalk('a.example.com', names)).toEqual({ found: 'unknown', problem })
})

test.each([
  ['v=DMARC1; p=reject; sp=none', false, { policy: 'reject', tag: 'p' }],
  ['v=DMARC1; p=reject; sp=none', true, { policy: 'none', tag: 'sp' }],
  ['v=DMARC1; p=quarantine', true, { policy: 'quarantine', tag: 'p' }],
  ['v=DMARC1; rua=mailto:d@example.com', false, { policy: 'none', tag: null }],
  ['v=DMARC1; p=x; rua=mailto:d@example.com', true, { policy: 'none', tag: null }],
  ['v=DMARC1; p=x', false, null],
  ['v=DMARC1', true, null],
])('%s, inherited %s: %j', (text, inherited, policy) => expect(appliedPolicy(parseDmarc(text), inherited)).toEqual(policy))

import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { appliedPolicy, dependsOnExistence, discoverByList, discoverByWalk, legacyPolicy, lowered } from '../../src/evaluate/dmarc-policy.ts'
import { longestWalk, organizationOf, policyName, walkFrom, walkTargets, type DmarcLookup } from '../../src/evaluate/dmarc-walk.ts'
import { NetworkFailure } from '../../src/network/network.ts'
import { parseDmarc } from '../../src/syntax/dmarc.ts'
import { closedZone } from '../closed-zone.ts'
import { anyName } from '../syntax/records.ts'

/** The answers to these domains; to the full walk of the first unless others are named. */
function asked(zone: string, domain: string, ...others: string[]): DmarcLookup[] {
  const answer = closedZone(zone)
  return [...walkTargets(domain), ...others].map((target): DmarcLookup => {
    const name = policyName(target) ?? ''
    try {
      return { domain: target, name, answer: { value: answer({ name, type: 'TXT' }) } } as DmarcLookup
    } catch (error) {
      if (error instanceof NetworkFailure) return { domain: target, name, answer: { problem: error.toJSON() } }
      throw error
    }
  })
}

const at = (domain: string, tags = 'p=none'): string => `_dmarc.${domain} TXT "v=DMARC1; ${tags}"`
const zone = (...lines: string[]): string => lines.join('\n')

describe('the names of a walk (RFC 9989 §4.10)', () => {
  test.each([
    ['com', ['com']],
    ['a.mail.example.com', ['a.mail.example.com', 'mail.example.com', 'example.com', 'com']],
    ['1.2.3.4.5.6.7.8', ['1.2.3.4.5.6.7.8', '2.3.4.5.6.7.8', '3.4.5.6.7.8', '4.5.6.7.8', '5.6.7.8', '6.7.8', '7.8', '8']],
    ['a.b.c.d.e.f.g.h.i.j.mail.example.com', [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com', 'g.h.i.j.mail.example.com', 'h.i.j.mail.example.com', 'i.j.mail.example.com', 'j.mail.example.com',
      'mail.example.com', 'example.com', 'com',
    ]],
    ['a\\.b.example.com', ['a\\.b.example.com', 'example.com', 'com']],
    ['', []],
  ])('%s', (domain, expected) => expect(walkTargets(domain)).toEqual(expected))

  test('are eight at most, and each is asked for once', () => {
    fc.assert(fc.property(anyName, domain => {
      const targets = walkTargets(domain)
      expect(targets.length).toBeLessThanOrEqual(longestWalk)
      expect(new Set(targets).size).toBe(targets.length)
    }))
  })

  test.each([
    ['psd=n', 'a.mail.example.com', at('mail.example.com', 'p=none; psd=n'), 2],
    ['psd=y', 'a.mail.example.com', at('mail.example.com', 'p=none; psd=y'), 2],
    ['neither', 'a.mail.example.com', at('mail.example.com', 'p=none; psd=u'), 4],
    ['psd=y at the start', 'example.com', at('example.com', 'psd=y'), 1],
    ['psd=n in one of several records, which are all dropped', 'example.com', zone(at('example.com', 'psd=n'), at('example.com')), 2],
    ['psd=n in what is no DMARC record', 'example.com', '_dmarc.example.com TXT "v=DMARC2; psd=n"', 2],
  ])('the walk ends at psd=y and psd=n: %s', (_, domain, text, lookups) => {
    expect(walkFrom(domain, asked(text, domain)).lookups).toHaveLength(lookups)
  })
})

describe('the organizational domain (RFC 9989 §4.10.2)', () => {
  const giant = zone(at('bank.example', 'p=none; psd=y'), at('giant.bank.example', 'p=reject'))
  test.each([
    ['no record anywhere: the domain itself', 'a.mail.example.com', '', 'a.mail.example.com'],
    ['fewest labels', 'a.mail.example.com', zone(at('mail.example.com'), at('example.com')), 'example.com'],
    ['a record of its own is not enough', 'signing.example.com', zone(at('signing.example.com'), at('example.com')), 'example.com'],
    ['psd=n', 'a.mail.example.com', zone(at('mail.example.com', 'p=none; psd=n'), at('example.com')), 'mail.example.com'],
    ['psd=n at the start', 'mail.example.com', zone(at('mail.example.com', 'p=none; psd=n'), at('example.com')), 'mail.example.com'],
    ['psd=y: one label below', 'a.mail.example.com', at('com', 'p=none; psd=y'), 'example.com'],
    ['psd=y above a record of the same walk', 'mail.giant.bank.example', giant, 'giant.bank.example'],
    ['psd=y, and nothing between', 'mail.mega.bank.example', giant, 'mega.bank.example'],
    ['psd=y at the start is no public suffix of its own', 'bank.example', giant, 'bank.example'],
    ['a public suffix that forgot psd=y', 'example.com', zone(at('example.com'), at('com')), 'com'],
    ['several records are none', 'mail.example.com', zone(at('mail.example.com'), at('example.com'), at('example.com')), 'mail.example.com'],
    ['the version in small letters is none', 'mail.example.com', '_dmarc.example.com TXT "v=dmarc1; p=none"', 'mail.example.com'],
    ['nine labels: what the walk skips is not found', 'a.b.c.d.e.f.g.example.com', zone(at('b.c.d.e.f.g.example.com', 'psd=n; p=none'), at('example.com')), 'example.com'],
    ['a record that counts as nothing still is one', 'mail.example.com', at('example.com', 'p=rejct'), 'example.com'],
  ])('%s', (_, domain, text, expected) => {
    expect(organizationOf(walkFrom(domain, asked(text, domain)))).toEqual({ value: expected })
  })

  test('a failure within the walk hides it, one above its end does not', () => {
    const failing = 'example.com'
    expect(organizationOf(walkFrom('mail.example.com', asked(`_dmarc.${failing} TXT (timeout)`, 'mail.example.com')))).toMatchObject({ problem: { reason: 'dns-timeout' } })
    expect(organizationOf(walkFrom('mail.example.com', asked(zone(`_dmarc.${failing} TXT (timeout)`, at('mail.example.com', 'p=none; psd=n')), 'mail.example.com'))))
      .toEqual({ value: 'mail.example.com' })
  })

  test('a name that was not asked is a failure, not an absence', () => {
    expect(organizationOf(walkFrom('mail.example.com', asked('', 'com')))).toMatchObject({ problem: { event: 'unavailable' } })
  })

  test('it is the domain or a name above it', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const tags = fc.constantFrom('p=none', 'p=none; psd=y', 'p=none; psd=n', 'p=x', '')
    fc.assert(fc.property(fc.array(label, { minLength: 1, maxLength: 10 }), fc.array(tags, { maxLength: 10 }), (labels, published) => {
      const domain = labels.join('.')
      const text = published.map((one, i) => one === '' ? '' : at(labels.slice(i).join('.') || 'x', one)).join('\n')
      const organization = organizationOf(walkFrom(domain, asked(text, domain)))
      expect(organization).toHaveProperty('value')
      if ('value' in organization) expect(`.${domain}`.endsWith(`.${organization.value}`)).toBe(true)
    }))
  })
})

describe('which record applies', () => {
  const by = (text: string, domain: string, organization = 'example.com') => {
    const lookups = asked(text, domain, organization)
    return [discoverByWalk(domain, lookups), discoverByList(domain, organization, lookups)]
      .map(found => found.found === 'one' ? `${found.inherited ? 'inherited from ' : ''}${found.lookup.domain}` : found.found)
  }
  const deep = 'a.b.c.d.e.f.g.h.example.com'
  test.each<[string, string, string, [walk: string, list: string]]>([
    ['none', 'a.example.com', '', ['none', 'none']],
    ['its own', 'a.example.com', zone(at('a.example.com'), at('example.com')), ['a.example.com', 'a.example.com']],
    ['that of the organizational domain', 'a.example.com', at('example.com'), ['inherited from example.com', 'inherited from example.com']],
    ['one between: the list passes over it', 'a.b.example.com', at('b.example.com'), ['inherited from b.example.com', 'none']],
    ['one between and one above: fewest labels', 'a.b.example.com', zone(at('b.example.com'), at('example.com')), ['inherited from example.com', 'inherited from example.com']],
    ['one between with psd=n', 'a.b.example.com', zone(at('b.example.com', 'psd=n'), at('example.com')), ['inherited from b.example.com', 'inherited from example.com']],
    ['the public suffix, when the organization has none', 'a.example.com', at('com', 'p=none; psd=y'), ['inherited from com', 'none']],
    ['not the public suffix, when it has one', 'a.example.com', zone(at('example.com'), at('com', 'p=none; psd=y')), ['inherited from example.com', 'inherited from example.com']],
    ['one between does not stand in for the organization’s under psd=y', 'a.b.example.com', zone(at('b.example.com'), at('com', 'p=none; psd=y')), ['inherited from com', 'none']],
    ['a public suffix’s own', 'com', at('com', 'p=none; psd=y'), ['com', 'com']],
    ['several: the list stops', 'a.example.com', zone(at('a.example.com'), at('a.example.com'), at('example.com')), ['inherited from example.com', 'several']],
    ['several above', 'a.example.com', zone(at('example.com'), at('example.com')), ['none', 'several']],
    ['other TXT is passed over', 'a.example.com', zone('_dmarc.a.example.com TXT "hello"', at('example.com')), ['inherited from example.com', 'inherited from example.com']],
    ['more than eight labels: its own', deep, at(deep), [deep, deep]],
    ['more than eight labels: not that of the parent', deep, at('b.c.d.e.f.g.h.example.com'), ['none', 'none']],
    ['more than eight labels: one of seven', deep, at('d.e.f.g.h.example.com'), ['inherited from d.e.f.g.h.example.com', 'none']],
    ['its own does not answer', 'a.example.com', zone('_dmarc.a.example.com TXT (servfail)', at('example.com')), ['unknown', 'unknown']],
    ['what is above its own does not matter', 'a.example.com', zone(at('a.example.com'), '_dmarc.example.com TXT (servfail)'), ['a.example.com', 'a.example.com']],
    ['a failure between', 'a.b.example.com', zone('_dmarc.b.example.com TXT (servfail)', at('example.com')), ['unknown', 'inherited from example.com']],
    ['a failure above what is found', 'a.example.com', zone(at('example.com'), '_dmarc.com TXT (servfail)'), ['unknown', 'inherited from example.com']],
    ['an alias is followed', 'example.com', '_dmarc.example.com CNAME d.example.net\nd.example.net TXT "v=DMARC1; p=none"', ['example.com', 'example.com']],
  ])('%s', (_, domain, text, expected) => expect(by(text, domain, domain === 'com' ? 'com' : undefined)).toEqual(expected))
})

describe('what a record asks for', () => {
  test.each([
    ['v=DMARC1; p=reject; sp=none', { inherited: false }, 'p=reject', 'p=reject'],
    ['v=DMARC1; p=reject; sp=none', { inherited: true }, 'sp=none', 'sp=none'],
    ['v=DMARC1; p=quarantine', { inherited: true }, 'p=quarantine', 'p=quarantine'],
    ['v=DMARC1; p=none; np=reject', { inherited: true }, 'p=none', 'p=none'],
    ['v=DMARC1; p=none; np=reject', { inherited: true, exists: false }, 'np=reject', 'p=none'],
    ['v=DMARC1; p=none; sp=quarantine', { inherited: true, exists: false }, 'sp=quarantine', 'sp=quarantine'],
    ['v=DMARC1; p=none; sp=quarantine; np=none', { inherited: true, exists: false }, 'np=none', 'sp=quarantine'],
    ['v=DMARC1; p=none; np=reject', { inherited: false, exists: false }, 'p=none', 'p=none'],
    ['v=DMARC1; rua=mailto:d@example.com', { inherited: false }, 'null=none', 'null=none'],
    ['v=DMARC1; p=x; rua=mailto:d@example.com', { inherited: true }, 'null=none', 'null=none'],
    ['v=DMARC1; p=reject; sp=x; rua=mailto:d@example.com', { inherited: false }, 'null=none', 'null=none'],
    ['v=DMARC1; p=reject; np=x; rua=mailto:d@example.com', { inherited: false }, 'null=none', 'p=reject'],
    ['v=DMARC1; p=reject; np=x', { inherited: false }, 'nothing', 'p=reject'],
    ['v=DMARC1; p=x', { inherited: false }, 'nothing', 'nothing'],
    ['v=DMARC1; p=x; rua=d@example.com', { inherited: false }, 'nothing', 'nothing'],
    ['v=DMARC1', { inherited: true }, 'nothing', 'nothing'],
  ])('%s, %j: %s, before %s', (text, place, now, before) => {
    const record = parseDmarc(text)
    expect([appliedPolicy(record, place), legacyPolicy(record, place.inherited)].map(applied => applied ? `${applied.tag}=${applied.policy}` : 'nothing')).toEqual([now, before])
  })

  test.each([
    ['v=DMARC1; p=none; np=reject', true, true], ['v=DMARC1; p=reject; np=reject', true, false], ['v=DMARC1; p=none; np=reject', false, false],
    ['v=DMARC1; p=none; sp=reject; np=reject', true, false], ['v=DMARC1; p=none', true, false],
  ])('%s, inherited %s: existence matters %s', (text, inherited, expected) => expect(dependsOnExistence(parseDmarc(text), inherited)).toBe(expected))

  test('one level lower', () => expect((['reject', 'quarantine', 'none'] as const).map(lowered)).toEqual(['quarantine', 'none', 'none']))
})

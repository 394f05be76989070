/** The probes of what a domain publishes: SPF, DKIM, DMARC, and what it does with mail. */
import { describe, expect, test } from 'vitest'
import { probeContexts, type ContextFacts } from '../../src/probes/contexts.ts'
import { probeDkim, type DkimFacts } from '../../src/probes/dkim.ts'
import { probeDmarc } from '../../src/probes/dmarc.ts'
import { probeSpf } from '../../src/probes/spf.ts'
import type { Scope } from '../../src/scope.ts'
import { createWorld } from '../world.ts'
import { ed25519, txt } from '../checks/dkim/keys.ts'
import { contextFor, observed } from './context.ts'

async function world(zone: string, scope: Partial<Scope> = {}) {
  const { network, questions } = observed(await createWorld({ zone }))
  return { context: contextFor(network, scope), questions }
}

test('SPF: the tree, and no fact at all when the domain’s own TXT fails', async () => {
  const { context } = await world('example.com TXT "v=spf1 include:a.example -all"\na.example TXT (timeout)')
  await expect(probeSpf(context)).resolves.toMatchObject({ domain: 'example.com', records: ['v=spf1 include:a.example -all'], branches: [{ node: { answer: { problem: {} } } }] })
  const failing = await world('example.com TXT (servfail)')
  await expect(probeSpf(failing.context)).rejects.toMatchObject({ name: 'NetworkFailure', reason: 'dns-servfail' })
})

describe('DMARC', () => {
  const names = async (zone: string, domain: string) => {
    const { context } = await world(zone, { domain })
    const { asked, organizationalDomain, publicSuffixes } = await probeDmarc(context)
    return { asked: asked.map(({ name }) => name), organizationalDomain, publicSuffixes }
  }

  test('every name of the walk is asked, whatever the first says: who belongs together is found out above', async () => {
    expect(await names('_dmarc.a.b.example.co.uk TXT "v=DMARC1; p=none"', 'a.b.example.co.uk')).toEqual({
      asked: ['_dmarc.a.b.example.co.uk', '_dmarc.b.example.co.uk', '_dmarc.example.co.uk', '_dmarc.co.uk', '_dmarc.uk'],
      organizationalDomain: 'example.co.uk', publicSuffixes: ['co.uk', 'uk'],
    })
    expect(await names('', 'example.com')).toEqual({ asked: ['_dmarc.example.com', '_dmarc.com'], organizationalDomain: 'example.com', publicSuffixes: ['com'] })
  })

  test('a name of many labels costs eight questions, and one that leaves no room for _dmarc none', async () => {
    const { asked, organizationalDomain } = await names('', `${'x.'.repeat(40)}example.com`)
    expect(asked).toHaveLength(8)
    expect(asked).toContain(`_dmarc.${organizationalDomain}`)
    expect((await names('', `${`${'y'.repeat(49)}.`.repeat(4)}${'z'.repeat(41)}.example.com`)).asked[0]).toBe(`_dmarc.${`${'y'.repeat(49)}.`.repeat(3)}${'z'.repeat(41)}.example.com`)
  })

  test('of the hosts that reports go to, each is asked about once, and for consent only where it is another organization', async () => {
    const { context, questions } = await world(`
      _dmarc.example.com TXT "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@reports.example.com,mailto:c@example.net,https://x.example; ruf=mailto:d@EXAMPLE.NET,e@example.org"
      example.net MX 10 mx.example.net
      reports.example.com A 192.0.2.1`)
    const destinations = await context.facts.get('reportDestinations')
    expect(destinations.map(({ name, addresses }) => [name, addresses !== undefined])).toEqual([['example.com', true], ['reports.example.com', true], ['example.net', false]])
    expect(questions.filter(question => question.endsWith(' MX'))).toEqual(['example.com MX', 'reports.example.com MX', 'example.net MX'])
    const authorisations = await context.facts.get('reportAuthorisations')
    expect(authorisations.map(({ host, answer }) => [host, answer !== null])).toEqual([['example.com', false], ['reports.example.com', false], ['example.net', true]])
    expect(questions).toContain('example.com._report._dmarc.example.net TXT')
  })

  test('a record with a thousand destinations has only twenty of them asked', async () => {
    const uris = Array.from({ length: 1000 }, (_, i) => `mailto:a@h${i}.example`).join(',')
    const pieces = `v=DMARC1; p=none; rua=${uris}`.match(/.{1,255}/g)?.map(piece => `"${piece}"`).join(' ')
    const { context } = await world(`_dmarc.example.com TXT ${pieces}`)
    expect(await context.facts.get('reportDestinations')).toHaveLength(20)
  })

  test('what the senders authenticate: the domain itself unless declared', async () => {
    const { context } = await world('', { senders: [
      { address: '192.0.2.1' }, { address: '192.0.2.2', mailFrom: 'bounce@Mail.Example.com', dkim: 'example.net' }, { address: '192.0.2.3', mailFrom: 'no domain' },
    ] })
    const { senders, names: asked } = await context.facts.get('senderIdentities')
    expect(senders).toEqual([
      { address: '192.0.2.1', mailFrom: 'example.com', dkim: null }, { address: '192.0.2.2', mailFrom: 'mail.example.com', dkim: 'example.net' },
      { address: '192.0.2.3', mailFrom: null, dkim: null },
    ])
    expect(asked.map(({ domain }) => domain)).toEqual(['example.com', 'mail.example.com', 'example.net'])
  })
})

describe('DKIM', () => {
  const probe = async (zone: string, scope: Partial<Scope> = {}) => {
    const { context, questions } = await world(zone, scope)
    const facts = await probeDkim(context)
    return { facts, questions }
  }
  const selectors = ({ selectors }: DkimFacts, source: string) => selectors.filter(one => one.source === source).map(({ selector }) => selector)
  const google = 'example.com MX 1 aspmx.l.google.com\nexample.com TXT "v=spf1 include:sendgrid.net -all"'

  test('declared selectors, then those of the providers seen; the common ones only if nothing is found', async () => {
    const { facts } = await probe(`${google}\n${txt('s2._domainkey.example.com', ed25519)}`, { selectors: ['X1', 's1'] })
    expect(facts.selectors.map(({ selector, source, provider, exists }) => [selector, source, provider, exists])).toEqual([
      ['x1', 'declared', undefined, false], ['s1', 'declared', undefined, false], ['google', 'provider', 'Google Workspace', false], ['s2', 'provider', 'SendGrid', true],
    ])
    expect(facts.providers.map(({ name, because }) => [name, because])).toEqual([['Google Workspace', 'MX aspmx.l.google.com'], ['SendGrid', 'SPF sendgrid.net']])
    const none = await probe(google)
    expect(selectors(none.facts, 'common')).toEqual(expect.arrayContaining(['default', 'mail', 'selector1']))
    expect(new Set(none.questions).size).toBeGreaterThanOrEqual(none.facts.selectors.length)
    expect(none.facts.selectors.map(({ name }) => name)).toEqual([...new Set(none.facts.selectors.map(({ name }) => name))])
  })

  test('the label that nobody chose is the same in every run, and of this domain', async () => {
    const [first, second, other] = await Promise.all([probe(''), probe(google), probe('', { domain: 'example.net' })])
    expect(first.facts.wildcard.name).toMatch(/^mailcheck-\w+-absent\._domainkey\.example\.com$/)
    expect(second.facts.wildcard.name).toBe(first.facts.wildcard.name)
    expect(other.facts.wildcard.name.split('.')[0]).not.toBe(first.facts.wildcard.name.split('.')[0])
  })

  test('a wildcard alias answers every guess alike', async () => {
    const { facts } = await probe(`*._domainkey.example.com CNAME dkim.example.net\n${txt('dkim.example.net', ed25519)}`)
    expect(facts.wildcard.answer).toMatchObject({ value: { aliases: { length: 1 } } })
    expect(facts.selectors.filter(({ exists }) => exists)).toEqual([])
  })

  test('MX and SPF that fail leave the common ones', async () => {
    const { facts } = await probe(`example.com MX (timeout)\nexample.com TXT (timeout)\n${txt('mail._domainkey.example.com', ed25519)}`)
    expect(facts.providers).toEqual([])
    expect(facts.selectors.filter(({ exists }) => exists).map(({ selector }) => selector)).toEqual(['mail'])
  })
})

describe('contexts', () => {
  const values = ({ receiving, sending, parked }: ContextFacts) => [receiving.value, sending.value, parked.value]
  const probe = async (zone: string, scope: Partial<Scope> = {}) => {
    const { context, questions } = await world(zone, scope)
    const facts = await probeContexts(context)
    return { facts, questions }
  }
  const mx = 'example.com MX 10 mx1.example.com'
  const nullMx = 'example.com MX 0 .'

  test.each<[string, string, Partial<Scope>, string[]]>([
    ['MX', mx, {}, ['yes', 'yes', 'no']],
    ['MX, and v=spf1 -all: it only receives', `${mx}\nexample.com TXT "V=SPF1  -ALL "`, {}, ['yes', 'no', 'no']],
    ['MX, -all, and a DKIM key', `${mx}\nexample.com TXT "v=spf1 -all"\n${txt('default._domainkey.example.com', ed25519)}`, {}, ['yes', 'yes', 'no']],
    ['MX, -all, and a revoked key', `${mx}\nexample.com TXT "v=spf1 -all"\ndefault._domainkey.example.com TXT "v=DKIM1; p="`, {}, ['yes', 'no', 'no']],
    ['MX, and an SPF record that ends so too', `${mx}\nexample.com TXT "v=spf1 ip4:192.0.2.1 -all"`, {}, ['yes', 'yes', 'no']],
    ['null MX', nullMx, {}, ['no', 'no', 'yes']],
    ['null MX, and SPF that passes somebody', `${nullMx}\nexample.com TXT "v=spf1 ip4:192.0.2.1 -all"`, {}, ['no', 'yes', 'no']],
    ['null MX, and SPF with neutral terms alone', `${nullMx}\nexample.com TXT "v=spf1 ?a ~mx -all"`, {}, ['no', 'no', 'yes']],
    ['null MX, and terms behind all', `${nullMx}\nexample.com TXT "v=spf1 -all a mx"`, {}, ['no', 'no', 'yes']],
    ['null MX, and a redirect to a record that passes', `${nullMx}\nexample.com TXT "v=spf1 redirect=r.example"\nr.example TXT "v=spf1 redirect=s.example"\ns.example TXT "v=spf1 a -all"`, {}, ['no', 'yes', 'no']],
    ['null MX, and a redirect to one that does not', `${nullMx}\nexample.com TXT "v=spf1 redirect=r.example"\nr.example TXT "v=spf1 -all"`, {}, ['no', 'no', 'yes']],
    ['no MX, an address', 'example.com A 192.0.2.1', {}, ['no', 'no', 'yes']],
    ['no MX, an address, and it sends', 'example.com AAAA 2001:db8::1\nexample.com TXT "v=spf1 a -all"', {}, ['yes', 'yes', 'no']],
    ['no MX, no address, and it sends', 'example.com TXT "v=spf1 ip4:192.0.2.1 -all"', {}, ['no', 'yes', 'no']],
    ['nothing there', '', {}, ['no', 'no', 'yes']],
    ['a submission service in SRV', `${nullMx}\n_submissions._tcp.example.com SRV 0 1 465 mail.example.com`, {}, ['no', 'yes', 'no']],
    ['one that is said not to be offered', `${nullMx}\n_submission._tcp.example.com SRV 0 0 0 .`, {}, ['no', 'no', 'yes']],
    ['a declared sender', nullMx, { senders: [{ address: '192.0.2.1' }] }, ['no', 'yes', 'no']],
    ['a declared submission service', nullMx, { services: { submission: { host: 'mail.example.com', port: 587 } } }, ['no', 'yes', 'no']],
    ['a wildcard with a key is no selector of anybody', `${nullMx}\n${txt('*._domainkey.example.com', ed25519)}`, {}, ['no', 'no', 'yes']],
    ['declared to be parked', mx, { context: { parked: 'yes' } }, ['no', 'no', 'yes']],
    ['declared not to send', mx, { context: { sending: 'no' } }, ['yes', 'no', 'no']],
    ['declared to receive', nullMx, { context: { receiving: 'yes' } }, ['yes', 'no', 'no']],
    ['MX fails, and nothing else shows', 'example.com MX (servfail)\nexample.com A 192.0.2.1', {}, ['unknown', 'unknown', 'unknown']],
    ['MX fails, and SPF shows that it sends', 'example.com MX (servfail)\nexample.com TXT "v=spf1 a -all"', {}, ['unknown', 'yes', 'no']],
    ['TXT fails beside MX', `${mx}\nexample.com TXT (timeout)`, {}, ['yes', 'unknown', 'no']],
    ['TXT fails beside null MX', `${nullMx}\nexample.com TXT (timeout)`, {}, ['no', 'unknown', 'unknown']],
    ['no MX, the addresses fail, and it sends', 'example.com TXT "v=spf1 ip4:192.0.2.1 -all"\nexample.com A (timeout)', {}, ['unknown', 'yes', 'no']],
  ])('%s', async (_name, zone, scope, expected) => {
    const { facts } = await probe(zone, scope)
    expect(values(facts)).toEqual(expected)
    for (const { value, because, reason } of Object.values(facts)) {
      expect(because).not.toBe('')
      expect(reason !== undefined).toBe(value === 'unknown')
    }
  })

  test('the first evidence is enough', async () => {
    const { facts, questions } = await probe(`${mx}\nexample.com TXT "v=spf1 include:a.example redirect=b.example"`)
    expect(facts.sending).toEqual({ value: 'yes', because: 'MX 10 mx1.example.com.' })
    expect(questions).toEqual(['example.com MX', 'example.com TXT'])
  })
})

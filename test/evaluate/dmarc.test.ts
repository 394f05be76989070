/** DMARC for one message: RFC 9989's own examples (B.4), and every branch of its evaluation. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DmarcLookups, evaluateDmarc, type Authentication, type DmarcVerdict } from '../../src/evaluate/dmarc.ts'
import { evaluateLegacy, type LegacyReading } from '../../src/evaluate/dmarc-legacy.ts'
import { drive } from '../../src/probes/drive.ts'
import { createWorld } from '../world.ts'
import { observed } from '../probes/context.ts'

interface Message {
  readonly from?: string
  readonly spf?: string
  readonly dkim?: readonly string[]
}

/** `example.com=pass` */
function authentication(text: string): Authentication {
  const [domain = '', result = ''] = text.split('=')
  return { domain, result }
}

async function evaluate(zone: string, { from = 'a@example.com', spf, dkim = [] }: Message): Promise<{ now: DmarcVerdict; before: LegacyReading | null; questions: string[] }> {
  const { network, questions } = observed(await createWorld({ zone }))
  const request = { from, spf: spf === undefined ? null : authentication(spf), dkim: dkim.map(authentication) }
  const lookups = new DmarcLookups()
  const now = await drive(evaluateDmarc(request, lookups), network)
  const asked = [...questions]
  return { now, before: await drive(evaluateLegacy(request, lookups), network), questions: asked }
}

const at = (domain: string, tags = 'p=reject'): string => `_dmarc.${domain} TXT "v=DMARC1; ${tags}"`
const zone = (...lines: string[]): string => lines.join('\n')
const told = ({ result, policy, orgDomain, policyDomain, alignment: { spf, dkim } }: DmarcVerdict | LegacyReading): unknown[] =>
  [result, policy, orgDomain, policyDomain, `${spf ? 'spf' : ''}${spf && dkim ? '+' : ''}${dkim ? 'dkim' : ''}`]

describe('the examples of RFC 9989', () => {
  test('B.4.1', async () => {
    const { now } = await evaluate(zone(at('example.com'), at('signing.example.com')), { spf: 'example.com=pass', dkim: ['signing.example.com=pass'] })
    expect(told(now)).toEqual(['pass', 'reject', 'example.com', 'example.com', 'spf+dkim'])
    expect(now.queries).toEqual(['_dmarc.example.com', '_dmarc.com', '_dmarc.signing.example.com'])
  })

  test('B.4.2: the walk from many labels', async () => {
    const { now } = await evaluate(zone(at('example.com', 'p=reject; sp=quarantine'), at('signing.example.com')), {
      from: 'x@a.b.c.d.e.f.g.h.i.j.k.example.com', spf: 'example.com=pass', dkim: ['signing.example.com=pass'],
    })
    expect(told(now)).toEqual(['pass', 'quarantine', 'example.com', 'example.com', 'spf+dkim'])
    expect(now.queries.slice(0, 8)).toEqual([
      'a.b.c.d.e.f.g.h.i.j.k.example.com', 'g.h.i.j.k.example.com', 'h.i.j.k.example.com', 'i.j.k.example.com', 'j.k.example.com', 'k.example.com', 'example.com', 'com',
    ].map(domain => `_dmarc.${domain}`))
  })

  test('B.4.3: a public suffix with a policy', async () => {
    const { now } = await evaluate(zone(at('bank.example', 'p=none; psd=y'), at('giant.bank.example')), {
      from: 'a@giant.bank.example', spf: 'mail.giant.bank.example=pass', dkim: ['mail.mega.bank.example=pass'],
    })
    expect(told(now)).toEqual(['pass', 'reject', 'giant.bank.example', 'giant.bank.example', 'spf'])
    expect(now.identifiers.map(({ orgDomain }) => orgDomain)).toEqual(['giant.bank.example', 'mega.bank.example'])
    expect(now.queries).not.toContain('_dmarc.example')
  })

  test('§5.1.8: a record that the walk skips', async () => {
    const { now } = await evaluate(zone(at('example.com', 'p=none'), at('b.c.d.e.f.g.example.com', 'p=reject; psd=n')), { from: 'x@mail.a.b.c.d.e.f.g.example.com' })
    expect(told(now)).toEqual(['fail', 'none', 'example.com', 'example.com', ''])
    expect(now.queries).toHaveLength(8)
  })
})

const eu = 'a@eu.example.com'
const rows: [name: string, zone: string, message: Message, now: unknown[], before: unknown[] | 'alike'][] = [
  ['no policy', '', { spf: 'example.com=pass' }, ['none', null, 'example.com', null, ''], 'alike'],
  ['fail', at('example.com'), {}, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['SPF passes for another organization', at('example.com'), { spf: 'example.net=pass' }, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['SPF fails', at('example.com'), { spf: 'example.com=fail' }, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['SPF softfail and DKIM permerror count for nothing', at('example.com'), { spf: 'example.com=softfail', dkim: ['example.com=permerror'] },
    ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['one of several signatures is enough', at('example.com'), { dkim: ['esp.example=pass', 'example.com=fail', 'example.com=pass'] },
    ['pass', 'reject', 'example.com', 'example.com', 'dkim'], 'alike'],
  ['upper case, final dots, and an address in MAIL FROM', at('example.com'), { from: 'A@EXAMPLE.COM', spf: 'bounce@Example.Com.=PASS' },
    ['pass', 'reject', 'example.com', 'example.com', 'spf'], 'alike'],
  ['a domain in its own script', at('xn--mnchen-3ya.de'), { from: 'a@münchen.de', dkim: ['xn--mnchen-3ya.de=pass'] },
    ['pass', 'reject', 'xn--mnchen-3ya.de', 'xn--mnchen-3ya.de', 'dkim'], 'alike'],
  ['an identifier that is no name', at('example.com'), { spf: '=pass', dkim: ['a..b=pass'] }, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],

  ['relaxed: a subdomain', at('example.com'), { dkim: ['mail.example.com=pass'] }, ['pass', 'reject', 'example.com', 'example.com', 'dkim'], 'alike'],
  ['relaxed: a sibling', at('example.com'), { from: eu, spf: 'us.example.com=pass' }, ['pass', 'reject', 'example.com', 'example.com', 'spf'], 'alike'],
  ['strict SPF', at('example.com', 'p=reject; aspf=s'), { spf: 'mail.example.com=pass', dkim: ['mail.example.com=pass'] },
    ['pass', 'reject', 'example.com', 'example.com', 'dkim'], 'alike'],
  ['strict DKIM', at('example.com', 'p=reject; adkim=s'), { spf: 'mail.example.com=pass', dkim: ['mail.example.com=pass'] },
    ['pass', 'reject', 'example.com', 'example.com', 'spf'], 'alike'],
  ['strict, and identical', at('example.com', 'p=reject; adkim=s; aspf=s'), { spf: 'example.com=pass', dkim: ['example.com=pass'] },
    ['pass', 'reject', 'example.com', 'example.com', 'spf+dkim'], 'alike'],
  ['psd=n sets a subdomain apart', zone(at('example.com'), at('eu.example.com', 'p=quarantine; psd=n')), { from: eu, spf: 'example.com=pass' },
    ['fail', 'quarantine', 'eu.example.com', 'eu.example.com', ''], ['pass', 'quarantine', 'example.com', 'eu.example.com', 'spf']],
  ['a public suffix that forgot psd=y joins strangers', zone(at('example.com'), at('com', 'p=none')), { spf: 'evil.com=pass' },
    ['pass', 'reject', 'com', 'example.com', 'spf'], ['fail', 'reject', 'example.com', 'example.com', '']],
  ['no record at the organizational domain', at('eu.example.com'), { from: eu, dkim: ['example.com=pass'] },
    ['fail', 'reject', 'eu.example.com', 'eu.example.com', ''], ['pass', 'reject', 'example.com', 'eu.example.com', 'dkim']],
  ['a record between', at('eu.example.com', 'p=none; sp=quarantine'), { from: 'a@x.eu.example.com' },
    ['fail', 'quarantine', 'eu.example.com', 'eu.example.com', ''], ['none', null, 'example.com', null, '']],
  ['the policy of a public suffix', at('com', 'p=none; sp=quarantine; psd=y'), {}, ['fail', 'quarantine', 'example.com', 'com', ''], ['none', null, 'example.com', null, '']],

  ['sp, for a subdomain that exists', zone(at('example.com', 'p=reject; sp=none; np=reject'), 'eu.example.com A 192.0.2.1'), { from: eu },
    ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['np, for one that does not', at('example.com', 'p=none; sp=none; np=reject'), { from: eu }, ['fail', 'reject', 'example.com', 'example.com', ''],
    ['fail', 'none', 'example.com', 'example.com', '']],
  ['np is nothing to the domain itself', at('example.com', 'p=none; np=reject'), {}, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['what has names below it exists', zone(at('example.com', 'p=none; np=reject'), 'www.eu.example.com A 192.0.2.1'), { from: eu }, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['an alias to nowhere exists', zone(at('example.com', 'p=none; np=reject'), 'eu.example.com CNAME gone.example.net'), { from: eu }, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['nobody knows whether it exists', zone(at('example.com', 'p=none; np=reject'), 'eu.example.com A (timeout)'), { from: eu }, ['temperror', null, 'example.com', 'example.com', ''],
    ['fail', 'none', 'example.com', 'example.com', '']],
  ['nor does it matter to mail that passes', zone(at('example.com', 'p=none; np=reject'), 'eu.example.com A (timeout)'), { from: eu, spf: 'eu.example.com=pass' },
    ['pass', null, 'example.com', 'example.com', 'spf'], ['pass', 'none', 'example.com', 'example.com', 'spf']],

  ['t=y: reject', at('example.com', 'p=reject; t=y'), {}, ['fail', 'quarantine', 'example.com', 'example.com', ''], ['fail', 'reject', 'example.com', 'example.com', '']],
  ['t=y: quarantine', at('example.com', 'p=quarantine; t=y'), {}, ['fail', 'none', 'example.com', 'example.com', ''], ['fail', 'quarantine', 'example.com', 'example.com', '']],
  ['t=y: none', at('example.com', 'p=none; t=y'), {}, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['pct is ignored', at('example.com', 'p=reject; pct=20'), {}, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],

  ['a policy nobody knows, with reports', at('example.com', 'p=rejct; rua=mailto:d@example.com'), {}, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['without reports', at('example.com', 'p=rejct'), { spf: 'example.com=pass' }, ['none', null, 'example.com', null, ''], 'alike'],
  ['with reports that go nowhere', at('example.com', 'p=rejct; rua=d@example.com'), {}, ['none', null, 'example.com', null, ''], 'alike'],
  ['no p, with reports', at('example.com', 'rua=mailto:d@example.com'), {}, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['sp that nobody knows', at('example.com', 'p=reject; sp=x; rua=mailto:d@example.com'), {}, ['fail', 'none', 'example.com', 'example.com', ''], 'alike'],
  ['np that nobody knows', at('example.com', 'p=reject; np=x'), {}, ['none', null, 'example.com', null, ''], ['fail', 'reject', 'example.com', 'example.com', '']],
  ['an unreadable record does not let the one above through', zone(at('eu.example.com', 'p=x'), at('example.com')), { from: eu }, ['none', null, 'example.com', null, ''], 'alike'],
  ['several records, and one above', zone(at('eu.example.com'), at('eu.example.com'), at('example.com')), { from: eu },
    ['fail', 'reject', 'example.com', 'example.com', ''], ['none', null, 'example.com', null, '']],

  ['the domain’s own policy is not answered', zone('_dmarc.eu.example.com TXT (timeout)', at('example.com')), { from: eu, spf: 'eu.example.com=pass' },
    ['temperror', null, null, null, ''], ['temperror', null, 'example.com', null, '']],
  ['one above is not answered', '_dmarc.com TXT (servfail)', {}, ['temperror', null, null, null, ''], ['none', null, 'example.com', null, '']],
  ['one above is not answered, and nothing depends on it', zone(at('example.com'), '_dmarc.com TXT (servfail)'), { spf: 'example.com=pass', dkim: ['x.example.com=fail'] },
    ['pass', 'reject', null, 'example.com', 'spf'], ['pass', 'reject', 'example.com', 'example.com', 'spf']],
  ['nor under strict alignment', zone(at('example.com', 'p=reject; aspf=s'), '_dmarc.com TXT (servfail)'), { spf: 'x.example.com=pass' },
    ['fail', 'reject', null, 'example.com', ''], ['fail', 'reject', 'example.com', 'example.com', '']],
  ['one above is not answered, and alignment depends on it', zone(at('example.com'), '_dmarc.com TXT (servfail)'), { spf: 'x.example.com=pass' },
    ['temperror', 'reject', null, 'example.com', ''], ['pass', 'reject', 'example.com', 'example.com', 'spf']],
  ['the identifier’s walk is not answered', zone(at('example.com'), '_dmarc.x.example.com TXT (timeout)'), { dkim: ['x.example.com=pass'] },
    ['temperror', 'reject', 'example.com', 'example.com', ''], ['pass', 'reject', 'example.com', 'example.com', 'dkim']],
  ['another identifier is aligned all the same', zone(at('example.com'), '_dmarc.x.example.com TXT (timeout)'), { spf: 'x.example.com=pass', dkim: ['example.com=pass'] },
    ['pass', 'reject', 'example.com', 'example.com', 'dkim'], ['pass', 'reject', 'example.com', 'example.com', 'spf+dkim']],
  ['SPF temperror that might have been aligned', at('example.com'), { spf: 'mail.example.com=temperror' }, ['temperror', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['SPF temperror that could not', at('example.com'), { spf: 'mail.example.net=temperror' }, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
  ['SPF temperror beside an aligned signature', at('example.com'), { spf: 'example.com=temperror', dkim: ['example.com=pass'] }, ['pass', 'reject', 'example.com', 'example.com', 'dkim'], 'alike'],
  ['SPF temperror under strict alignment', at('example.com', 'p=reject; aspf=s'), { spf: 'mail.example.com=temperror' }, ['fail', 'reject', 'example.com', 'example.com', ''], 'alike'],
]

describe('one message', () => {
  test.each(rows)('%s', async (_, text, message, expected, legacy) => {
    const { now, before } = await evaluate(text, message)
    expect(told(now)).toEqual(expected)
    expect(now.because).not.toBe('')
    expect(before && told(before)).toEqual(legacy === 'alike' ? expected : legacy)
  })

  test('the share of RFC 7489', async () => {
    expect((await evaluate(at('example.com', 'p=reject; pct=20'), {})).before?.pct).toBe(20)
    expect((await evaluate(at('example.com', 'p=reject; pct=x'), {})).before?.pct).toBe(100)
  })
})

describe('From', () => {
  const result = async (from: string) => {
    const { now, before } = await evaluate(at('example.com'), { from })
    return [now.result, now.authorDomain, before === null]
  }
  test.each([
    ['example.com', ['fail', 'example.com', false]],
    ['"A. Person" <a@example.com>', ['fail', 'example.com', false]],
    ['a@example.com, b@EXAMPLE.com', ['fail', 'example.com', false]],
    ['a@example.com, b@example.net', ['permerror', null, true]],
    ['', ['permerror', null, true]],
    ['nobody', ['permerror', null, true]],
    ['a@', ['permerror', null, true]],
    ['a@[192.0.2.1]', ['permerror', null, true]],
    ['a@ex ample.com', ['permerror', null, true]],
    ['a@example..com', ['permerror', null, true]],
    [`a@${'x'.repeat(64)}.example`, ['permerror', null, true]],
  ])('%s', async (from, expected) => expect(await result(from)).toEqual(expected))

  test('nothing is asked for when it has not one domain', async () => {
    expect((await evaluate('', { from: 'a@example.com, b@example.net' })).questions).toEqual([])
  })
})

describe('what is asked', () => {
  test('the author’s walk first, then those of identifiers that passed, no name twice', async () => {
    const { now, questions } = await evaluate(zone(at('example.com')), {
      from: 'a@eu.mail.example.com', spf: 'bounce.mail.example.com=pass', dkim: ['esp.example.net=pass', 'other.example=fail', 'eu.mail.example.com=pass', 'esp.example.net=pass'],
    })
    expect(now.queries).toEqual([
      '_dmarc.eu.mail.example.com', '_dmarc.mail.example.com', '_dmarc.example.com', '_dmarc.com', '_dmarc.bounce.mail.example.com',
      '_dmarc.esp.example.net', '_dmarc.example.net', '_dmarc.net',
    ])
    expect(questions).toEqual(now.queries.map(name => `${name} TXT`))
  })

  test('no walk from an identifier where equality decides, or where no policy applies', async () => {
    expect((await evaluate(at('example.com', 'p=none; adkim=s; aspf=s'), { spf: 'a.example.com=pass', dkim: ['b.example=pass'] })).now.queries).toEqual(['_dmarc.example.com', '_dmarc.com'])
    expect((await evaluate('', { spf: 'a.example.com=pass' })).now.queries).toEqual(['_dmarc.example.com', '_dmarc.com'])
  })

  test('nothing more after a failure', async () => {
    expect((await evaluate('_dmarc.mail.example.com TXT (timeout)', { from: 'a@mail.example.com' })).now.queries).toEqual(['_dmarc.mail.example.com'])
  })

  test('whether the domain exists, only if that matters; and it is no TXT question', async () => {
    const { now, questions } = await evaluate(at('example.com', 'p=none; np=reject'), { from: eu })
    expect(questions).toContain('eu.example.com A')
    expect(now.queries).toEqual(['_dmarc.eu.example.com', '_dmarc.example.com', '_dmarc.com'])
    expect((await evaluate(at('example.com', 'p=reject; np=reject'), { from: eu })).questions).not.toContain('eu.example.com A')
  })

  test('a name that leaves no room for _dmarc is passed over', async () => {
    const long = `${`${'y'.repeat(49)}.`.repeat(4)}${'z'.repeat(41)}.example.com`
    const { now } = await evaluate(at('example.com'), { from: `a@${long}`, spf: `${long}=pass` })
    expect(told(now)).toEqual(['pass', 'reject', 'example.com', 'example.com', 'spf'])
    expect(now.queries[0]).toBe(`_dmarc.${long.slice(50)}`)
  })

  test('never throws, and never asks for more than eight names for one domain', async () => {
    const label = fc.constantFrom('a', 'b', 'example', 'com', '_x')
    const domain = fc.array(label, { minLength: 1, maxLength: 12 }).map(labels => labels.join('.'))
    const tags = fc.constantFrom('p=none', 'p=reject; psd=y', 'p=reject; psd=n; t=y', 'p=x', 'np=reject; p=none', 'adkim=s; aspf=s; p=none', 'rua=mailto:a@b.example')
    const published = fc.array(fc.tuple(domain, tags), { maxLength: 6 })
    const identifier = fc.tuple(fc.oneof(domain, fc.string()), fc.constantFrom('pass', 'fail', 'temperror'))
    await fc.assert(fc.asyncProperty(fc.oneof(domain.map(name => `a@${name}`), fc.string()), published, fc.array(identifier, { maxLength: 4 }), async (from, records, identifiers) => {
      const text = records.map(([name, one]) => at(name, one)).join('\n')
      const { now, before } = await evaluate(text, { from, ...identifiers[0] ? { spf: identifiers[0].join('=') } : {}, dkim: identifiers.slice(1).map(one => one.join('=')) })
      expect(now.queries.length).toBeLessThanOrEqual(8 * (1 + identifiers.length))
      expect(new Set(now.queries).size).toBe(now.queries.length)
      expect(['pass', 'fail', 'none', 'permerror', 'temperror']).toContain(now.result)
      expect(before === null).toBe(now.authorDomain === null)
    }), { numRuns: 60 })
  })
})

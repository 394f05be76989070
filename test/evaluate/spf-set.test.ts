import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatNumber, formatRange, sizeOf, type Family } from '../../src/evaluate/address-set.ts'
import { checkHost } from '../../src/evaluate/check-host.ts'
import { compareSpf } from '../../src/evaluate/spf-compare.ts'
import { spfSets, type SetResult, type SpfSets, type SpfSource } from '../../src/evaluate/spf-set.ts'
import { dnsFileNetwork } from '../../src/network/dns-file.ts'
import { drive } from '../../src/probes/drive.ts'

type Zone = Readonly<Record<string, readonly unknown[]>>

function setsOf(zone: Zone, source: SpfSource = { domain: 'example.com' }): Promise<SpfSets> {
  return drive(spfSets(source), dnsFileNetwork(JSON.stringify(zone)))
}

function ranges({ results }: SpfSets, result: SetResult, family: Family): string[] {
  return (results[family].get(result) ?? []).map(range => formatRange(range, family))
}

describe('whom a record passes', () => {
  const mail = { 'mail.example.com': [{ A: '192.0.2.1' }, { A: '192.0.2.2' }, { AAAA: '2001:db8::1' }] }
  test.each<[record: string, v4: string[], v6: string[], zone?: Zone]>([
    ['v=spf1 -all', [], []],
    ['v=spf1 ip4:192.0.2.0/24 ip4:192.0.3.0/24 -all', ['192.0.2.0/23'], []],
    ['v=spf1 ip4:192.0.2.77/24 ip6:2001:db8::1/32 -all', ['192.0.2.0/24'], ['2001:db8::/32']],
    ['v=spf1 +all', ['0.0.0.0/0'], ['::/0']],
    ['v=spf1 -ip4:192.0.2.0/25 ip4:192.0.2.0/24 -all', ['192.0.2.128/25'], []],
    ['v=spf1 ip4:192.0.2.0/24 -ip4:192.0.2.0/25 -all', ['192.0.2.0/24'], []],
    ['v=spf1 -ip4:192.0.2.8 ip4:192.0.2.0/28 ~all', ['192.0.2.0/29', '192.0.2.9-192.0.2.15'], []],
    ['v=spf1 a:mail.example.com -all', ['192.0.2.1-192.0.2.2'], ['2001:db8::1'], mail],
    ['v=spf1 a:mail.example.com/30//64 -all', ['192.0.2.0/30'], ['2001:db8::/64'], mail],
    ['v=spf1 mx -all', ['192.0.2.1-192.0.2.2'], ['2001:db8::1'], { ...mail, 'example.com': [{ MX: [10, 'mail.example.com'] }] }],
    ['v=spf1 include:a.example -all', ['192.0.2.0/25'], [], { 'a.example': [{ TXT: 'v=spf1 -ip4:192.0.2.128/25 ip4:192.0.2.0/24 ~all' }] }],
    ['v=spf1 -include:a.example ip4:192.0.2.0/24 -all', ['192.0.2.128/25'], [], { 'a.example': [{ TXT: 'v=spf1 ip4:192.0.2.0/25 -all' }] }],
    ['v=spf1 exists:here.example -all', ['0.0.0.0/0'], ['::/0'], { 'here.example': [{ A: '127.0.0.2' }] }],
    ['v=spf1 redirect=a.example', ['192.0.2.0/25'], [], { 'a.example': [{ TXT: 'v=spf1 ip4:192.0.2.0/25 -all' }] }],
    ['v=spf1 ip4:192.0.2.1 redirect=a.example -all', ['192.0.2.1'], [], { 'a.example': [{ TXT: 'v=spf1 +all' }] }],
    ['v=spf1 exists:%{v}.%{d} -all', [], ['::/0'], { 'ip6.example.com': [{ A: '127.0.0.2' }] }],
  ])('%s', async (record, v4, v6, zone = {}) => {
    const sets = await setsOf({ ...zone, 'example.com': [...zone['example.com'] ?? [], { TXT: record }] })
    expect({ v4: ranges(sets, 'pass', 4), v6: ranges(sets, 'pass', 6) }).toEqual({ v4, v6 })
  })
})

test('every address has one result', async () => {
  const { results } = await setsOf({
    'example.com': [{ TXT: 'v=spf1 ip4:192.0.2.0/24 ~ip4:192.0.0.0/16 ?a:gone.example.com include:a.example -ip6:2001:db8::/32' }],
    'a.example': [{ TXT: 'v=spf1 ip4:198.51.100.0/24 a:broken.example -all' }],
    'broken.example': ['SERVFAIL'],
  })
  const sizes = (family: Family) => Object.fromEntries([...results[family]].map(([result, set]) => [result, String(sizeOf(set))]))
  expect(sizes(4)).toEqual({ pass: '512', softfail: '65280', temperror: String(2 ** 32 - 65536 - 256) })
  expect(sizes(6)).toEqual({ temperror: String(2n ** 128n) })
})

test('what each term of the record itself passes, first match first', async () => {
  const { passes } = await setsOf({
    'example.com': [{ TXT: 'v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.0/25 include:a.example ip4:192.0.2.0/24 -all' }],
    'a.example': [{ TXT: 'v=spf1 ip4:192.0.2.0/25 ip6:2001:db8::/32 -all' }],
  })
  expect(passes.map(({ term, at, sets }) => [term, at, sets[4].map(range => formatRange(range, 4)), sets[6].map(range => formatRange(range, 6))])).toEqual([
    ['ip4:192.0.2.0/25', 7, ['192.0.2.0/25'], []], ['include:a.example', 41, [], ['2001:db8::/32']], ['ip4:192.0.2.0/24', 59, ['192.0.2.128/25'], []],
  ])
})

describe('what a message alone decides is set apart', () => {
  test.each([
    ['exists:%{i}._spf.%{d}', 'the client’s address'],
    ['exists:%{l}.%{o}.%{i}.example', 'the sender and the client’s address'],
    ['a:%{h}', 'the HELO name'],
    ['ptr', 'the client’s reverse DNS'],
    ['include:%{p}.example', 'the client’s reverse DNS'],
  ])('%s', async (term, on) => {
    const sets = await setsOf({ 'example.com': [{ TXT: `v=spf1 ${term} ip4:192.0.2.1 -all` }] })
    expect(sets.apart).toEqual([{ domain: 'example.com', term, on }])
    expect(ranges(sets, 'pass', 4)).toEqual(['192.0.2.1'])
  })

  test('a redirect to nobody knows where: the rest is unknown', async () => {
    const sets = await setsOf({ 'example.com': [{ TXT: 'v=spf1 ip4:192.0.2.1 redirect=%{o}.example' }] })
    expect(sets.apart.map(({ term }) => term)).toEqual(['redirect=%{o}.example'])
    expect(ranges(sets, 'unknown', 6)).toEqual(['::/0'])
  })

  test('a record whose domain is not known', async () => {
    const zone = { 'mail.example': [{ A: '192.0.2.9' }], 'example.com': [{ A: '192.0.2.8' }] }
    const record = 'v=spf1 a a:mail.example exists:x.%{d} -all'
    const alone = await setsOf(zone, { domain: null, record })
    expect(alone.apart.map(({ term, on }) => [term, on])).toEqual([['a', 'whose record it is'], ['exists:x.%{d}', 'whose record it is']])
    expect(ranges(alone, 'pass', 4)).toEqual(['192.0.2.9'])
    const owned = await setsOf(zone, { domain: 'example.com', record })
    expect(owned.apart).toEqual([])
    expect(ranges(owned, 'pass', 4)).toEqual(['192.0.2.8/31'])
  })
})

describe('the limits are counted along each address’s own way', () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, i) => `a:h${i}.example`).join(' ')
  const zone = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`h${i}.example`, [{ A: `203.0.113.${i}` }, { AAAA: '2001:db8::1' }]]))

  test('the eleventh term makes a permerror of whoever comes to it', async () => {
    const sets = await setsOf({ ...zone, 'example.com': [{ TXT: `v=spf1 ip4:192.0.2.0/24 ${hosts(11)} ip4:198.51.100.0/24 -all` }] })
    expect(ranges(sets, 'pass', 4)).toEqual(['192.0.2.0/24', '203.0.113.0-203.0.113.9'])
    expect(sizeOf(sets.results[4].get('permerror') ?? [])).toBe(2n ** 32n - 256n - 10n)
    expect(sets.problems).toEqual(['more than 10 terms ask DNS'])
  })

  test('whom an include has done with early, the later terms cost less', async () => {
    const sets = await setsOf({
      ...zone,
      'example.com': [{ TXT: `v=spf1 include:a.example ${hosts(6)} ip4:192.0.2.0/23 -all` }],
      'a.example': [{ TXT: `v=spf1 ?ip4:192.0.2.0/24 ${hosts(4)} -all` }],
    })
    expect(ranges(sets, 'pass', 4)).toEqual(['192.0.2.0/24', '203.0.113.0-203.0.113.4'])
    expect(sizeOf(sets.results[4].get('permerror') ?? [])).toBe(2n ** 32n - 256n - 5n)
  })

  test('those who asked as often are told apart by what was void', async () => {
    const sets = await setsOf({
      'example.com': [{ TXT: 'v=spf1 include:a.example include:b.example a:gone.example mx:gone.example +all' }],
      'a.example': [{ TXT: 'v=spf1 ?ip4:0.0.0.0/1 a:gone.example -all' }], // the upper half: two lookups, one of them void
      'b.example': [{ TXT: 'v=spf1 ?ip4:128.0.0.0/1 a:h0.example -all' }], // the lower half: as many, none of them void
      'h0.example': [{ A: '128.0.0.1' }],
    })
    expect(ranges(sets, 'pass', 4)).toEqual(['0.0.0.0/1'])
    expect(ranges(sets, 'permerror', 4)).toEqual(['128.0.0.0/1'])
  })

  test('%{p} is a lookup of its own', async () => {
    const passed = async (terms: number) => ranges(await setsOf({ ...zone, 'example.com': [{ TXT: `v=spf1 exists:%{p}.example ${hosts(terms)} +all` }] }), 'pass', 4)
    expect(await passed(8)).toEqual(['0.0.0.0/0'])
    expect(await passed(9)).not.toContain('0.0.0.0/0')
  })

  test('void lookups differ by family', async () => {
    const only4 = Object.fromEntries(['a', 'b', 'c'].map(name => [`${name}.example`, [{ A: '203.0.113.1' }]]))
    const sets = await setsOf({ ...only4, 'example.com': [{ TXT: 'v=spf1 a:a.example a:b.example a:c.example ip6:2001:db8::/32 ip4:192.0.2.1 -all' }] })
    expect(ranges(sets, 'pass', 4)).toEqual(['192.0.2.1', '203.0.113.1'])
    expect(ranges(sets, 'permerror', 6)).toEqual(['::/0'])
    expect(sets.problems).toEqual(['more than 2 terms are answered with nothing'])
  })

  test('a tree in which every address goes a way of its own comes to an end', async () => {
    const zone: Record<string, unknown[]> = {}
    /** Whoever is not in the 2^budget addresses from `base` leaves here, and has many lookups left for the rest of the tree. */
    const plant = (base: number, budget: number): string => {
      const domain = `n${base}-${budget}.example`
      const others = Array.from({ length: 10 - budget }, (_, i) => `?ip4:0.0.${(base ^ (1 << (budget + i))) >> 8}.${(((base >> (budget + i)) ^ 1) << (budget + i)) & 255}/${32 - budget - i}`)
      const children = Array.from({ length: budget }, (_, i) => budget - 1 - i)
      let at = base
      const includes = children.map(left => {
        const child = plant(at, left)
        at += 1 << left
        return `include:${child}`
      })
      zone[domain] = [{ TXT: ['v=spf1', ...others, ...includes, '-all'].join(' ') }]
      return domain
    }
    const root = plant(0, 10)
    expect(Object.keys(zone).length).toBe(1024)
    const sets = await setsOf(zone, { domain: root })
    expect(sets.problems).toContain('the records branch too often to be followed')
  })
})

test.each<[because: string, zone: Zone, result: SetResult, problem: RegExp]>([
  ['no record', { 'example.com': [] }, 'none', /has no SPF record/],
  ['two records', { 'example.com': [{ TXT: 'v=spf1 +all' }, { TXT: 'v=spf1 -all' }] }, 'permerror', /several SPF records/],
  ['a record that cannot be read', { 'example.com': [{ TXT: 'v=spf1 +all moo' }] }, 'permerror', /column 13, "moo": there is no such mechanism/],
  ['an include of nothing', { 'example.com': [{ TXT: 'v=spf1 include:a.example +all' }] }, 'permerror', /a\.example has no SPF record/],
  ['a redirect to nothing', { 'example.com': [{ TXT: 'v=spf1 redirect=a.example' }] }, 'permerror', /a\.example has no SPF record/],
  ['an include that cannot be asked', { 'example.com': [{ TXT: 'v=spf1 include:a..example +all' }] }, 'permerror', /leads to no domain name/],
  ['a resolver that fails', { 'example.com': ['SERVFAIL'] }, 'temperror', /SERVFAIL/],
  ['MX hosts by the dozen', { 'example.com': [{ TXT: 'v=spf1 mx +all' }, ...Array.from({ length: 11 }, (_, i) => ({ MX: [i, 'a.example'] }))] }, 'permerror', /more than 10 MX/],
])('%s', async (_, zone, result, problem) => {
  const sets = await setsOf(zone)
  expect([ranges(sets, result, 4), ranges(sets, result, 6)]).toEqual([['0.0.0.0/0'], ['::/0']])
  expect(sets.problems.join()).toMatch(problem)
})

/** Records that no message changes, over a few names, so that they meet: every kind of term, and every kind of answer. */
const name = fc.constantFrom('a.example', 'b.example', 'c.example', 'gone.example', 'bad..example')
const address4 = fc.tuple(fc.constantFrom('192.0.2', '192.0.3', '198.51.100', '255.255.255', '0.0.0'), fc.nat(255)).map(([net, host]) => `${net}.${host}`)
const address6 = fc.tuple(fc.constantFrom('2001:db8::', '2001:db8:1::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:', '::'), fc.nat(0xffff))
  .map(([net, host]) => net + host.toString(16))
const prefix4 = fc.constantFrom('', '/0', '/1', '/16', '/24', '/25', '/31', '/32')
const prefix6 = fc.constantFrom('', '//0', '//32', '//64', '//127')
const mechanism = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(address4, prefix4).map(parts => `ip4:${parts.join('')}`) },
  { weight: 2, arbitrary: fc.tuple(address6, fc.constantFrom('', '/0', '/32', '/64', '/127')).map(parts => `ip6:${parts.join('')}`) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('a', 'mx'), fc.option(name), prefix4, prefix6).map(([kind, target, v4, v6]) => `${kind}${target === null ? '' : `:${target}`}${v4}${v6}`) },
  { weight: 3, arbitrary: name.map(target => `include:${target}`) },
  name.map(target => `exists:${target}`),
)
const directive = fc.tuple(fc.constantFrom('', '-', '~', '?'), mechanism).map(parts => parts.join(''))
const record = fc.tuple(fc.array(directive, { maxLength: 5 }), fc.oneof(
  fc.constantFrom(['-all'], ['~all'], ['?all'], []), name.map(target => [`redirect=${target}`]),
)).map(([terms, end]) => ['v=spf1', ...terms, ...end].join(' '))
const owner = fc.record({
  txt: fc.oneof({ weight: 6, arbitrary: record.map(text => [{ TXT: text }]) }, fc.constantFrom([], [{ TXT: 'v=spf1 moo' }], [{ TXT: 'SERVFAIL' }])),
  a: fc.oneof({ weight: 5, arbitrary: fc.array(address4.map(A => ({ A })), { maxLength: 3 }) }, fc.constant([{ A: 'TIMEOUT' }])),
  aaaa: fc.oneof({ weight: 5, arbitrary: fc.array(address6.map(AAAA => ({ AAAA })), { maxLength: 2 }) }, fc.constant([{ AAAA: 'TIMEOUT' }])),
  mx: fc.array(fc.tuple(fc.nat(9), fc.constantFrom('a.example', 'b.example', 'c.example', 'gone.example', '')).map(MX => ({ MX })), { maxLength: 3 }),
}).map(({ txt, a, aaaa, mx }) => [...txt, ...a, ...aaaa, ...mx])

test('what would take minutes is not added up', async () => {
  const blocks = [11, 12, 13, 14, 15, 16, 17, 18, 19]
  const scattered = (block: number): unknown[] => [{ TXT: `v=spf1 ${Array.from({ length: 3700 }, (_, i) => `ip4:${block}.${i >> 8}.${i & 255}.7`).join(' ')} -all` }]
  const zone = Object.fromEntries(blocks.map(block => [`_${block}.example`, scattered(block)]))
  const sets = await setsOf({ ...zone, 'example.com': [{ TXT: `v=spf1 ${blocks.map(block => `include:_${block}.example`).join(' ')} -all` }] })
  expect(sets.cut).toBe('the records name too many networks to be added up')
  expect(ranges(sets, 'pass', 4).length).toBeGreaterThan(3700)
  expect([...sets.results[4].keys()].toSorted()).toEqual(['pass', 'unknown'])
})

test('membership agrees with check_host() at the ends of every range, and one beyond', async () => {
  const seen = new Set<string>()
  await fc.assert(fc.asyncProperty(owner, owner, owner, async (a, b, c) => {
    const network = dnsFileNetwork(JSON.stringify({ 'a.example': a, 'b.example': b, 'c.example': c }))
    const { results } = await drive(spfSets({ domain: 'a.example' }), network)
    for (const family of [4, 6] as const) {
      const top = family === 4 ? 2n ** 32n : 2n ** 128n
      const ends = [...results[family].values()].flat().flatMap(({ first, last }) => [first - 1n, first, last, last + 1n])
      for (const end of new Set(ends)) {
        if (end < 0n || end >= top || (family === 6 && end >> 32n === 0xffffn)) continue // those are IPv4 clients
        const ip = formatNumber(end, family)
        const { result } = await drive(checkHost({ ip, sender: 'user@a.example', helo: 'mail.a.example' }), network)
        const told = [...results[family]].filter(([, set]) => set.some(({ first, last }) => first <= end && end <= last)).map(([key]) => key)
        expect(told, ip).toEqual([result])
        seen.add(`${result} ${family}`)
      }
    }
  }), { numRuns: 400 })
  // Not by never coming to the interesting ones.
  expect([...seen].toSorted()).toEqual(['fail', 'neutral', 'none', 'pass', 'permerror', 'softfail', 'temperror'].flatMap(result => [`${result} 4`, `${result} 6`]))
}, 60_000)

test('a comparison agrees with evaluating every boundary address under both records', async () => {
  let changed = 0
  await fc.assert(fc.asyncProperty(owner, owner, owner, owner, async (before, after, b, c) => {
    const sides = await Promise.all([before, after].map(async own => {
      const network = dnsFileNetwork(JSON.stringify({ 'a.example': own, 'b.example': b, 'c.example': c }))
      return { network, sets: await drive(spfSets({ domain: 'a.example' }), network) }
    }))
    const [old, now] = sides
    if (!old || !now) return
    const changes = compareSpf(old.sets, now.sets)
    for (const family of [4, 6] as const) {
      const top = family === 4 ? 2n ** 32n : 2n ** 128n
      const ends = sides.flatMap(({ sets }) => [...sets.results[family].values()].flat().flatMap(({ first, last }) => [first - 1n, first, last, last + 1n]))
      for (const end of new Set(ends)) {
        if (end < 0n || end >= top || (family === 6 && end >> 32n === 0xffffn)) continue // those are IPv4 clients
        const ip = formatNumber(end, family)
        const [from, to] = await Promise.all(sides.map(async ({ network }) => (await drive(checkHost({ ip, sender: 'user@a.example', helo: 'mail.a.example' }), network)).result))
        const told = changes.filter(({ sets }) => sets[family].some(({ first, last }) => first <= end && end <= last)).map(change => [change.from, change.to])
        expect(told, ip).toEqual(from === to ? [] : [[from, to]])
        changed += Number(from !== to)
      }
    }
  }), { numRuns: 150 })
  expect(changed).toBeGreaterThan(500)
}, 60_000)

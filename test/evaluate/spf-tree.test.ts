import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { countLookups, countVoids, crowdedMx, loopOf, placesOf } from '../../src/evaluate/spf-limits.ts'
import { judgeStranger } from '../../src/evaluate/spf-stranger.ts'
import { usualBounds, walkSpf, type SpfNode } from '../../src/evaluate/spf-tree.ts'
import { NetworkFailure, type Answer, type Outcome, type Question } from '../../src/network/network.ts'
import { closedZone } from '../closed-zone.ts'

interface Walk {
  readonly tree: SpfNode
  /** What was asked together, round by round. */
  readonly rounds: readonly (readonly string[])[]
}

function walk(zone: string, { domain = 'example.com', bounds = usualBounds } = {}): Walk {
  const answer = closedZone(zone)
  const told = (question: Question): Outcome<Answer> => {
    try {
      return { value: answer(question) }
    } catch (error) {
      if (error instanceof NetworkFailure) return { problem: error.toJSON() }
      throw error
    }
  }
  const rounds: string[][] = []
  const evaluator = walkSpf(domain, bounds)
  let step = evaluator.next()
  while (!step.done) {
    rounds.push(step.value.map(({ name, type }) => `${name} ${type}`))
    step = evaluator.next(step.value.map(told))
  }
  return { tree: step.value, rounds }
}

const states = (tree: SpfNode) => [...placesOf(tree)].map(({ branch: { term, state, target } }) => [term, state, target])

describe('what is asked', () => {
  test('a level at a time, everything of it together, nothing twice', () => {
    const { rounds } = walk(`
      example.com TXT "v=spf1 a mx a:a.example.com include:x.example.net include:y.example.net exists:e.example.com include:x.example.net -all"
      x.example.net TXT "v=spf1 include:z.example.net a:a.example.com mx:example.com"
      y.example.net TXT "v=spf1 include:z.example.net redirect=r.example.net"
      z.example.net TXT "v=spf1 a:deep.example.net -all"`)
    expect(rounds).toEqual([
      ['example.com TXT'],
      ['x.example.net TXT', 'y.example.net TXT', 'example.com A', 'example.com AAAA', 'example.com MX',
        'a.example.com A', 'a.example.com AAAA', 'e.example.com A'],
      ['z.example.net TXT', 'r.example.net TXT'],
      ['deep.example.net A', 'deep.example.net AAAA'],
    ])
  })

  test('a record without such terms asks nothing more', () => {
    expect(walk('example.com TXT "v=spf1 ip4:192.0.2.1 exp=e.example.com -all"').rounds).toEqual([['example.com TXT']])
  })

  test('what depends on the message, what is no name, and what is never reached are not asked', () => {
    const { tree, rounds } = walk(`example.com TXT "v=spf1 ptr ptr:example.com exists:%{i}.example.com a:%{h} include:a..b.example include:%{d2}.x.example -all mx redirect=r.example"`)
    expect(rounds).toEqual([['example.com TXT'], ['example.com.x.example TXT']])
    expect(states(tree)).toEqual([
      ['ptr', 'runtime', null], ['ptr:example.com', 'runtime', null], ['exists:%{i}.example.com', 'runtime', null], ['a:%{h}', 'runtime', null],
      ['include:a..b.example', 'malformed', 'a..b.example'], ['include:%{d2}.x.example', 'asked', 'example.com.x.example'],
    ])
  })

  test('redirect comes last, whatever its place in the record', () => {
    expect(states(walk('example.com TXT "v=spf1 redirect=r.example a mx"').tree).map(([term]) => term)).toEqual(['a', 'mx', 'redirect=r.example'])
  })

  test('the current domain of an included record is that record’s own', () => {
    const { rounds } = walk('example.com TXT "v=spf1 include:_spf.example.net -all"\n_spf.example.net TXT "v=spf1 a mx exists:%{d1}.x.example -all"')
    expect(rounds[2]).toEqual(['_spf.example.net A', '_spf.example.net AAAA', '_spf.example.net MX', 'net.x.example A'])
  })

  test('several records, or none, lead nowhere', () => {
    expect(walk('example.com TXT "v=spf1 a -all"\nexample.com TXT "v=spf1 mx -all"').tree).toMatchObject({ records: { length: 2 }, branches: [] })
    expect(walk('example.com TXT "a"').tree).toMatchObject({ records: [], branches: [] })
  })
})

describe('bounds', () => {
  test('a loop is followed once round', () => {
    const { tree, rounds } = walk('example.com TXT "v=spf1 include:a.example -all"\na.example TXT "v=spf1 include:EXAMPLE.com. -all"')
    expect(rounds).toHaveLength(2)
    expect(states(tree)).toEqual([['include:a.example', 'asked', 'a.example'], ['include:EXAMPLE.com.', 'loop', 'example.com']])
    expect(loopOf(tree)).toEqual(['example.com', 'a.example', 'example.com'])
    expect(countLookups(tree)).toMatchObject({ count: 2, atLeast: true })
  })

  test('records that each include the next twice double no further than the bound', () => {
    const zone = ['example.com TXT "v=spf1 include:s1.example include:s1.example -all"',
      ...Array.from({ length: 30 }, (_, i) => `s${i + 1}.example TXT "v=spf1 include:s${i + 2}.example include:s${i + 2}.example -all"`)].join('\n')
    const { tree, rounds } = walk(zone)
    const { count, atLeast } = countLookups(tree)
    expect(atLeast).toBe(true)
    expect(count).toBeGreaterThan(40)
    expect(count).toBeLessThanOrEqual(2 * usualBounds.terms + 2)
    expect(rounds.flat().length).toBeLessThanOrEqual(usualBounds.terms + 1)
  })

  test('depth', () => {
    const zone = ['example.com TXT "v=spf1 include:s1.example -all"', ...Array.from({ length: 30 }, (_, i) => `s${i + 1}.example TXT "v=spf1 include:s${i + 2}.example -all"`)].join('\n')
    const { tree, rounds } = walk(zone, { bounds: { terms: 100, depth: 3 } })
    expect(rounds).toHaveLength(4)
    expect(countLookups(tree)).toMatchObject({ count: 4, atLeast: true })
  })

  test('more terms than are asked are still counted, and addresses that were not asked make no count uncertain', () => {
    const strings = Array.from({ length: 60 }, (_, i) => `"${i === 0 ? 'v=spf1' : ''} a:h${i}.example.com"`).join(' ')
    const { tree, rounds } = walk(`example.com TXT ${strings} " -all"`)
    expect(countLookups(tree)).toMatchObject({ count: 60, atLeast: false })
    expect(rounds.flat()).toHaveLength(1 + 2 * usualBounds.terms)
    expect(countVoids(tree, 4)).toMatchObject({ voids: { length: 40 }, undecided: 20 })
  })
})

describe('failures stay in their places', () => {
  test('of an include, an address, and the record itself', () => {
    const { tree } = walk(`
      example.com TXT "v=spf1 a include:x.example mx:m.example -all"
      example.com A (timeout)
      x.example TXT (servfail)
      m.example MX 10 mx.m.example`)
    expect(tree.branches).toMatchObject([
      { term: 'a', v4: { problem: { reason: 'dns-timeout' } }, v6: { value: { rcode: 'NOERROR' } } },
      { term: 'include:x.example', node: { answer: { problem: { reason: 'dns-servfail' } }, records: [], branches: [] } },
      { term: 'mx:m.example', mx: { value: { records: { length: 1 } } } },
    ])
    expect(countLookups(tree)).toMatchObject({ count: 3, atLeast: false, problem: { reason: 'dns-servfail' } })
    expect(countVoids(tree, 4)).toMatchObject({ voids: [], undecided: 2, problem: { reason: 'dns-timeout' } })
    expect(countVoids(tree, 6)).toMatchObject({ voids: { length: 1 }, undecided: 1, problem: { reason: 'dns-servfail' } })
    expect(walk('example.com TXT (refused)').tree).toMatchObject({ answer: { problem: { reason: 'resolver-refused' } }, records: [], branches: [] })
  })
})

test('RFC 7208 §4.6.4: what each term of the domain’s own record costs', () => {
  const { tree } = walk(`
    example.com TXT "v=spf1 mx -include:a.example ?include:a.example ptr ip4:192.0.2.1 redirect=b.example"
    a.example TXT "v=spf1 a exists:%{i}.a.example ~all"
    b.example TXT "v=spf1 include:a.example -all"`)
  const { count, terms } = countLookups(tree)
  expect(terms.map(({ branch, count }) => [branch.term, count])).toEqual([
    ['mx', 1], ['-include:a.example', 3], ['?include:a.example', 3], ['ptr', 1], ['redirect=b.example', 4],
  ])
  expect(count).toBe(12)
})

test('more than ten MX names, wherever the term stands', () => {
  const { tree } = walk(`example.com TXT "v=spf1 include:a.example -all"\na.example TXT "v=spf1 mx -all"\n${
    Array.from({ length: 12 }, (_, i) => `a.example MX 10 mx${i}.a.example`).join('\n')}`)
  expect(crowdedMx(tree).map(({ place, count }) => [place.node.domain, place.branch.term, count])).toEqual([['a.example', 'mx', 12]])
})

describe('a stranger', () => {
  const results = (zone: string, family: 4 | 6 = 4) => [...judgeStranger(walk(zone).tree, family).results]
  test.each([
    ['v=spf1 -all', ['fail']], ['v=spf1 ~all', ['softfail']], ['v=spf1 ?all', ['neutral']], ['v=spf1 +all', ['pass']], ['v=spf1 mx', ['neutral']],
    ['v=spf1 ?all +all', ['neutral']], ['v=spf1 -ip4:192.0.2.0/24 +all', ['pass']], ['v=spf1 ~ip4:0.0.0.0/0 +all', ['softfail']],
    ['v=spf1 redirect=gone.example', ['permerror']], ['v=spf1 redirect=%{i}.example', ['unknown']], ['v=spf1 redirect=example.com', ['permerror']],
    ['v=spf1 include:gone.example -all', ['fail']], ['v=spf1 include:slow.example -all', ['pass', 'fail']], ['v=spf1 redirect=slow.example', ['unknown']],
    ['v=spf1 ~include:open.example -all', ['softfail']], ['v=spf1 include:open.example -all', ['pass']], ['v=spf1 include:closed.example ?all', ['neutral']],
    ['v=spf1 redirect=open.example', ['pass']], ['v=spf1 include:slow.example redirect=open.example', ['pass']],
  ])('%s: %j', (record, expected) => {
    expect(results(`example.com TXT "${record}"\nopen.example TXT "v=spf1 +all"\nclosed.example TXT "v=spf1 -all"\nslow.example TXT (timeout)`)).toEqual(expected)
  })

  test('each family by itself', () => {
    const zone = 'example.com TXT "v=spf1 ip6:::/0 -all"'
    expect([results(zone, 4), results(zone, 6)]).toEqual([['fail'], ['pass']])
  })

  test('what passes it, down to the term that does so itself', () => {
    const { passedBy } = judgeStranger(walk('example.com TXT "v=spf1 include:a.example -all"\na.example TXT "v=spf1 redirect=b.example"\nb.example TXT "v=spf1 all"').tree, 4)
    expect(passedBy.map(({ text }) => text)).toEqual(['include:a.example', 'redirect=b.example', 'all'])
  })
})

test('whatever records lead where: the walk ends within its bounds, and the counts hold together', () => {
  const names = ['example.com', 'a.example', 'b.example', 'c.example', 'd.example']
  const term = fc.oneof(
    fc.tuple(fc.constantFrom('include:', '-include:', 'redirect=', 'a:', 'mx:', 'exists:'), fc.constantFrom(...names)).map(parts => parts.join('')),
    fc.constantFrom('a', 'mx', 'ptr', 'exists:%{i}.x.example', 'include:%{d}.x.example', 'all', '~all', 'ip4:0.0.0.0/0', 'moo', '-all'),
  )
  const record = fc.array(term, { maxLength: 6 }).map(terms => `"v=spf1 ${terms.join(' ')}"`)
  const content = fc.oneof({ weight: 8, arbitrary: record }, fc.constantFrom('(timeout)', '(nxdomain)', '"hello"'))
  fc.assert(fc.property(fc.tuple(...names.map(() => content)), contents => {
    const { tree, rounds } = walk(names.map((name, i) => `${name} TXT ${contents[i] ?? ''}`).join('\n'))
    expect(rounds.length).toBeLessThanOrEqual(usualBounds.depth + 2)
    expect(new Set(rounds.flat()).size).toBe(rounds.flat().length)
    const { count, terms } = countLookups(tree)
    expect(terms.reduce((sum, { count }) => sum + count, 0)).toBe(count)
    for (const family of [4, 6] as const) {
      const { voids, undecided } = countVoids(tree, family)
      expect(voids.length + undecided).toBeLessThanOrEqual(count)
      expect(judgeStranger(tree, family).results.size).toBeGreaterThan(0)
    }
    expect(loopOf(tree) === null).toBe(![...placesOf(tree)].some(({ branch }) => branch.state === 'loop'))
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
  }), { numRuns: 300 })
})

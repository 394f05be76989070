import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { github } from '../../src/report/github.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { junit } from '../../src/report/junit.ts'
import { markdown, plainText } from '../../src/report/markdown.ts'
import type { Pieces } from '../../src/report/pieces.ts'
import type { Report } from '../../src/report/report.ts'
import { sarif } from '../../src/report/sarif.ts'
import { verdictsOf, type DomainVerdicts, type Place } from '../../src/report/verdicts.ts'
import { readAnnotations, readJunit, readQuality, readSarif } from './formats.ts'
import { expectGolden } from './golden.ts'
import { checks, findings, first, sample } from './sample.ts'

function written(pieces: Pieces, ...all: readonly DomainVerdicts[]): string {
  return pieces.open + all.map((verdicts, i) => pieces.item(verdicts, i)).join('') + pieces.close(all.length)
}

const makers: Readonly<Record<string, () => Pieces>> = {
  'junit.xml': () => junit(checks), 'sarif.json': () => sarif({ checks, version: '0.1.0' }), 'github.txt': () => github, 'gitlab.json': gitlab,
  'markdown.md': () => markdown(checks),
}
const verdicts = verdictsOf(sample())
const other = verdictsOf(sample({ scope: { domain: 'example.org', shownAs: 'example.org' }, findings: findings.map(finding => ({ ...finding, domain: 'example.org' })) }))
const failing = verdicts.report.findings.filter(({ verdict }) => verdict === 'fail')
const unknown = verdicts.report.findings.filter(({ verdict }) => verdict === 'unknown')

/** The sample with a planned record behind what fails in SPF. */
function planned(place: Place): DomainVerdicts {
  return { ...verdicts, verdicts: verdicts.verdicts.map(one => one.finding.check.startsWith('spf/') ? { ...one, places: [place] } : one) }
}

test.each(Object.keys(makers))('%s is kept in review', name => {
  expectGolden(`report/${name}`, written(makers[name]?.() ?? github, verdicts, other))
})

test('what there is to say of the planned records stands in every format, visible and in its place', () => {
  const noted: DomainVerdicts = {
    ...verdicts, notes: [{ place: { file: 'plan.zone', line: 3 }, message: 'a [link](https://x.example) in {braces} <b>\u202e', grave: false }, { place: null, message: 'it changes nothing', grave: true }],
  }
  expect(readSarif(written(sarif({ checks, version: '1.0.0' }), noted)).notifications).toEqual([
    { level: 'note', message: { text: 'a \\[link\\](https://x.example) in {{braces}} <b>\\\\u202e' }, locations: [{ physicalLocation: { artifactLocation: { uri: 'plan.zone' }, region: { startLine: 3 } } }], properties: { domain: 'example.com' } },
    { level: 'warning', message: { text: 'it changes nothing' }, properties: { domain: 'example.com' } },
  ])
  const document = written(junit(checks), noted, other)
  expect(readJunit(document)).toHaveLength(2 * verdicts.report.findings.length)
  expect(document).toContain('<system-out>plan.zone:3: a [link](https://x.example) in {braces} &lt;b&gt;\\u202e\nit changes nothing</system-out>')
  expect(document.match(/<system-out>/g)).toHaveLength(1)
  expect(readQuality(written(gitlab(), noted)).filter(({ check_name: name }) => name === 'planned-records').map(({ severity }) => severity)).toEqual(['info', 'minor'])
  expect(readAnnotations(written(github, noted)).filter(({ text }) => text.includes('changes nothing'))).toHaveLength(1)
  expect(written(markdown(checks), noted)).toContain('it changes nothing')
})

describe('nothing is a valid document too', () => {
  test('no domain', () => {
    expect(readJunit(written(junit(checks)))).toEqual([])
    expect(readSarif(written(sarif({ checks, version: '1.0.0' }))).results).toEqual([])
    expect(readQuality(written(gitlab()))).toEqual([])
    expect(readAnnotations(written(github))).toEqual([])
  })

  test('a domain without failures', () => {
    const calm = verdictsOf(sample({ findings: findings.filter(({ verdict }) => verdict === 'pass') }))
    expect(readSarif(written(sarif({ checks, version: '1.0.0' }), calm)).results).toEqual([])
    expect(readQuality(written(gitlab(), calm))).toEqual([])
    expect(written(github, calm)).toBe('')
    expect(written(markdown(checks), calm)).toContain('Nothing fails.')
  })
})

describe('JUnit', () => {
  const cases = readJunit(written(junit(checks), verdicts, other))

  test('has a case for each finding', () => {
    expect(cases.map(({ name, suite }) => [suite, name])).toEqual([verdicts, other].flatMap(({ report }) =>
      report.findings.map(({ check, subject }) => [report.domain, `${check} ${subject}`])))
    expect(cases.filter(({ outcome }) => outcome === 'failure')).toHaveLength(2 * failing.length)
  })

  test('skips what could not be tested, and says why', () => {
    const hidden = cases.filter(({ message }) => message.startsWith('could not be tested: '))
    expect(hidden).toHaveLength(2 * unknown.length)
    expect(new Set(hidden.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']))
  })

  test('a failure has the message, the evidence and the cure', () => {
    const one = cases.find(({ name }) => name === 'spf/within-lookup-limit example.com')
    expect(one?.message).toBe('12 DNS-querying terms (limit 10): include:_spf.one.example, include:_spf.two.example, mx, a:www.example.com')
    expect(one?.text.split('\n').map(line => line.split(':', 1)[0])).toEqual(['seen', 'why', 'do', 'publish', 'remove', 'by'])
  })

  test('names the place of a planned record', () => {
    const [one] = readJunit(written(junit(checks), planned({ file: 'zones/a b.zone', line: 7 }))).filter(({ file }) => file !== undefined)
    expect(one).toMatchObject({ file: 'zones/a b.zone', line: '7', outcome: 'failure' })
  })
})

describe('SARIF', () => {
  const { results, rules } = readSarif(written(sarif({ checks, version: '0.1.0' }), verdicts, other))

  test('has a rule for each check, and a result for each failure and each open question', () => {
    expect(rules.map(({ id }) => id)).toEqual(checks.map(({ id }) => id))
    expect(results.filter(({ kind }) => kind === 'fail')).toHaveLength(2 * failing.length)
    expect(results.filter(({ kind }) => kind === 'open').map(({ level }) => level)).toEqual(Array.from({ length: 2 * unknown.length }, () => 'none'))
  })

  test('the level follows the severity', () => {
    const level = (check: string) => results.find(({ ruleId, kind }) => ruleId === check && kind === 'fail')?.level
    expect([level('smtp/session-opens'), level('dmarc/policy-enforced'), level('mx-tls/certificate-verifiable')]).toEqual(['error', 'warning', 'note'])
  })

  test('fingerprints tell findings apart, and stay when values change', () => {
    const prints = results.map(({ partialFingerprints }) => partialFingerprints['mailcheck/v1'])
    expect(new Set(prints).size).toBe(prints.length)
    const later = verdictsOf(sample({ findings: findings.map(finding => ({ ...finding, args: { ...finding.args, address: '192.0.2.77' }, evidence: [] })) }))
    const again = readSarif(written(sarif({ checks, version: '9.9.9' }), later)).results
    expect(again.map(({ partialFingerprints }) => partialFingerprints['mailcheck/v1'])).toEqual(prints.slice(0, again.length))
  })

  test('is located at the planned record where there is one, else at the subject', () => {
    const located = readSarif(written(sarif({ checks, version: '0.1.0' }), planned({ file: './zones/größe 1.zone', line: 12, column: 3 }))).results
    const place = (check: string) => located.find(({ ruleId }) => ruleId === check)?.locations[0]
    expect(place('spf/syntax-valid')?.physicalLocation).toEqual({ artifactLocation: { uri: 'zones/gr%C3%B6%C3%9Fe%201.zone' }, region: { startLine: 12, startColumn: 3 } })
    expect(place('dmarc/policy-enforced')).toEqual({ logicalLocations: [{ name: 'example.com', fullyQualifiedName: 'example.com', kind: 'resource' }] })
    expect(place('smtp/session-opens')?.logicalLocations[0]?.fullyQualifiedName).toBe('example.com/mx1.example.com[192.0.2.1]:25')
  })

  test('braces and links in what a server says are no placeholders and no links', () => {
    const hostile = 'x{0} [click](http://evil.example) \\ {'
    const report = sample({ findings: findings.map(finding => finding.check === 'smtp/session-opens' && finding.verdict === 'fail'
      ? { ...finding, args: { ...finding.args, reply: hostile }, evidence: [] } : finding) })
    const text = readSarif(written(sarif({ checks, version: '0.1.0' }), verdictsOf(report))).results[0]?.message.text ?? ''
    expect(text).toContain('x{{0}} \\[click\\](http://evil.example) \\\\ {{')
  })
})

describe('GitHub', () => {
  const annotations = readAnnotations(written(github, verdicts))

  test('one for each failure, at its severity', () => {
    expect(annotations.filter(({ properties }) => properties['title']?.includes('('))).toHaveLength(failing.length)
    expect(annotations.find(({ properties }) => properties['title']?.startsWith('dmarc/policy-enforced'))?.command).toBe('warning')
  })

  test('what could not be tested is a notice, one for each reason', () => {
    const reasons = new Set(unknown.map(({ code }) => code))
    const notices = annotations.filter(({ text }) => text.includes('could not be tested'))
    expect(notices.map(({ command, properties }) => [command, properties['title']])).toEqual([...reasons].map(code => ['notice', `example.com: ${code ?? ''}`]))
  })

  test('file, line and column are those of the planned record, whatever the file is called', () => {
    const [one] = readAnnotations(written(github, planned({ file: 'zones/a,b:c%.zone', line: 4, column: 9 }))).filter(({ properties }) => 'file' in properties)
    expect(one?.properties).toMatchObject({ file: 'zones/a,b:c%.zone', line: '4', col: '9' })
  })
})

describe('GitLab', () => {
  test('one entry for each failure; what could not be tested is information', () => {
    const entries = readQuality(written(gitlab(), verdicts, other))
    expect(entries.filter(({ check_name }) => check_name.includes('/'))).toHaveLength(2 * failing.length)
    expect(new Set(entries.filter(({ description }) => description.includes('could not be tested')).map(({ severity }) => severity))).toEqual(new Set(['info']))
    expect(entries.find(({ check_name }) => check_name === 'spf/syntax-valid')?.location).toEqual({ path: 'example.com', lines: { begin: 1 } })
    const [located] = readQuality(written(gitlab(), planned({ file: './a.zone', line: 3 }))).filter(({ check_name }) => check_name.startsWith('spf/'))
    expect(located?.location).toEqual({ path: 'a.zone', lines: { begin: 3 } })
  })
})

describe('Markdown', () => {
  /** What a reader of Markdown sees outside of code. */
  const prose = (document: string): string => document.replace(/^(`{3,})[^]*?^\1$/gm, '').replace(/(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, '')

  test.each(['![x](http://evil.example/a.png)', '@somebody', '<img src=x>', '#12', 'a|b', 'www.evil.example', '**bold**', '`code`', '```', '[a](b)', '&lt;', 'http://evil.example'])(
    'what a server says is code: %s', hostile => {
      const report = sample({ findings: findings.map(finding => finding.verdict === 'fail'
        ? { ...finding, args: { ...finding.args, reply: `550 ${hostile}`, term: hostile, why: hostile, what: hostile, terms: [hostile, hostile] } } : finding) })
      const bare = prose(written(markdown(checks), verdictsOf(report)))
      expect(bare).not.toContain(hostile)
      expect(bare).not.toMatch(/evil|somebody/)
    })

  test('a word is left as it is or put into code, and none is lost', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), text => {
      const shown = plainText(text)
      expect(prose(shown).replace(/[\p{L}\p{N}\s.,’'%:;!?()"”“-]/gu, '')).toBe('')
      expect(shown.replaceAll(/[`\s]/g, '')).toBe(text.replaceAll(/[`\s]/g, ''))
    }))
  })

  test('a long word takes no long time', () => {
    expect(plainText(',,'.repeat(100_000)).length).toBeGreaterThan(0)
    expect(plainText(`${'::'.repeat(100_000)}x`).length).toBeGreaterThan(0)
  })

  test('fits into a comment, and says what was left out', () => {
    const many = Array.from({ length: 300 }, (_, i): Report => sample({ scope: { domain: `d${i}.example`, shownAs: `d${i}.example` } }))
    const text = written(markdown(checks), ...many.map(verdictsOf))
    expect(text.length).toBeLessThan(65_536)
    expect(text).toMatch(/\d+ domains more did not fit here\./)
  })
})

test('what a terminal or a log would obey is nowhere raw', () => {
  for (const make of Object.values(makers)) expect(written(make(), verdicts)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})

test('what is excused breaks nothing, and is still there', () => {
  const excused: DomainVerdicts = { ...verdicts, verdicts: verdicts.verdicts.map(one => ({ ...one, excuse: { kind: 'waived', because: 'waived: it ends in March (ops)' } })) }
  expect(readJunit(written(junit(checks), excused)).filter(({ outcome }) => outcome === 'failure')).toEqual([])
  const { results } = readSarif(written(sarif({ checks, version: '0.1.0' }), excused))
  expect(first(results).suppressions).toEqual([{ kind: 'external', status: 'accepted', justification: 'waived: it ends in March (ops)' }])
  expect(new Set(readAnnotations(written(github, excused)).map(({ command }) => command))).toEqual(new Set(['notice']))
  expect(new Set(readQuality(written(gitlab(), excused)).map(({ severity }) => severity))).toEqual(new Set(['info']))
  expect(written(markdown(checks), excused)).toContain(`Known or waived: ${failing.length}`)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderExplain, renderCheckList } from '../../src/report/explain.ts'
import { renderText } from '../../src/report/text.ts'
import { cells } from '../../src/report/wrap.ts'
import type { Finding } from '../../src/run.ts'
import { expectGolden } from './golden.ts'
import { checks, facts, findings, first, sample } from './sample.ts'

const plain = { width: 80, colour: false, checks }

test('the report of 80 columns, and of a wide terminal', () => {
  expectGolden('report/80-columns.txt', renderText(sample(), plain))
  expectGolden('report/130-columns.txt', renderText(sample(), { ...plain, width: 130 }))
})

test('the page of a check and the list of all', () => {
  expectGolden('report/explain.txt', renderExplain(first(checks.slice(2)), plain))
  expectGolden('report/checks.txt', renderCheckList(checks, plain))
})

test('quiet leaves the answers and what fails', () => {
  const text = renderText(sample(), { ...plain, quiet: true })
  expect(text).toContain('Can mail reach you?')
  expect(text).toContain('Warnings (1)')
  expect(text).not.toMatch(/Passed|Skipped|Could not be tested|Endpoints/)
})

test('a question that no selected check bears on is not answered', () => {
  const text = renderText(sample({ findings: findings.filter(({ question }) => question === 'send') }), plain)
  expect(text).toContain('Will the mail you send be accepted?')
  expect(text).not.toContain('Can mail reach you?')
})

test('colours are asked for, and nothing else escapes', () => {
  expect(renderText(sample(), plain)).not.toContain('\u001b')
  const coloured = renderText(sample(), { ...plain, colour: true })
  expect(coloured).toContain('\u001b[31m')
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderText(sample(), plain))
})

test('forty unknowns of one cause are one paragraph', () => {
  const hidden = Array.from({ length: 40 }, (_, i): Finding => ({
    ...first(findings), check: first(checks.slice(i % 3)).id, subject: `mx${i}.example.com[2001:db8::${i}]:25`, verdict: 'unknown', code: 'no-ipv6-here', detail: null,
  }))
  const text = renderText(sample({ findings: hidden }), plain)
  expect(text).toContain('Could not be tested (40)')
  expect(text.match(/There is no IPv6 here:/g)).toHaveLength(2) // once under the title, once with what it hides
  expect(text).toMatch(/and 37\s+more/)
})

test('the same defect at many endpoints is told once', () => {
  const many = Array.from({ length: 20 }, (_, i): Finding => ({ ...first(findings.slice(2)), subject: `mx.example.com[192.0.2.${i}]:25` }))
  const text = renderText(sample({ findings: many }), plain)
  expect(text.match(/ why /g)).toHaveLength(1)
  expect(text.match(/ do /g)).toHaveLength(1)
  expect(text).toContain('likewise mx.example.com[192.0.2.8]:25')
})

test('one sentence that holds for several addresses is said once, with what each showed', () => {
  const alike = ['192.0.2.1', '192.0.2.2'].map((address): Finding => ({
    ...first(findings.slice(-3)), subject: `mx1.example.com[${address}]:25`, evidence: [{ from: 'session', endpoint: `mx1.example.com[${address}]:25`, line: 'x' }],
  }))
  const text = renderText(sample({ findings: alike }), plain)
  expect(text.match(/it is self-signed/g)).toHaveLength(1)
  expect(text).toMatch(/\[192\.0\.2\.1\]:25\n[^]*\[192\.0\.2\.2\]:25\n/)
})

describe('titles', () => {
  test('a name in another script is shown as typed, with its A-labels', () => {
    expect(renderText(sample({ scope: { domain: 'xn--mnchen-3ya.de', shownAs: 'münchen.de' } }), plain)).toMatch(/^münchen\.de \(xn--mnchen-3ya\.de\)\n/)
    expect(renderText(sample({ scope: { shownAs: 'Example.COM' } }), plain)).toMatch(/^Example\.COM\n/)
  })
})

test('whatever the network says, no control character reaches the terminal, and lines keep their width', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes).toString('latin1')))
  fc.assert(fc.property(hostile, hostile, hostile, fc.integer({ min: 20, max: 140 }), (a, b, c, width) => {
    const nasty = findings.map((finding): Finding => ({
      ...finding,
      subject: a,
      detail: b,
      args: Object.fromEntries(Object.keys(finding.args).map(key => [key, c])),
      evidence: [
        { from: 'dns', name: a, type: 'TXT', text: b, ttl: 1, at: 3 }, { from: 'session', endpoint: a, line: c }, { from: 'https', url: b, line: a },
      ],
      remedy: { text: b, records: { set: [a], remove: [c] } },
    }))
    const nastyFacts = JSON.parse(JSON.stringify(facts).replaceAll('AUTH=PLAIN', `AUTH=${JSON.stringify(c).slice(1, -1)}`)) as typeof facts
    const text = renderText(sample({ findings: nasty, facts: nastyFacts, scope: { shownAs: c } }), { ...plain, width })
    return !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(text)
  }), { numRuns: 100 })
})

test('a server that goes on and on makes no long report', () => {
  const name = 'mx9.example.com[192.0.2.9]:25'
  const session = {
    protocol: 'smtp', name, endpoint: { host: 'mx9.example.com', address: '192.0.2.9', port: 25, tls: 'starttls' }, connected: 1, transcript: [],
    ehlo: ['250-mx9', `250 AUTH ${Array.from({ length: 1000 }, (_, i) => `X${i}`).join(' ')} ${'Y'.repeat(5000)}`],
  }
  const flood = findings.map((finding): Finding => ({ ...finding, detail: '語'.repeat(100_000), args: { ...finding.args, reply: 'x '.repeat(50_000) } }))
  const before = renderText(sample(), plain).split('\n').length
  for (const width of [60, 140]) {
    const lines = renderText(sample({ findings: flood, facts: { smtp: { [name]: session } } }), { ...plain, width }).split('\n')
    expect(lines.length).toBeLessThan(before + 200)
    expect(lines.join('\n')).toMatch(/X15\s+and 985 more/)
  }
})

test('lines fit the width, but for records to be copied', () => {
  for (const width of [60, 80, 120]) {
    const long = renderText(sample(), { ...plain, width }).split('\n').filter(line => cells(line) > width)
    expect(long.filter(line => !/^ {4}(publish|remove)/.test(line))).toEqual([])
  }
})

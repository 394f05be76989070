import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderHtml, renderHtmlReports } from '../../src/report/html.ts'
import { html, Markup } from '../../src/report/markup.ts'
import { pagePolicy } from '../../src/report/page.ts'
import { renderStatus } from '../../src/report/status.ts'
import type { Finding } from '../../src/run.ts'
import { expectGolden } from './golden.ts'
import { checks, facts, findings, first, sample } from './sample.ts'
import { readPage } from './well-formed.ts'

const page = renderHtml(sample(), { checks })

test('the page of a report', () => expectGolden('report/report.html', page))

test('the page is well-formed, and its parts can be told apart by those who only hear it', () => {
  const { elements, text } = readPage(page)
  const named = (name: string) => elements.filter(element => element.name === name)
  expect(named('html')[0]?.attributes['lang']).toBe('en')
  expect(named('h1')).toHaveLength(1)
  expect(named('main')).toHaveLength(1)
  // headings go down one step at a time
  const levels = elements.flatMap(({ name }) => (/^h\d$/.test(name) ? [Number(name.slice(1))] : []))
  expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1 && i > 1)).toEqual([])
  expect(text).toContain('Partly: 2 errors (SMTP)')
  expect(text).toContain('! Partly')
})

test('every link within the page leads somewhere, and every other one to the text of a standard', () => {
  const { elements } = readPage(renderHtmlReports([sample(), sample({ scope: { domain: 'other.example', shownAs: 'Other.Example' } })], { checks }))
  const ids = elements.flatMap(({ attributes }) => (attributes['id'] === undefined ? [] : [attributes['id']]))
  expect(new Set(ids).size).toBe(ids.length)
  const links = elements.filter(({ name }) => name === 'a').map(({ attributes }) => attributes['href'] ?? '')
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) {
    if (link.startsWith('#')) expect(ids).toContain(link.slice(1))
    else expect(link).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\/rfc\d+(#section-[\d.]*\d)?$/)
  }
})

test('the record to publish stands alone in its element, to be selected whole', () => {
  expect(page).toContain('<pre class="copy">_dmarc.example.com. 3600 TXT &quot;v=DMARC1; p=quarantine&quot;</pre>')
})

test('the policy names the style of the page and permits no script', async () => {
  const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? ''
  const { createHash } = await import('node:crypto')
  expect(pagePolicy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(pagePolicy).toMatch(/^default-src 'none';/)
  expect(pagePolicy).not.toMatch(/script|unsafe|https?:/)
  const inPage = readPage(page).elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy')
  expect(pagePolicy.startsWith(`${inPage?.attributes['content'] ?? '?'}; `)).toBe(true)
})

test('what somebody answers for, or was there before, is folded, and no question leads to it', () => {
  const report = sample()
  const excused = { ...report, findings: report.findings.map(finding =>
    (finding.check === 'spf/syntax-valid' ? { ...finding, waived: { reason: 'the <provider> is told', owner: 'ops', until: '2027-03-31' } }
      : finding.check === 'dmarc/policy-enforced' ? { ...finding, baseline: true as const } : finding)) }
  const shown = renderHtml(excused, { checks })
  const [before = '', folded = ''] = shown.split('Known or waived (2)')
  expect(before).not.toContain('spf/syntax-valid')
  expect(before).toContain('spf/within-lookup-limit')
  expect(folded).toContain('(spf/syntax-valid; waived until 2027-03-31: the &lt;provider&gt; is told (ops))')
  expect(folded).toContain('was there before')
  expect(renderHtml({ ...excused, findings: excused.findings.filter(({ waived, verdict }) => waived !== undefined || verdict === 'pass') }, { checks }))
    .toContain('Nothing fails but what is waived or known.')
})

const allowed = new Set(('html head meta link title style body header main footer section article details summary h1 h2 h3 p ul li dl dt dd pre code span a time '
  + 'table thead tbody tr th td').split(' '))
const hostile = fc.oneof(
  fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '\' onmouseover=\'alert(1)', '</pre><iframe>', '</title><script>', '&lt;', 'javascript:alert(1)', ']]>', '<!--'),
  fc.string({ unit: 'binary', maxLength: 60 }), fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes).toString('latin1')))

function nastyReport(a: string, b: string, c: string) {
  const nasty = findings.map((finding): Finding => ({
    ...finding, subject: a, detail: b, args: Object.fromEntries(Object.keys(finding.args).map(key => [key, c])),
    evidence: [
      { from: 'dns', name: a, type: 'TXT', text: b, ttl: 1, at: 3 }, { from: 'session', endpoint: a, line: c }, { from: 'https', url: b, line: a },
    ],
    remedy: { text: b, records: { set: [a], remove: [c] } },
  }))
  const nastyFacts = JSON.parse(JSON.stringify(facts).replaceAll('AUTH=PLAIN', `AUTH=${JSON.stringify(c).slice(1, -1)}`)) as typeof facts
  return sample({ findings: nasty, facts: nastyFacts, scope: { shownAs: c } })
}

test('whatever the network says, it stays text', () => {
  fc.assert(fc.property(hostile, hostile, hostile, (a, b, c) => {
    const report = nastyReport(a, b, c)
    const row = { domain: 'example.com', module: 'dns', interval: 300, lastRun: new Date(0), nextRun: new Date(1), running: false, success: true, report }
    for (const text of [renderHtml(report, { checks }), renderStatus([row], { now: new Date(2), version: '1', link: ({ domain }) => `report/${domain}` })]) {
      const { elements } = readPage(text)
      expect(elements.filter(({ name }) => !allowed.has(name))).toEqual([])
      expect(elements.flatMap(({ attributes }) => Object.keys(attributes)).filter(name => /^on|^style$|^src/.test(name))).toEqual([])
      expect(elements.flatMap(({ attributes }) => attributes['href'] ?? []).filter(href => !/^(#|https:\/\/www\.rfc-editor\.org\/|report\/|metrics$|sd$|data:,$)/.test(href))).toEqual([])
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    }
  }), { numRuns: 60 })
})

test('a server that goes on and on makes no long page', () => {
  const flood = findings.map((finding): Finding => ({ ...finding, detail: '語'.repeat(100_000), args: { ...finding.args, reply: 'x '.repeat(50_000) } }))
  const many = Array.from({ length: 2000 }, (_, i): Finding => ({ ...first(findings.slice(2)), subject: `mx.example.com[192.0.2.${i}]:25` }))
  expect(renderHtml(sample({ findings: [...flood, ...many] }), { checks }).length).toBeLessThan(60_000)
})

test('a question that no selected check bears on is not answered, and a report without findings is still a page', () => {
  const text = renderHtml(sample({ findings: findings.filter(({ question }) => question === 'send') }), { checks })
  expect(text).toContain('Will the mail you send be accepted?')
  expect(text).not.toContain('Can mail reach you?')
  expect(readPage(renderHtml(sample({ findings: [], facts: {} }), { checks })).text).toContain('example.com')
})

describe('markup', () => {
  test('what is put in is escaped unless it is markup', () => {
    expect(html`<p title="${'"\'<&>'}">${html`<b>${'<'}</b>`}</p>`.text).toBe('<p title="&quot;&#39;&lt;&amp;&gt;"><b>&lt;</b></p>')
  })
  test('nothing is written for nothing, lists are joined', () => {
    expect(html`${null}${undefined}${false}${0}${['a', [html`<br />`, 'b']]}`.text).toBe('0a<br />b')
  })
  test('what cannot be seen is shown', () => {
    expect(html`${'a\u202eb\u0000'}`.text).toBe('a\\u202eb\\x00')
    expect(new Markup('<i>').text).toBe('<i>')
  })
})

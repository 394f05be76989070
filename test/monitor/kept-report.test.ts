import { afterAll, expect, test, vi } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { check, createNetwork, makeScope } from '../../src/index.ts'
import { KeptReport } from '../../src/monitor/kept-report.ts'
import { mergeReports } from '../../src/monitor/merged-report.ts'
import { transcriptText } from '../../src/monitor/transcript-text.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderJson } from '../../src/report/json.ts'
import { closeWorld, worldOf } from './serving.ts'

afterAll(() => closeWorld())

test.each(['good.example', 'faulty.example'])('the report on %s is the same after it was packed: as JSON, as a page, and what was said in it', async domain => {
  const { resolver, route, ca } = await worldOf('good', 'parked', 'faulty')
  const scope = makeScope({ selectors: ['s2026'], ehloName: 'probe.example', permissions: ['tlsScan'] }, null, { domain, shownAs: domain })
  const network = createNetwork({ resolvers: [resolver], route, anchors: [ca], timeout: 3000 })
  const report = await check(scope, { network, checks: checks.filter(({ topic }) => !['nameservers', 'dnssec'].includes(topic)) })
  const kept = new KeptReport(report)
  expect(kept.whole()).toBe(report)
  await vi.waitFor(() => expect(kept.whole()).not.toBe(report), 5000)
  const whole = kept.whole()
  expect(renderJson([whole])).toBe(renderJson([report]))
  expect(renderHtml(whole, { checks })).toBe(renderHtml(report, { checks }))
  expect(transcriptText(whole)).toBe(transcriptText(report))
  expect(mergeReports([{ ...whole, findings: [] }, whole], scope, checks)).toMatchObject({ counts: report.counts, questions: report.questions, vantage: report.vantage, context: report.context })
  expect(kept.glance.findings.every(({ verdict }) => verdict === 'fail' || verdict === 'unknown')).toBe(true)
})

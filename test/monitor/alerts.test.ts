import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { duration, literal } from '../../src/monitor/alert-rule.ts'
import { alertTests } from '../../src/monitor/alert-tests.ts'
import { alertGroups, alerting, type AlertOptions } from '../../src/monitor/alerts.ts'
import { alertName } from '../../src/monitor/check-alerts.ts'
import { reasonsOf } from '../../src/monitor/reason-kinds.ts'
import { reasons } from '../../src/reasons.ts'
import { complaints } from './promql.ts'

const options: AlertOptions = { checks, least: 'warning', intervalOf: ({ requires }) => (requires === undefined ? 900 : 21_600), url: undefined }
const groups = alertGroups(options)
const rules = groups.flatMap(group => group.rules)

test('one group for each question, and one for the monitoring', () => {
  expect(groups.map(({ name }) => name)).toEqual(['mailcheck-receive', 'mailcheck-send', 'mailcheck-access', 'mailcheck-protect', 'mailcheck-service'])
})

test('every check of that severity has an alert in the group of its question, and no two have one name', () => {
  const named = new Map(groups.flatMap(({ name, rules: own }) => own.map(({ labels }) => [labels['check'] ?? '', name])))
  for (const { id, question } of alerting(checks, 'warning')) expect(named.get(id)).toBe(`mailcheck-${question}`)
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  expect(rules.every(({ alert }) => /^Mailcheck[A-Za-z0-9]+$/.test(alert))).toBe(true)
})

test('nobody is told of what was not asked for', () => {
  expect(new Set(rules.map(({ labels }) => labels['severity']))).toEqual(new Set(['critical', 'error', 'warning']))
  expect(new Set(alertGroups({ ...options, least: 'critical' }).slice(0, -1).flatMap(group => group.rules).map(({ labels }) => labels['severity']))).toEqual(new Set(['critical']))
})

describe.each(groups)('$name', ({ rules: own }) => {
  test.each(own)('$alert', ({ expr, labels, annotations, for: wait, keep_firing_for: keep }) => {
    expect(complaints(expr)).toEqual([])
    expect(labels['severity']).toMatch(/^(critical|error|warning|notice)$/)
    expect(wait).toMatch(/^(\d+[dhms])+$/)
    expect(keep).toMatch(/^(\d+[dhms])+$/)
    for (const name of ['summary', 'description', 'runbook']) expect(annotations[name], name).toMatch(/\S/)
    for (const text of Object.values(annotations)) {
      // nothing of a template is left open
      expect(text.replace(/\{\{.*?\}\}/g, ''), text.slice(0, 80)).not.toContain('}}')
    }
  })
})

test('the runbook is the page of mailcheck explain', () => {
  const rule = rules.find(({ alert }) => alert === alertName('spf/record-exists'))
  const check = checks.find(({ id }) => id === 'spf/record-exists')
  expect(rule?.annotations['runbook']?.replace(/\s+/g, ' ')).toContain(check?.explain.replace(/\s+/g, ' ').trim())
  expect(rule?.annotations['runbook']).toContain(check?.rfc[0])
})

test('grave failures wait for a second run, lesser ones for a fourth', () => {
  const waits = (severity: string) => new Set(rules.filter(({ labels }) => labels['severity'] === severity && labels['check'] !== undefined && !labels['check'].startsWith('reputation/')).map(rule => rule.for))
  expect(waits('critical')).toContain('17m30s')
  expect(waits('warning')).toContain('47m30s')
})

test('a report can be reached from the alert when it is said where', () => {
  const [rule] = alertGroups({ ...options, url: 'https://mail.example.net/mailcheck/' }).flatMap(group => group.rules)
  expect(rule?.annotations['report']).toBe('https://mail.example.net/mailcheck/report/{{ $labels.domain }}')
  expect(rules.some(({ annotations }) => 'report' in annotations)).toBe(false)
})

test('every alert has a test in which it is raised, and one in which it is not', () => {
  const tests = alertTests(options, 'rules.yml').tests.flatMap(({ alert_rule_test: expectations }) => expectations)
  for (const { alert } of rules) {
    const own = tests.filter(({ alertname }) => alertname === alert)
    expect(own.some(({ exp_alerts: expected }) => expected.length > 0), alert).toBe(true)
    if (!/State(NotWritten|Damaged)$/.test(alert)) expect(own.some(({ exp_alerts: expected }) => expected.length === 0), alert).toBe(true)
  }
})

test('every reason is of one kind', () => {
  const all = ['here', 'resolver', 'passing', 'lasting'] as const
  expect(reasonsOf(...all).split('|').toSorted()).toEqual(Object.keys(reasons).toSorted())
  expect(all.flatMap(kind => reasonsOf(kind).split('|')).length).toBe(Object.keys(reasons).length)
})

test.each([[1, '1s'], [90, '1m30s'], [3600, '1h'], [90_061, '1d1h1m1s'], [0.2, '1s'], [150, '2m30s']])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('text is not a template', () => {
  expect(literal('a {{ b }} {c}')).toBe('a {{ "{{" }} b }} {c}')
})

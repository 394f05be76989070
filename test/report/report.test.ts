import { describe, expect, test } from 'vitest'
import type { Severity } from '../../src/checks/define.ts'
import { exitCode } from '../../src/report/exit-code.ts'
import type { Report } from '../../src/report/report.ts'
import type { Finding } from '../../src/run.ts'
import { findings, first, sample } from './sample.ts'

const base = first(findings)
const make = (verdict: Finding['verdict'], severity: Severity = 'error', rest: Partial<Finding> = {}): Finding =>
  ({ ...base, verdict, severity, question: 'receive', code: verdict === 'unknown' ? 'dns-timeout' : null, ...rest })

describe('the answer to a question', () => {
  test.each([
    ['a critical failure is no', [make('pass'), make('fail', 'critical'), make('fail', 'notice')], 'no'],
    ['an error is partly', [make('pass'), make('fail', 'error')], 'partly'],
    ['a warning is partly', [make('pass'), make('fail', 'warning')], 'partly'],
    ['notices do not spoil a yes', [make('pass'), make('fail', 'notice')], 'yes'],
    ['a pass is yes', [make('pass'), make('skip')], 'yes'],
    ['nothing decided is unknown', [make('unknown'), make('skip')], 'unknown'],
    ['nothing at all is unknown', [], 'unknown'],
    ['a failure outweighs what is unknown', [make('unknown', 'critical'), make('fail', 'error')], 'partly'],
    ['a lesser pass is no yes while a critical claim is open', [make('pass', 'error', { check: 'mx/route-explicit' }), make('unknown', 'critical', { check: 'smtp/some-host-answers' })], 'unknown'],
    ['a critical claim open for some subjects only is no obstacle', [
      make('pass', 'critical', { check: 'tls/x', subject: 'a' }), make('unknown', 'critical', { check: 'tls/x', subject: 'b' }),
    ], 'yes'],
    ['an open port alone is no yes while no session could be opened', [
      make('pass', 'critical', { check: 'smtp/some-host-answers' }), make('unknown', 'error', { check: 'smtp/session-opens' }),
    ], 'unknown'],
    ['one session that opens is enough', [
      make('pass', 'error', { check: 'smtp/session-opens', subject: 'a' }), make('unknown', 'error', { check: 'smtp/session-opens', subject: 'b' }),
    ], 'yes'],
  ] as const)('%s', (_, own, answer) => {
    expect(sample({ findings: own }).questions.receive.answer).toBe(answer)
  })

  test('a fail that a finding of another question explains bears on it all the same', () => {
    const explained = (deferredTo: string): Finding => make('skip', 'error', { question: 'send', check: 'spf/syntax-valid', code: 'deferred', deferredTo })
    const own = make('pass', 'error', { question: 'send', check: 'dkim/key-found' })
    const answer = (finding: Finding) => sample({ findings: [own, finding] }).questions.send
    expect(answer(explained('dmarc/policy-enforced'))).toMatchObject({ answer: 'partly', summary: 'Partly: 1 error (SPF; see also dmarc/policy-enforced)', counts: { skip: 1 } })
    expect(answer(explained('spf/within-lookup-limit'))).toMatchObject({ answer: 'yes' })
  })

  test('is told in one line', () => {
    const { questions } = sample()
    expect(questions.receive.summary).toBe('Partly: 2 errors (SMTP)')
    expect(questions.access.summary).toBe('Yes: imaps in order')
    expect(questions.protect.summary).toBe('Partly protected: 1 warning (DMARC)')
    expect(sample({ findings: [make('unknown')] }).questions.receive.summary).toBe('Unknown: no resolver answered in time')
    expect(sample({ findings: [] }).questions.send.summary).toBe('Not asked: no check of this question was selected')
    expect(sample({ findings: [make('pass'), make('unknown')] }).questions.receive.summary).toBe('Yes, as far as could be tested: domain in order')
    expect(sample({ findings: [make('fail', 'warning'), make('unknown', 'critical', { check: 'smtp/some-host-answers' })] }).questions.receive.summary)
      .toBe('Partly: 1 warning (domain), and what matters most could not be tested')
    const endpoints = ['mx1.example.com[192.0.2.1]:25', 'mx1.example.com[2001:db8::1]:25', 'mx2.example.com[192.0.2.1]:25']
    expect(sample({ findings: endpoints.map(subject => make('pass', 'error', { subject })) }).questions.receive.summary)
      .toBe('Yes: 2 MX hosts answer on 2 addresses')
  })

  test('a domain that takes or sends no mail is told so', () => {
    const none = { value: 'no', because: 'MX 0 .' }
    const contexts = { receiving: none, sending: none, parked: { value: 'yes', because: 'MX 0 .' } }
    const { questions, context } = sample({ findings: [make('pass'), make('skip', 'error', { question: 'send', detail: 'it sends no mail' })], facts: { contexts } })
    expect(context?.parked.value).toBe('yes')
    expect(questions.receive).toMatchObject({ answer: 'yes', summary: 'Takes no mail: MX 0 .' })
    expect(questions.send.summary).toBe('Sends no mail: MX 0 .')
    const flawed = sample({ findings: [make('pass'), make('fail', 'warning')], facts: { contexts } }).questions.receive
    expect(flawed).toMatchObject({ answer: 'partly', summary: 'Takes no mail, with 1 warning (domain)' })
    expect(sample({ findings: [make('fail', 'critical')], facts: { contexts } }).questions.receive.summary).toBe('No: 1 critical (domain)')
  })
})

test('of a domain that does not exist, nothing else is said', () => {
  const { questions } = sample({ findings: [make('fail', 'critical'), make('skip', 'error', { question: 'send', detail: 'it sends no mail' })] })
  expect(questions.receive).toMatchObject({ answer: 'no', summary: 'No: 1 critical (domain)' })
  expect(questions.send).toMatchObject({ answer: 'unknown', summary: 'Does not apply: there is no such domain' })
})

test('the message of a failure is rendered; otherwise the claim stands there', () => {
  const report = sample()
  expect(report.findings[2]?.message).toBe('mx1.example.com [192.0.2.1] answers the connection with "554 \\x1b[31mgeh weg, Größe"')
  expect(report.findings[0]?.message).toBe('The domain exists')
  expect(report.counts).toEqual({ pass: 3, fail: { critical: 0, error: 4, warning: 1, notice: 1 }, skip: 2, unknown: 3 })
})

describe('what is seen from here', () => {
  const unknown = (code: string, subject = 'example.com') => make('unknown', 'error', { code, subject })

  test.each([
    [[unknown('dns-timeout')], ['The resolver does not answer: nothing could be tested.']],
    [[{ ...unknown('dns-timeout'), detail: '192.0.2.53:53 did not answer' }],
      ['The resolver does not answer (192.0.2.53:53 did not answer): nothing could be tested.']],
    [[unknown('dns-timeout'), make('pass')], []],
    [[unknown('resolver-refused')], ['The resolver refuses to answer: nothing could be tested.']],
    [[unknown('connect-timeout', 'a[192.0.2.1]:25'), unknown('connect-timeout', 'a[2001:db8::1]:25'), unknown('connect-timeout', 'b[192.0.2.1]:587')],
      ['Connections to ports 25 and 587 over IPv4 and IPv6 time out; it cannot be told from here whose doing that is (--vantage names a host to compare with).']],
    [[unknown('local-egress-blocked', 'a[192.0.2.1]:25')], ['This network lets no connection out to port 25 over IPv4.']],
    [[unknown('ad-untrusted')], ['No resolver here can be trusted to validate DNSSEC (use one on loopback or over TLS).']],
    [[unknown('selector-unknown'), unknown('rate-limited')], []],
  ])('%#', (own, lines) => {
    expect(sample({ findings: own }).vantage).toEqual(lines)
  })
})

describe('the exit status', () => {
  const status = (own: readonly Finding[], failOn: Severity | 'never' = 'error', strict = false) => exitCode([sample({ findings: own })], { failOn, strict })

  test.each([
    ['nothing fails', [make('pass')], 'error', false, 0],
    ['an error fails', [make('pass'), make('fail', 'error')], 'error', false, 1],
    ['something graver than asked', [make('fail', 'critical')], 'error', false, 1],
    ['a warning below the threshold', [make('fail', 'warning')], 'error', false, 0],
    ['a warning at the threshold', [make('fail', 'warning')], 'warning', false, 1],
    ['never', [make('fail', 'critical')], 'never', false, 0],
    ['unknown is no failure', [make('pass'), make('unknown', 'critical')], 'error', false, 0],
    ['unless strict', [make('pass'), make('unknown', 'error')], 'error', true, 3],
    ['strict looks at that severity only', [make('pass'), make('unknown', 'warning')], 'error', true, 0],
    ['a failure outweighs strict', [make('fail', 'error'), make('unknown', 'error')], 'error', true, 1],
    ['nothing could be decided', [make('unknown', 'notice'), make('skip')], 'error', false, 3],
    ['nothing could be decided, never', [make('unknown')], 'never', false, 3],
    ['nothing applied', [make('skip')], 'error', false, 0],
  ] as const)('%s', (_, own, failOn, strict, expected) => {
    expect(status(own, failOn, strict)).toBe(expected)
  })

  test('of several domains the worst counts', () => {
    const [good, bad, blind] = [make('pass'), make('fail'), make('unknown')].map(own => sample({ findings: [own] })) as [Report, Report, Report]
    const policy = { failOn: 'error', strict: false } as const
    expect(exitCode([good, bad, blind], policy)).toBe(1)
    expect(exitCode([good, blind], policy)).toBe(3)
    expect(exitCode([], policy)).toBe(0)
  })
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

interface Rule { readonly alert: string; readonly for: string; readonly labels: Readonly<Record<string, string>>; readonly annotations: Readonly<Record<string, string>> }

async function rules(...args: readonly string[]): Promise<Rule[]> {
  const { status, stdout, stderr } = await mailcheck.run(['alerts', ...args])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return (parse(stdout) as { groups: { rules: Rule[] }[] }).groups.flatMap(group => group.rules)
}

const ruleOf = (found: readonly Rule[], check: string) => found.find(({ labels }) => labels['check'] === check)

test('rules wait for two runs at the usual intervals, or at those of the configuration', async () => {
  const usual = await rules()
  expect(ruleOf(usual, 'domain/exists')?.for).toBe('7m30s')
  expect(ruleOf(usual, 'smtp/some-host-answers')?.for).toBe('17m30s')
  writeFileSync(join(mailcheck.directory, 'often.yaml'), 'modules: { names: { only: ["domain/*"], interval: 1m } }\n')
  const often = await rules('--config', 'often.yaml')
  expect(ruleOf(often, 'domain/exists')?.for).toBe('1m30s')
  expect(ruleOf(often, 'smtp/some-host-answers')?.for).toBe('17m30s')
})

test('severity and address are as they were asked for', async () => {
  const found = await rules('--severity', 'critical', '--url', 'http://mail.example.net:9725')
  expect(ruleOf(found, 'dmarc/policy-enforced')).toBeUndefined()
  expect(ruleOf(found, 'domain/exists')?.annotations['report']).toBe('http://mail.example.net:9725/report/{{ $labels.domain }}')
  expect((await rules('--severity', 'notice')).length).toBeGreaterThan((await rules()).length)
})

test('the tests name the file of the rules', async () => {
  const { stdout } = await mailcheck.run(['alerts', '--test', '--rules', 'rules/mail.yml'])
  expect(parse(stdout)).toMatchObject({ rule_files: ['rules/mail.yml'] })
})

test.each([
  [['--url', 'mail.example.net'], '--url: "mail.example.net" is no address'],
  [['--severity', 'high'], 'severity'],
  [['--config', 'missing.yaml'], 'missing.yaml: cannot be read'],
  [['--config', 'wrong.yaml'], 'no check is called "spg/*"; did you mean'],
])('%j is refused in words', async (args, message) => {
  writeFileSync(join(mailcheck.directory, 'wrong.yaml'), 'modules: { a: { only: ["spg/*"] } }\n')
  const { status, stdout, stderr } = await mailcheck.run(['alerts', ...args])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(message)
})

import { afterEach, expect, test } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { failureOf } from '../../src/commands/failure.ts'
import { UsageError } from '../../src/commands/usage-error.ts'

const argv = ['example.com', '--json']
afterEach(() => {
  delete process.env['DEBUG']
})

test('what the user asked wrongly is status 2, one line for each problem', () => {
  expect(failureOf(new UsageError('name a domain'), argv, {})).toEqual({ status: 2, message: 'mailcheck: name a domain' })
  expect(failureOf(new ConfigError(['a.yaml:1:1: x', 'a.yaml:2:1: \u001b[31my']), argv, {}))
    .toEqual({ status: 2, message: 'mailcheck: a.yaml:1:1: x\nmailcheck: a.yaml:2:1: \\x1b[31my' })
})

test('anything else is our fault: status 70, a recording is asked for, the stack only on demand', () => {
  const { status, message = '' } = failureOf(new TypeError('x is not a function'), argv, {})
  expect(status).toBe(70)
  expect(message).toMatch(/^mailcheck: this is a bug in mailcheck \d+\.\d+\.\d+: x is not a function\nmailcheck: please report it with a recording/)
  expect(message).not.toMatch(/\n {4}at /)
  process.env['DEBUG'] = '1'
  expect(failureOf(new TypeError('x is not a function'), argv, {}).message).toMatch(/\n {4}at /)
  expect(failureOf('thrown text', argv, {})).toMatchObject({ status: 70, message: expect.stringContaining('thrown text') as string })
})

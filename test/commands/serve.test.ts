/** The service as a process: signals, its state after a sudden end, its log. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { get, parseMetrics } from '../monitor/serving.ts'
import { ended, Installed } from './mailcheck.ts'

const mailcheck = new Installed()
afterAll(() => mailcheck.remove())

interface Logged { readonly level: string; readonly message: string; readonly url?: string; readonly problem?: string }

/** Starts it, and reads its log line by line. */
function start(): { child: ChildProcessWithoutNullStreams; logged: (message: string) => Promise<Logged>; lines: Logged[] } {
  const child = mailcheck.start(['serve', '--world', '--config', 'serve.yaml', '--listen', '127.0.0.1:0', '--state', 'state', '--log-format', 'json', '--vantage', 'none'])
  const lines: Logged[] = []
  let waiting: { message: string; resolve: (line: Logged) => void }[] = []
  let rest = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const line = JSON.parse(part) as Logged
      lines.push(line)
      for (const one of waiting) if (one.message === line.message) one.resolve(line)
      waiting = waiting.filter(({ message }) => line.message !== message)
    }
  })
  return { child, lines, logged: message => new Promise(resolve => waiting.push({ message, resolve })) }
}

const config = (domains: string): string => `domains: { ${domains} }\nmodules: { dns: { only: [domain, spf, dmarc], interval: 5m } }\n`
const write = (text: string): void => writeFileSync(join(mailcheck.directory, 'serve.yaml'), text)

test('it listens, reads its configuration again, forgets nothing when it is killed, and ends when it is told to', async () => {
  write(config('faulty.example: {}'))
  const first = start()
  const { url = '' } = await first.logged('listening')
  expect((await get(url, '/probe?target=faulty.example&module=dns')).status).toBe(200) // waits for the first run
  const verdicts = async (base: string): Promise<[string, number][]> =>
    [...parseMetrics((await get(base, '/metrics')).body)].filter(([name]) => /^mailcheck_(?:check_state|findings|run_timestamp)/.test(name) && name.includes('faulty.example'))
  const before = await verdicts(url)
  expect(before.length).toBeGreaterThan(6)

  write('domains: [')
  const refused = first.logged('the configuration cannot be read; the old one stays in force')
  first.child.kill('SIGHUP')
  expect((await refused).problem).toMatch(/^serve\.yaml:\d/)
  expect(parseMetrics((await get(url, '/metrics')).body).get('mailcheck_config_last_reload_successful')).toBe(0)
  write(config('faulty.example: {}, good.example: {}'))
  const taken = first.logged('configuration read again')
  first.child.kill('SIGHUP')
  await taken
  expect((await get(url, '/sd')).body).toContain('good.example')

  const second = await mailcheck.run(['serve', '--world', '--config', 'serve.yaml', '--listen', '127.0.0.1:0', '--state', 'state'])
  expect([second.status, second.stderr]).toEqual([2, `mailcheck: the state directory state is in use by process ${first.child.pid ?? 0}\n`])

  const killed = ended(first.child)
  first.child.kill('SIGKILL')
  await killed
  const third = start()
  const again = (await third.logged('listening')).url ?? ''
  expect(await verdicts(again)).toEqual(before)
  expect(third.lines.some(({ message }) => message.includes('damaged'))).toBe(false)
  const over = ended(third.child)
  third.child.kill('SIGTERM')
  expect((await over).status).toBe(0)
  for (const line of readFileSync(join(mailcheck.directory, 'state', 'state.jsonl'), 'utf8').trimEnd().split('\n')) JSON.parse(line)
}, 60_000)

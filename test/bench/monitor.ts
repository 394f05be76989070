/**
 * `npm run bench:monitor`: what watching costs, as figures and ratios beside what we aim at; a missed aim is a line in the
 * table, not a failure. `-- --domains 100 --rounds 3` for a glance, `-- soak --minutes 10` for endurance. The
 * interval of a minute, in place of five, is what 1,000 domains need at the least to be no more than a third of a core.
 */
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { load } from './load.ts'
import { soak } from './soak.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    domains: { type: 'string' }, rounds: { type: 'string', default: '20' }, interval: { type: 'string', default: '60' }, minutes: { type: 'string', default: '10' },
  },
})
const number = (name: string, text: string): number => {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name}: ${text} is no number above 0`)
  return value
}
const interval = number('interval', values.interval)
const tell = (line: string): void => void process.stderr.write(`${line}\n`)
const rows = positionals[0] === 'soak'
  ? await soak({ minutes: number('minutes', values.minutes), domains: number('domains', values.domains ?? '100'), interval, tell })
  : await load({ domains: number('domains', values.domains ?? '1000'), rounds: number('rounds', values.rounds), interval, tell })
const table = new Table({ head: ['figure', 'value', 'aim'], style: { head: [], border: [] } })
table.push(...rows.map(row => [...row]))
process.stdout.write(`${table.toString()}\n`)

/**
 * `npm run fuzz [COUNT] [SEED] [TARGET...]`: a million inputs, mutated and random, over everything that reads what strangers
 * wrote. Status 1 on a throw, on an input that takes longer than 50 ms, on a hang, and when memory is not given back.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'
import { fuzz, type Outcome } from './run.ts'
import { makeTargets } from './targets.ts'

const [count = 1_000_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const only = process.argv.slice(4)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
  process.stderr.write('npm run fuzz [COUNT] [SEED] [TARGET...]\n')
  process.exit(2)
}
const all = await makeTargets()
const targets = all.filter(({ name }) => only.length === 0 || only.includes(name))
if (targets.length === 0) {
  process.stderr.write(`there is no such target: ${all.map(({ name }) => name).join(', ')}\n`)
  process.exit(2)
}
const shares = targets.reduce((sum, { share = 1 }) => sum + share, 0)
const outcomes: Outcome[] = []
for (const target of targets) {
  if (process.stderr.isTTY) process.stderr.write(`\r${target.name}\u001b[K`)
  outcomes.push(fuzz(target, seed, Math.ceil(count * (target.share ?? 1) / shares)))
}
if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')

const columns = ['', 'inputs', 'throws', 'hangs', 'slowest ms', 'growth KiB', 'seconds']
const table = new Table({
  head: columns, colAligns: columns.map(column => (column === '' ? 'left' : 'right')), style: { head: [], border: [], compact: true },
})
const faultsOf = (outcome: Outcome, ...kinds: string[]): number => outcome.faults.filter(({ kind }) => kinds.includes(kind)).length
const row = (outcome: Outcome): (string | number)[] => [
  outcome.name, outcome.inputs, faultsOf(outcome, 'threw'), faultsOf(outcome, 'hung', 'slow'), outcome.slowest.toFixed(1), Math.round(outcome.growth / 1024), outcome.seconds.toFixed(1),
]
table.push(...outcomes.map(row))
const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, outcome) => total + of(outcome), 0)
table.push(row({
  name: 'all', inputs: sum(({ inputs }) => inputs), seconds: sum(({ seconds }) => seconds), growth: sum(({ growth }) => growth),
  slowest: Math.max(...outcomes.map(({ slowest }) => slowest)), faults: outcomes.flatMap(({ faults }) => faults),
}))
process.stdout.write(`${table.toString()}\n`)

for (const { name, faults } of outcomes) {
  for (const { kind, detail, round, input } of faults) {
    const file = fileURLToPath(new URL(`../output/fuzz-${name.replace(/\W+/g, '-')}-${seed}-${round}`, import.meta.url))
    mkdirSync(fileURLToPath(new URL('../output', import.meta.url)), { recursive: true })
    writeFileSync(file, input)
    process.stdout.write(`\n${name}: input ${round} of seed ${seed} ${kind}: ${detail}\n  ${JSON.stringify(input.subarray(0, 200).toString('latin1'))}\n  kept in ${file}\n`)
  }
}
process.exitCode = outcomes.some(({ faults }) => faults.length > 0) ? 1 : 0

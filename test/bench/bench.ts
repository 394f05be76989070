/**
 * `npm run bench`: what a run costs, as ratios within one run, beside what we aim at. It measures and does not judge: a
 * missed aim is a line in the table, not a failure.
 */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { join } from 'node:path'
import Table from 'cli-table3'
import { packageRoot } from '../../src/package.ts'
import { bundled } from './bundle.ts'
import type { Measured } from './checked.ts'
import { hostileRows } from './hostile.ts'
import { logRows } from './log-rows.ts'
import { median } from './median.ts'
import { messageRows } from './message.ts'
import { spfRows } from './spf.ts'

const roundTrip = 50
const tsx = join(packageRoot(), 'node_modules/tsx/dist/cli.mjs')
const bin = join(packageRoot(), 'bin/mailcheck.js')
const rows: [figure: string, value: string, aim: string][] = []

/** `npm run bench -- hostile` is one part alone. */
const parts: Readonly<Record<string, () => unknown>> = {
  'start-up': startUp,
  path: criticalPath,
  memory,
  spf: async () => rows.push(...await spfRows()),
  message: async () => rows.push(...await messageRows()),
  logs: async () => rows.push(...await logRows()),
  hostile: async () => rows.push(...await hostileRows()),
}
const chosen = process.argv.slice(2)
const strange = chosen.filter(name => !Object.hasOwn(parts, name))
if (strange.length > 0) {
  process.stderr.write(`no part of the bench: ${strange.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`)
  process.exit(2)
}
for (const [name, part] of Object.entries(parts)) if (chosen.length === 0 || chosen.includes(name)) await part()

const table = new Table({ head: ['figure', 'value', 'aim'], style: { head: [], border: [] } })
table.push(...rows)
process.stdout.write(`${table.toString()}\n`)

/** In turn, so that a machine that slows down slows both. */
function startUp(): void {
  const time = (...args: string[]): number => {
    const began = process.hrtime.bigint()
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${String(status)}`)
    return Number(process.hrtime.bigint() - began) / 1e6
  }
  const pairs = Array.from({ length: 22 }, () => ({ version: time(bin, '--version'), nothing: time('-e', '0') })).slice(2)
  const explain = Array.from({ length: 6 }, () => time(bin, 'explain', 'spf/record-exists')).slice(1)
  rows.push(
    ['mailcheck --version', `${median(pairs.map(({ version }) => version)).toFixed(0)} ms`, ''],
    ['  against node -e 0', `${median(pairs.map(({ version, nothing }) => version / nothing)).toFixed(2)} x`, 'at most 2.00 x'],
    ['mailcheck explain, against node -e 0', `${(median(explain) / median(pairs.map(({ nothing }) => nothing))).toFixed(2)} x`, ''],
  )
}

async function criticalPath(): Promise<void> {
  await withLab([String(roundTrip), '1'], async lab => {
    const runs: Measured[] = []
    for (let i = 0; i < 5; i++) runs.push(await checked(lab, 1))
    const ratios = runs.map(({ wall, path }) => wall / total(path))
    const [run] = runs.toSorted((a, b) => a.wall / total(a.path) - b.wall / total(b.path)).slice(2)
    if (!run) return
    process.stdout.write(`The longest chain of exchanges that needed one another, at ${roundTrip} ms a round trip:\n`)
    for (const { what, milliseconds } of run.path) process.stdout.write(`  ${milliseconds.toFixed(0).padStart(5)} ms  ${what}\n`)
    rows.push(
      ['good domain, wall time', `${run.wall.toFixed(0)} ms`, ''],
      ['  against its critical path', `${median(ratios).toFixed(2)} x (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`, 'at most 1.25 x'],
      ['  critical path in round trips', (total(run.path) / roundTrip).toFixed(1), ''],
      ['  DNS questions', String(run.questions), ''],
      ['  DNS questions asked twice', String(run.repeated), '0'],
      ['  sessions', String(run.sessions), ''],
      ['  findings that are not well', String(run.blemishes), '0'],
    )
  })
}

async function memory(): Promise<void> {
  const domains = 200
  await withLab(['0', String(domains)], async lab => {
    const one = await checked(lab, 1)
    const many = await checked(lab, domains)
    rows.push(
      ['peak memory, one domain', `${(one.peak / 1024).toFixed(0)} MiB`, ''],
      [`peak memory, ${domains} domains in one call`, `${(many.peak / 1024).toFixed(0)} MiB`, ''],
      ['  growth for each domain', `${((many.peak - one.peak) / (domains - 1)).toFixed(0)} KiB`, ''],
      [`${domains} domains, wall time`, `${(many.wall / 1000).toFixed(1)} s`, ''],
      ['  findings that are not well', String(many.blemishes), '0'],
    )
  })
}

/** Starts a lab, hands on the line that says where it is, and ends it. */
async function withLab(args: readonly string[], work: (lab: string) => Promise<void>): Promise<void> {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [tsx, join(import.meta.dirname, 'lab.ts'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  try {
    const lines = createInterface({ input: child.stdout })
    const lab = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      child.once('exit', status => reject(new Error(`the lab ended with ${String(status)}`)))
    })
    await work(lab)
  } finally {
    child.stdin.end()
    await ended
  }
}

async function checked(lab: string, count: number): Promise<Measured> {
  const script = await bundled('checked.ts')
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, String(count)], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(lab)
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.once('exit', status => {
      if (status === 0) resolve(JSON.parse(out) as Measured)
      else reject(new Error(`the measured run ended with ${String(status)}`))
    })
  })
}

function total(path: Measured['path']): number {
  return path.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
}

/**
 * What the worst of the hostile servers cost: for each, the peak of memory of a process that holds one session with it, above
 * what the process took idle. The servers run in this process, the sessions in another.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { Issuers } from '../../src/lab/issuers.ts'
import { packageRoot } from '../../src/package.ts'
import { showFor } from '../hostile/certificates.ts'
import { readCorpus } from '../hostile/corpus.ts'
import { play, type Playing } from '../hostile/server.ts'

/** What a server may cost: MiB. */
export const allowance = 32
/** Milliseconds after which the measured process waits no longer. */
export const patience = 1000

export interface Target {
  readonly name: string
  readonly service: string
  readonly port: number
}

export interface Cost {
  readonly name: string
  /** MiB at the worst moment of its session, above what the process took when it began. */
  readonly peak: number
  readonly milliseconds: number
}

export interface Costs {
  /** MiB of a process that has held one session and has nothing to do. */
  readonly idle: number
  /** MiB above it at the worst moment of all, the sessions being held one after the other. */
  readonly peak: number
  readonly costs: readonly Cost[]
}

/** The servers that send much, or show odd certificates; the others cost nothing worth measuring. */
export async function hostileCosts(only: RegExp = /./): Promise<Costs> {
  const issuers = await Issuers.create(new Date())
  const playing: Playing[] = []
  try {
    const targets: Target[] = []
    for (const hostile of readCorpus()) {
      const large = hostile.script.some(step => step.does === 'say' && step.times > 1000) || hostile.name.startsWith('certificate-')
      if (!large || !only.test(hostile.name)) continue
      const server = await play(hostile, await showFor(hostile, issuers))
      playing.push(server)
      targets.push({ name: hostile.name, service: hostile.service, port: server.port })
    }
    return await measured(targets)
  } finally {
    await Promise.all(playing.map(server => server.close()))
  }
}

function measured(targets: readonly Target[]): Promise<Costs> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(packageRoot(), 'node_modules/tsx/dist/cli.mjs'), join(import.meta.dirname, 'hostile-sessions.ts')],
      { stdio: ['pipe', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.once('exit', status => {
      if (status === 0) resolve(JSON.parse(out) as Costs)
      else reject(new Error(`the measured process ended with ${String(status)}`))
    })
    child.stdin.end(JSON.stringify(targets))
  })
}

export async function hostileRows(): Promise<[figure: string, value: string, aim: string][]> {
  const { idle, peak, costs } = await hostileCosts()
  const worst = costs.toSorted((a, b) => b.peak - a.peak)
  const shown = 5
  return [
    ['a process that has nothing to do', `${idle.toFixed(0)} MiB`, ''],
    [`  above it, through ${costs.length} hostile servers`, `${peak.toFixed(1)} MiB`, `at most ${allowance} MiB`],
    ...worst.slice(0, shown).map(({ name, peak: own }): [string, string, string] => [`    ${name}`, `${own.toFixed(1)} MiB`, '']),
    ['    each of the others', `at most ${(worst[shown]?.peak ?? 0).toFixed(1)} MiB`, ''],
    ['  the longest session, of those that end by themselves', `${Math.max(...costs.map(cost => cost.milliseconds).filter(time => time < patience)).toFixed(0)} ms`, ''],
  ]
}

/** What watching many domains costs: CPU for each check, memory after many rounds, and the slowest answer meanwhile. */
import { setTimeout as pause } from 'node:timers/promises'
import { blackbox } from './blackbox.ts'
import type { Lab } from './lab.ts'
import { median } from './median.ts'
import { scrape, sumOf, valuesOf } from './scrape.ts'
import type { Counts } from './served.ts'
import { cpuSeconds, residentMemory, Worker } from './worker.ts'

export interface LoadOptions {
  readonly domains: number
  readonly rounds: number
  /** Seconds from one run to the next, in place of five minutes. */
  readonly interval: number
  readonly tell: (line: string) => void
}

export type Row = readonly [figure: string, value: string, aim: string]

export async function load({ domains, rounds, interval, tell }: LoadOptions): Promise<Row[]> {
  const world = await Worker.start('many-domains.ts', String(domains))
  const lab = await world.next<Lab>()
  const served = await Worker.startAsUnit('served.ts')
  const pid = served.child.pid ?? 0
  const { url } = await served.ask<Counts>({ command: 'start', dns: lab, mail: lab, interval })
  const times: number[] = []
  const marks: { cpu: number; runs: number; connections: number; heap: number; memory: number; usual: number }[] = []
  let text = ''
  // a round is over when every domain was run once more by every module
  for (let round = 1; round <= rounds; round++) {
    const readings: number[] = []
    for (;;) {
      await pause(1000)
      readings.push(residentMemory(pid))
      const answer = await scrape(url)
      text = answer.text
      times.push(answer.milliseconds)
      if (sumOf(text, 'mailcheck_runs_total') >= round * sumOf(text, 'mailcheck_targets')) break
    }
    await served.ask<Counts>({ command: 'collect' })
    const { connections, heap } = await served.ask<Counts>({ command: 'counts' })
    marks.push({ cpu: cpuSeconds(pid), runs: sumOf(text, 'mailcheck_runs_total'), connections, heap, memory: residentMemory(pid), usual: median(readings) })
    tell(`round ${round}: ${marks.at(-1)?.cpu.toFixed(0)} s of CPU, ${marks.at(-1)?.memory.toFixed(0)} MiB resident (median ${marks.at(-1)?.usual.toFixed(0)}), ${heap.toFixed(0)} of heap, slowest scrape ${Math.max(...times).toFixed(0)} ms`)
  }
  const { errors } = await served.ask<Counts>({ command: 'counts' })
  const [first, last] = [marks[0], marks.at(-1)]
  const modules = valuesOf(text, 'mailcheck_targets').length
  const exit = await served.end()
  const beside = await blackbox(lab, Math.min(3000, domains * 3))
  await world.end()
  if (!first || !last) return []
  const measured = last === first ? { ...first } : { cpu: last.cpu - first.cpu, runs: last.runs - first.runs, connections: last.connections - first.connections }
  const perConnection = measured.cpu / measured.connections
  const checked = measured.runs / modules
  return [
    [`${domains} domains, ${rounds} rounds: CPU for each check of a domain`, `${(measured.cpu / checked * 1000).toFixed(1)} ms`, ''],
    ['  connections for each check of a domain', (measured.connections / checked).toFixed(2), ''],
    ['  CPU for each connection made, all checks included', `${(perConnection * 1000).toFixed(2)} ms`, ''],
    ['blackbox exporter, CPU for each connection', beside ? `${(beside.perConnection * 1000).toFixed(2)} ms` : 'not installed', ''],
    ['  probes that failed', beside ? String(beside.failed) : '', '0'],
    ['  ours against it', beside ? `${(perConnection / beside.perConnection).toFixed(1)} x` : '', ''],
    ['resident memory after the first round', `${first.memory.toFixed(0)} MiB`, ''],
    [`  growth until round ${rounds}`, growth(first.memory, last.memory), 'under 5 %'],
    ['  median of the second round, and growth until the last', marks[1] && marks[1] !== last ? `${marks[1].usual.toFixed(0)} MiB, ${growth(marks[1].usual, last.usual)}` : 'too few rounds', ''],
    ['heap in use after the first round, and growth', `${first.heap.toFixed(0)} MiB, ${growth(first.heap, last.heap)}`, ''],
    ['slowest /metrics meanwhile', `${Math.max(...times).toFixed(0)} ms (median ${median(times).toFixed(0)})`, 'under 250 ms'],
    ['  series for each domain', (text.split('\n').filter(line => line.includes('domain="')).length / domains).toFixed(1), 'at most 200'],
    ['  domains that failed or could not be tested', String(valuesOf(text, 'mailcheck_run_success').filter(value => value !== 1).length), '0'],
    ['errors in the log', errors.length === 0 ? '0' : `${errors.length}: ${errors[0] ?? ''}`, '0'],
    ['ended by itself', exit === 0 ? 'yes' : `no (${exit ?? 'killed'})`, 'yes'],
  ]
}

function growth(from: number, to: number): string {
  return `${((to / from - 1) * 100).toFixed(1)} %`
}

/**
 * One session with each server of the list that comes in, one after the other; prints what each cost as JSON. Linux tells the
 * highest resident size of a process, and forgets it when asked to; elsewhere the highest of all is all there is.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createLiveNetwork } from '../../src/network/live.ts'
import type { ServiceName } from '../../src/services.ts'
import { probe } from '../hostile/visit.ts'
import { patience, type Cost, type Costs, type Target } from './hostile.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function resident(field: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024
  } catch {
    return (field === 'VmRSS' ? process.memoryUsage.rss() / 1024 : process.resourceUsage().maxRSS) / 1024
  }
}

function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    // the highest of all stays
  }
}

async function visit({ service, port }: Target): Promise<number> {
  const network = createLiveNetwork({ resolvers: [], timeout: patience, anchors: [], route: () => ({ address: '127.0.0.1', port }) })
  const began = performance.now()
  await probe(network, { service: service as ServiceName })
  return performance.now() - began
}

const targets = JSON.parse(await text(process.stdin)) as Target[]
const costs: Cost[] = []
// what is loaded and compiled at first is no server's doing
const [first] = targets
if (first) await visit(first)
collect()
const idle = resident('VmRSS')
let highest = idle
for (const target of targets) {
  collect()
  const before = resident('VmRSS')
  forgetPeak()
  const milliseconds = await visit(target)
  const peak = resident('VmHWM')
  highest = Math.max(highest, peak)
  costs.push({ name: target.name, peak: peak - before, milliseconds })
}
process.stdout.write(JSON.stringify({ idle, peak: highest - idle, costs } satisfies Costs))

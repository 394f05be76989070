/**
 * Checks domains of a lab that runs elsewhere, as the command does. Reads the lab's line from its input.
 * Prints one JSON line: wall time, what the network did, and the peak of memory.
 */
import { text } from 'node:stream/consumers'
import pLimit from 'p-limit'
import { check, createNetwork } from '../../src/index.ts'
import { createSessions } from '../../src/probes/sessions.ts'
import { makeScope } from '../../src/scope.ts'
import type { Network } from '../../src/network/network.ts'
import type { NetworkEvent } from '../../src/network/watch.ts'
import { criticalPath, exchangesOf, type Step } from './critical-path.ts'
import type { Lab } from './lab.ts'

export interface Measured {
  readonly wall: number
  readonly path: readonly Step[]
  readonly questions: number
  readonly repeated: number
  readonly sessions: number
  /** Failing or undecided findings: there must be none, or what is measured is not the good domain. */
  readonly blemishes: number
  /** KiB. */
  readonly peak: number
}

const lab = JSON.parse(await text(process.stdin)) as Lab
const count = Number(process.argv[2] ?? 1)
const events: NetworkEvent[] = []
const keep = count === 1
const network: Network = createNetwork({
  resolvers: [{ host: lab.resolver.host, port: lab.resolver.port }],
  anchors: [lab.ca],
  route: (address, port) => {
    const local = lab.routes[`${address} ${port}`]
    return local === undefined ? null : { address: '127.0.0.1', port: local }
  },
  listener: event => {
    if (keep) events.push(event)
    else if (event.kind === 'asked') asked++
  },
})
let asked = 0
const sessions = createSessions()
const inTurn = pLimit(8)
const began = performance.now()
const reports = await Promise.all(lab.domains.slice(0, count).map(domain => inTurn(async () => {
  const scope = makeScope({ selectors: ['s2026', 's2026e'], ehloName: 'bench.example' }, null, { domain, shownAs: domain })
  const { findings } = await check(scope, { network, sessions })
  return findings.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown').map(({ check: id, subject, code }) => `${id} ${subject} ${code ?? ''}`)
})))
const wall = performance.now() - began
const exchanges = exchangesOf(events)
const questions = exchanges.filter(({ question }) => question).map(({ what }) => what)
process.stderr.write(reports.flat().slice(0, 5).map(line => `${line}\n`).join(''))
const measured: Measured = {
  wall,
  path: keep ? criticalPath(events, lab.domains[0] ?? '') : [],
  questions: keep ? questions.length : asked,
  repeated: questions.length - new Set(questions).size,
  sessions: exchanges.filter(({ endpoint }) => endpoint).length,
  blemishes: reports.flat().length,
  peak: process.resourceUsage().maxRSS,
}
process.stdout.write(`${JSON.stringify(measured)}\n`)

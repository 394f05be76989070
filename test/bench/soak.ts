/**
 * A long run under faults: mail servers are killed and come back, the resolver is silent for a while, the configuration is
 * read again every few seconds, and many scrape at once.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Lab } from './lab.ts'
import type { Row } from './load.ts'
import { scrape, sumOf, valuesOf } from './scrape.ts'
import type { Counts } from './served.ts'
import { residentMemory, Worker } from './worker.ts'

export interface SoakOptions {
  readonly minutes: number
  readonly domains: number
  /** Seconds. */
  readonly interval: number
  readonly tell: (line: string) => void
}

const scrapers = 50

export async function soak({ minutes, domains, interval, tell }: SoakOptions): Promise<Row[]> {
  const names = await Worker.start('many-domains.ts', String(domains))
  const dns = await names.next<Lab>()
  let mail = await Worker.start('many-domains.ts', String(domains))
  const served = await Worker.startAsUnit('served.ts')
  const state = mkdtempSync(join(tmpdir(), 'mailcheck-soak-'))
  const { url } = await served.ask<Counts>({ command: 'start', dns, mail: await mail.next<Lab>(), interval, state })
  const end = performance.now() + minutes * 60_000
  const going = (): boolean => performance.now() < end
  const counted = { scrapes: 0, failed: 0, slowest: 0, reloads: 0, refused: 0, killed: 0, silences: 0 }

  const scraping = Array.from({ length: scrapers }, async () => {
    while (going()) {
      const answer = await scrape(url).catch(() => null)
      counted.scrapes++
      if (answer) counted.slowest = Math.max(counted.slowest, answer.milliseconds)
      else counted.failed++
      await pause(1000)
    }
  })
  const reloading = (async () => {
    for (let i = 0; going(); i++) {
      await pause(3000)
      await served.ask<Counts>({ command: 'without', domains: i % 2 === 0 ? Math.ceil(domains / 10) : 0 })
      const { ok } = await fetch(`${url}/-/reload`, { method: 'POST' })
      counted.reloads++
      if (!ok) counted.refused++
    }
  })()
  const breaking = (async () => {
    const turn = Math.min(60_000, minutes * 60_000 / 6)
    while (going()) {
      await pause(turn / 2)
      mail.child.kill('SIGKILL')
      await mail.end(0)
      counted.killed++
      await pause(turn / 2)
      mail = await Worker.start('many-domains.ts', String(domains))
      await served.ask<Counts>({ command: 'mail', mail: await mail.next<Lab>() })
      if (!going()) return
      names.child.kill('SIGSTOP')
      counted.silences++
      await pause(turn)
      names.child.kill('SIGCONT')
      tell(`${((end - performance.now()) / 60_000).toFixed(1)} minutes to go: ${counted.scrapes} scrapes, ${counted.reloads} reloads, `
        + `${counted.killed} times killed, ${residentMemory(served.child.pid ?? 0).toFixed(0)} MiB`)
    }
  })()
  await Promise.all([...scraping, reloading, breaking])

  // everything is there again: every target must come round
  await served.ask<Counts>({ command: 'without', domains: 0 })
  await fetch(`${url}/-/reload`, { method: 'POST' })
  const since = Date.now() / 1000
  const patience = performance.now() + Math.max(120_000, interval * 4000)
  let text = ''
  let late = Infinity
  while (late > 0 && performance.now() < patience) {
    await pause(1000)
    text = (await scrape(url)).text
    const runs = valuesOf(text, 'mailcheck_run_timestamp_seconds')
    late = sumOf(text, 'mailcheck_targets') - runs.filter(at => at > since).length
  }
  const { errors } = await served.ask<Counts>({ command: 'counts' })
  const exit = await served.end()
  await Promise.all([names.end(), mail.end()])
  const { lines, unreadable } = readState(join(state, 'state.jsonl'))
  rmSync(state, { recursive: true })
  return [
    [`soak of ${minutes} minutes, ${domains} domains: scrapes, ${scrapers} at a time`, String(counted.scrapes), ''],
    ['  failed', String(counted.failed), '0'],
    ['  slowest', `${counted.slowest.toFixed(0)} ms`, ''],
    ['  configuration read again, and refused', `${counted.reloads}, ${counted.refused}`, ', 0'],
    ['  mail servers killed and revived', String(counted.killed), ''],
    ['  resolver silent', String(counted.silences), ''],
    ['  targets lost', String(late), '0'],
    ['  lines of the state, and unreadable ones', `${lines}, ${unreadable}`, ', 0'],
    ['  errors in the log', errors.length === 0 ? '0' : `${errors.length}: ${errors[0] ?? ''}`, '0'],
    ['  ended by itself: no socket or timer was left', exit === 0 ? 'yes' : `no (${exit ?? 'killed'})`, 'yes'],
  ]
}

function readState(file: string): { lines: number; unreadable: number } {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const unreadable = lines.filter(line => {
    try {
      return typeof JSON.parse(line) !== 'object'
    } catch {
      return true
    }
  })
  return { lines: lines.length, unreadable: unreadable.length }
}

/** Processes that the bench measures or leans on. All of them end with it. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { packageRoot } from '../../src/package.ts'
import { bundled } from './bundle.ts'

const began = new Set<ChildProcessByStdio<Writable, Readable, null>>()
process.once('exit', () => {
  for (const child of began) child.kill('SIGKILL')
})

/** A script of this folder, that answers with lines of JSON. */
export class Worker {
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: AsyncIterator<string>
  readonly #interface: Interface

  static async start(script: string, ...args: readonly string[]): Promise<Worker> {
    return new Worker(await bundled(script), args, {})
  }

  /** In the environment of the README's systemd unit. */
  static async startAsUnit(script: string): Promise<Worker> {
    return new Worker(await bundled(script), [], environmentOfUnit())
  }

  private constructor(file: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    this.child = spawn(process.execPath, ['--expose-gc', file, ...args], { cwd: packageRoot(), stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } })
    began.add(this.child)
    this.#interface = createInterface({ input: this.child.stdout })
    this.#lines = this.#interface[Symbol.asyncIterator]()
  }

  async next<T>(): Promise<T> {
    const line = await this.#lines.next()
    if (line.done === true) throw new Error('a process of the bench has ended')
    return JSON.parse(line.value) as T
  }

  async ask<T>(question: object): Promise<T> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`)
    return this.next<T>()
  }

  /** Settles with the exit status when it has ended by itself, or with null when it had to be killed. */
  async end(patience = 15_000): Promise<number | null> {
    const ended = this.child.exitCode === null && this.child.signalCode === null ? once(this.child, 'close') : null
    this.child.stdin.end()
    const late = setTimeout(() => this.child.kill('SIGKILL'), patience)
    await ended
    clearTimeout(late)
    began.delete(this.child)
    this.#interface.close()
    return this.child.exitCode
  }
}

function environmentOfUnit(): Record<string, string> {
  const [, line] = /^Environment=(.+)$/m.exec(readFileSync(join(packageRoot(), 'README.md'), 'utf8')) ?? []
  if (line === undefined) throw new Error('the systemd unit of the README has no line Environment')
  return Object.fromEntries(line.split(' ').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

/** CPU seconds that a process has used (proc(5): utime and stime, in hundredths). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

/** Resident memory in MiB. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024
}

/** Prometheus and Alertmanager as programs, on loopback, with all they write in a folder that goes with them. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface Running {
  /** `http://127.0.0.1:9090` */
  readonly url: string
  close(): Promise<void>
}

const began = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of began) child.kill('SIGKILL')
})

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Settles when it answers at `readyPath`; rejects with what it said when it ends before. */
export async function start(program: string, args: (port: number) => readonly string[], readyPath: string): Promise<Running> {
  const port = await freePort()
  const child = spawn(program, args(port), { stdio: ['ignore', 'ignore', 'pipe'] })
  began.add(child)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)))
  const ended = once(child, 'close')
  const url = `http://127.0.0.1:${port}`
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}:\n${said}`)
    return (await fetch(`${url}${readyPath}`).catch(() => null))?.ok ?? false
  }, `${program} answers`)
  return {
    url,
    close: async () => {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 5000)
      await ended
      clearTimeout(late)
      began.delete(child)
    },
  }
}

/** Other programs cannot be waited for but by asking them again. */
export async function until(done: () => Promise<boolean> | boolean, what: string, patience = 60_000): Promise<void> {
  const end = performance.now() + patience
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`it took more than ${patience / 1000} s until ${what}`)
    await pause(200)
  }
}

/** What promtool says; rejects with it when it finds fault. */
export async function promtool(args: readonly string[], input?: string): Promise<string> {
  const running = promisify(execFile)('promtool', args, { maxBuffer: 1 << 24 })
  if (input !== undefined) running.child.stdin?.end(input)
  const { stdout, stderr } = await running.catch((error: unknown) => {
    const { stdout: out = '', stderr: wrong = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`promtool ${args.join(' ')}:\n${out.slice(0, 4000)}\n${wrong.slice(0, 4000)}`)
  })
  return `${stdout}${stderr}`
}

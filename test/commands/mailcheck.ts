/** The executable as users run it: built once for a test file, run as a child process, reaching nothing but loopback. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const root = fileURLToPath(new URL('../..', import.meta.url))

export class Installed {
  readonly #home: string
  /** An empty directory to run in, so that no configuration file is found by chance. */
  readonly directory: string

  /** Builds as `npm run build` does, beside what others may be using. */
  constructor() {
    mkdirSync(join(root, 'test', 'output'), { recursive: true })
    this.#home = mkdtempSync(join(root, 'test', 'output', 'installed-'))
    this.directory = join(this.#home, 'elsewhere')
    mkdirSync(this.directory)
    cpSync(join(root, 'bin'), join(this.#home, 'bin'), { recursive: true })
    execFileSync('npm', ['run', '--silent', 'build', '--', `--outdir=${join(this.#home, 'dist')}`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  }

  get executable(): string {
    return join(this.#home, 'bin', 'mailcheck.js')
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcessWithoutNullStreams {
    const { PATH = '', HOME = '' } = process.env
    return spawn(process.execPath, [this.executable, ...args], { cwd: this.directory, env: { PATH, HOME, ...env } })
  }

  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> {
    return ended(this.start(args, env))
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true })
  }
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', status => resolve({ status, stdout, stderr }))
  })
}

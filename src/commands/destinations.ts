/** Where reports go: one format to stdout, and with `--output FORMAT=FILE` as many more as are wanted, each to a file. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { nearest } from '../syntax/nearest.ts'
import { fileError } from './file-error.ts'
import { formats, type Format } from './formats.ts'
import { UsageError } from './usage-error.ts'

export interface Destination {
  readonly format: Format
  /** Null for stdout. */
  readonly file: string | null
}

interface DestinationFlags {
  readonly format?: string | undefined
  readonly json: boolean
  readonly output?: readonly string[] | undefined
}

/** Stdout first; it has its format unless an output names it (`-`). Throws `UsageError`. */
export function destinationsOf({ format, json, output = [] }: DestinationFlags): [Destination, ...Destination[]] {
  if (json && format !== undefined && format !== 'json') throw new UsageError(`--json means --format json, and --format ${format} was given too`)
  const named = output.map(destination)
  const toStdout = named.filter(({ file }) => file === null)
  const [first] = toStdout
  if (toStdout.length > 1) throw new UsageError('--output: only one format can go to stdout ("-")')
  if (first && (json || format !== undefined)) throw new UsageError(`--output ${first.format}=- and ${json ? '--json' : '--format'} both say what goes to stdout`)
  const files = named.filter(({ file }) => file !== null)
  const paths = files.map(({ file }) => resolve(file ?? ''))
  const twice = paths.find((path, i) => paths.indexOf(path) !== i)
  if (twice !== undefined) throw new UsageError(`--output: ${twice} is given twice`)
  return [first ?? { format: json ? 'json' : (format ?? 'text') as Format, file: null }, ...files]
}

function destination(text: string): Destination {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const format = formats.find(known => known === name)
  if (format === undefined) {
    const meant = nearest(name, formats)
    throw new UsageError(`--output: "${name}" is no format${meant === undefined ? '' : `; did you mean "${meant}"?`} (${formats.join(', ')})`)
  }
  const file = text.slice(at + 1)
  if (at < 0 || file === '') throw new UsageError(`--output: say where ${format} goes: --output ${format}=FILE`)
  return { format, file: file === '-' ? null : file }
}

/**
 * A file that is there as a whole or not at all: it is written beside its name and takes it at the end, so that nobody reads
 * half a report, and the old one stays when the run is broken off.
 */
export class WholeFile {
  readonly #file: string
  readonly #draft: string
  readonly #descriptor: number
  readonly #leave = (): void => this.abandon()

  /** Throws `UsageError`, before anything is asked. */
  constructor(file: string) {
    this.#file = file
    this.#draft = `${file}.${process.pid}.part`
    this.#descriptor = attempt(file, () => openSync(this.#draft, 'wx'))
    process.once('exit', this.#leave)
  }

  write(text: string): void {
    attempt(this.#file, () => writeAll(this.#descriptor, text))
  }

  finish(): void {
    process.off('exit', this.#leave)
    attempt(this.#file, () => {
      fsyncSync(this.#descriptor)
      closeSync(this.#descriptor)
      renameSync(this.#draft, this.#file)
    })
  }

  abandon(): void {
    process.off('exit', this.#leave)
    rmSync(this.#draft, { force: true })
  }
}

function writeAll(descriptor: number, text: string): void {
  const octets = Buffer.from(text, 'utf8')
  for (let written = 0; written < octets.length;) written += writeSync(descriptor, octets, written)
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new UsageError(`--output: ${file} cannot be written: ${fileError(error)}`)
  }
}

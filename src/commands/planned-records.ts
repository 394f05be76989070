/** The planned records that the flags name, read and put over what is live. */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Reading, SourceOptions } from '../change/planned.ts'
import { settlePlan, type Ask, type Plan } from '../change/settle.ts'
import { readFlags } from '../change/sources/flags.ts'
import { readSource, type FileFormat } from '../change/sources/index.ts'
import { outcome, type Network } from '../network/network.ts'
import { fileError } from './file-error.ts'
import { UsageError } from './usage-error.ts'

export interface PlannedFlags {
  readonly zone?: readonly string[] | undefined
  readonly 'zone-format'?: string | undefined
  readonly origin?: string | undefined
  readonly complete?: boolean
  readonly set?: readonly string[] | undefined
  readonly delete?: readonly string[] | undefined
}

/** Octets of a file; what is longer is not a zone. */
const longestFile = 256 * 1024 * 1024
const mostErrors = 20

/** Throws `UsageError` with every place at which the records cannot be read. */
export async function plannedRecords(flags: PlannedFlags, domain: string, network: Pick<Network, 'query'>): Promise<Plan> {
  const origin = flags.origin ?? domain
  const files = flags.zone ?? []
  const readings: Reading[] = []
  for (const file of files) readings.push(await readPlannedFile(file, origin, flags))
  const sources = [...files]
  for (const flag of ['set', 'delete'] as const) {
    const values = flags[flag] ?? []
    if (values.length === 0) continue
    readings.push(readFlags(`--${flag}`, values, domain))
    sources.push(`--${flag}`)
  }
  const plan = await settlePlan(readings, domain, flags.complete === true ? [origin] : [], sources, asking(network))
  if (!('errors' in plan)) return plan
  const { errors } = plan
  const lines = errors.slice(0, mostErrors).map(({ file, line, column, message }) => `${file.startsWith('--') ? file : `${file}:${line}:${column}`}: ${message}`)
  throw new UsageError([...lines, ...errors.length > mostErrors ? [`and ${errors.length - mostErrors} more errors`] : []].join('\n'))
}

export function asking(network: Pick<Network, 'query'>): Ask {
  return question => outcome(network.query(question))
}

async function readPlannedFile(file: string, origin: string, flags: PlannedFlags): Promise<Reading> {
  const options: SourceOptions = {
    file, origin, complete: flags.complete === true, ...file === '-' ? {} : { include: (name: string, from: string | null) => readIncluded(file, name, from) },
  }
  return readSource(read(file), options, flags['zone-format'] as FileFormat | undefined)
}

function read(file: string): string {
  try {
    if (file !== '-' && statSync(file).size > longestFile) throw new UsageError(`${file} is too long for a zone`)
    return readFileSync(file === '-' ? 0 : file, 'latin1')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
  }
}

/** A zone file may come from anybody: what it includes lies in its folder, or below. */
function readIncluded(main: string, name: string, from: string | null): { file: string; text: string } | { error: string } {
  const folder = dirname(main)
  const candidates = isAbsolute(name) ? [name] : [join(folder, name), ...from === null ? [] : [join(dirname(from), name)]]
  let why = 'there is no such file'
  for (const file of candidates) {
    if (isOutside(resolve(folder), resolve(file))) return { error: `${name} lies outside of the folder of ${main}` }
    try {
      const real = realpathSync(file)
      if (isOutside(realpathSync(folder), real)) return { error: `${name} leads out of the folder of ${main}` }
      if (real === realpathSync(main)) return { error: `${name} includes itself` }
      if (statSync(real).size > longestFile) return { error: `${name} is too long for a zone` }
      return { file, text: readFileSync(real, 'latin1') }
    } catch (error) {
      why = fileError(error)
    }
  }
  return { error: `${name} cannot be read: ${why}` }
}

function isOutside(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)
}

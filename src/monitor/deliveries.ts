/**
 * The messages of round trips that were given up, kept so that a later run knows them when they come after all:
 * `deliveries.json` in the state directory.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DeliveryResult, EarlierDelivery } from '../delivery/result.ts'
import { makeFolder } from './make-folder.ts'

const file = 'deliveries.json'
const mostKept = 200
/** Milliseconds: no queue keeps mail for longer (RFC 5321 §4.5.4.1 has four to five days). */
const longestKept = 14 * 86_400_000

const shape = z.object({
  version: z.literal(1),
  waiting: z.array(z.object({ id: z.string(), route: z.string(), from: z.string(), to: z.string(), sentAt: z.iso.datetime() })),
})

/** What earlier runs gave up; none when there is no file. Throws what the file system throws, and `TypeError` for a file that cannot be read. */
export function readDeliveries(directory: string): EarlierDelivery[] {
  let text: string
  try {
    text = readFileSync(join(directory, file), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  const read = shape.safeParse(parsed(text))
  if (!read.success) throw new TypeError(`${join(directory, file)} is no list of deliveries`)
  return read.data.waiting.map(({ sentAt, ...rest }) => ({ ...rest, sentAt: new Date(sentAt) }))
}

/** What is left to wait for after a run. */
export function stillWaiting(earlier: readonly EarlierDelivery[], { routes, late }: DeliveryResult, now: Date): EarlierDelivery[] {
  const come = new Set(late.map(({ id }) => id))
  const given = routes.filter(({ outcome, timeline }) => outcome === 'lost' || (outcome === 'unknown' && timeline.some(({ stage }) => stage === 'accepted')))
    .map(({ id, route, from, to, sentAt }): EarlierDelivery => ({ id, route, from, to, sentAt }))
  return [...earlier.filter(({ id, sentAt }) => !come.has(id) && now.getTime() - sentAt.getTime() < longestKept), ...given].slice(-mostKept)
}

export function writeDeliveries(directory: string, waiting: readonly EarlierDelivery[]): void {
  makeFolder(directory, 0o700)
  const whole = join(directory, file)
  const part = `${whole}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(part, `${JSON.stringify({ version: 1, waiting }, null, 2)}\n`, { mode: 0o600 })
    renameSync(part, whole)
  } catch (error) {
    rmSync(part, { force: true }) // each run has another name for it
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

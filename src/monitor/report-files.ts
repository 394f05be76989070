/**
 * Reports from files: a file by itself, a mail, a mailbox in one file, a maildir, or a folder with any of these. One message or file
 * is in memory at a time; what cannot be read is set aside like what cannot be understood.
 */
import { createReadStream, opendirSync, statSync, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { MboxSplitter, type BoxedMessage } from '../syntax/mbox.ts'
import { mostOctets, reportSteps, type ReadReports } from '../syntax/received-report.ts'
import { atOnce, withPauses, type Steps } from '../syntax/steps.ts'

const mostDepth = 16
const mostFiles = 200_000
const stepFiles = 200

export interface ReportFile {
  readonly path: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly changedAt: number
}

export interface Unusable {
  readonly path: string
  readonly reason: string
}

export interface FilesBelow {
  readonly files: readonly ReportFile[]
  readonly unusable: readonly Unusable[]
}

/** Between two pieces of work: others may want something meanwhile. */
export type Pause = () => Promise<void>

/** The files below these paths, in the order of their names. Rejects nothing: what is named and is not there is told. */
export function filesBelow(paths: readonly string[]): FilesBelow {
  return atOnce(fileSteps(paths))
}

/** The same in steps of so many files. */
export function* fileSteps(paths: readonly string[]): Steps<FilesBelow> {
  const files: ReportFile[] = []
  const unusable: Unusable[] = []
  let looked = 0
  function* walk(path: string, depth: number, named: boolean): Steps<void> {
    if (files.length >= mostFiles) return
    if (++looked % stepFiles === 0) yield
    try {
      const stats = statSync(path)
      if (stats.isFile()) files.push(fileOf(path, stats))
      else if (!stats.isDirectory()) unusable.push({ path, reason: 'it is neither a file nor a folder' })
      else if (depth >= mostDepth) unusable.push({ path, reason: `more than ${mostDepth} folders within one another` })
      else for (const name of namesIn(path)) yield* walk(join(path, name), depth + 1, false)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'ENOENT' && !named) return // moved away meanwhile, as a maildir does
      unusable.push({ path, reason: reasons[code] ?? `it cannot be read (${code})` })
    }
  }
  for (const path of paths) yield* walk(path, 0, true)
  if (files.length >= mostFiles) unusable.push({ path: paths[0] ?? '', reason: `more than ${mostFiles} files: the rest is not looked at` })
  return { files, unusable }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder', EACCES: 'permission denied', EPERM: 'permission denied', ELOOP: 'its links lead in a circle', ENOTDIR: 'there is no such file or folder',
}

/** Of a maildir only what holds mail: not what is still being delivered, nor the index files of servers. */
function namesIn(path: string): string[] {
  const entries: { name: string; linked: boolean }[] = []
  const folder = opendirSync(path)
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      entries.push({ name: entry.name, linked: entry.isSymbolicLink() && statOf(join(path, entry.name))?.isDirectory() === true })
    }
  } finally {
    folder.closeSync()
  }
  const names = entries.filter(({ linked }) => !linked).map(({ name }) => name).toSorted()
  const maildir = names.includes('cur') && names.includes('new')
  return maildir ? names.filter(name => name === 'cur' || name === 'new' || (name.startsWith('.') && statOf(join(path, name, 'cur'))?.isDirectory() === true))
    : names.filter(name => !name.startsWith('.'))
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

function fileOf(path: string, { size, mtimeMs }: Stats): ReportFile {
  return { path, size, changedAt: mtimeMs }
}

/** What stands in a file, message by message for a mailbox. Never rejects for what is in it or for its not being there. */
export async function* reportsIn({ path, size }: Pick<ReportFile, 'path' | 'size'>, pause: Pause = () => Promise.resolve()): AsyncGenerator<ReadReports> {
  try {
    const start = await beginning(path)
    if (start.startsWith('From ')) yield* mailbox(path, pause)
    else if (size > mostOctets) yield aside(path, `it has more than ${mostOctets} octets`)
    else yield await withPauses(reportSteps(await whole(path), path), pause)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error
    yield aside(path, reasons[code] ?? `it cannot be read (${code})`)
  }
}

async function* mailbox(path: string, pause: Pause): AsyncGenerator<ReadReports> {
  let messages: BoxedMessage[] = []
  const splitter = new MboxSplitter(mostOctets, message => void messages.push(message))
  async function* read(): AsyncGenerator<ReadReports> {
    for (const { line, octets } of messages) {
      const where = `${path}, message at line ${line}`
      yield octets === null ? aside(where, `it has more than ${mostOctets} octets`) : await withPauses(reportSteps(octets, where), pause)
      await pause()
    }
    messages = []
  }
  for await (const piece of createReadStream(path)) {
    splitter.push(piece as Buffer)
    yield* read()
  }
  splitter.end()
  yield* read()
}

async function beginning(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** No more than may be, however the file grows meanwhile. */
async function whole(path: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of createReadStream(path, { end: mostOctets })) {
    pieces.push(piece as Buffer)
    size += (piece as Buffer).length
  }
  return Buffer.concat(pieces, size)
}

function aside(where: string, reason: string): ReadReports {
  return { reports: [], setAside: [{ where, line: null, reason }] }
}

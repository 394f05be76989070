/** How far the folders of mailboxes were read, in a file beside the reports: a hint that saves time, and nothing is lost with it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { FolderMark } from '../mailbox/read-folders.ts'
import { makeFolder } from './make-folder.ts'

const number = z.number().int().min(0).max(4_294_967_295)
const shape = z.object({ kind: z.literal('mailcheck.mailboxes'), version: z.literal(1), mailboxes: z.record(z.string(), z.record(z.string(), z.object({ uidValidity: number, last: number }))) })

const fileOf = (directory: string): string => join(directory, 'reports', 'mailboxes.json')

/** What was kept of this mailbox; nothing, when that cannot be read. */
export function readMarks(directory: string, mailbox: string): Map<string, FolderMark> {
  return new Map(Object.entries(everyMark(directory)[mailbox] ?? {}))
}

/** Throws what the file system says. */
export function writeMarks(directory: string, mailbox: string, marks: ReadonlyMap<string, FolderMark>): void {
  const file = fileOf(directory)
  const mailboxes = { ...everyMark(directory), [mailbox]: Object.fromEntries(marks) }
  makeFolder(join(directory, 'reports'), 0o700)
  writeFileSync(`${file}.new`, `${JSON.stringify({ kind: 'mailcheck.mailboxes', version: 1, mailboxes })}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function everyMark(directory: string): Record<string, Record<string, FolderMark>> {
  try {
    return shape.parse(JSON.parse(readFileSync(fileOf(directory), 'utf8'))).mailboxes
  } catch {
    return {}
  }
}

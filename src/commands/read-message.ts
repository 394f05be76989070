/** A message from a file or stdin. */
import { createReadStream } from 'node:fs'
import { readMessage } from '../evaluate/message-reading.ts'
import type { SuppliedMessage } from '../syntax/supplied-message.ts'
import { fileError } from './file-error.ts'
import { UsageError } from './usage-error.ts'

/** Throws `UsageError` when the file cannot be read. `-` is stdin. */
export async function readMessageFile(file: string): Promise<Omit<SuppliedMessage, 'given'>> {
  try {
    return await readMessage(file === '-' ? process.stdin : createReadStream(file))
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${file} cannot be read: ${fileError(error)}`)
    throw error
  }
}

export { messageIn, readMessage } from '../evaluate/message-reading.ts'

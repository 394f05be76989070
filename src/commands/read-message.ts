/** A message from a file, stdin or memory: its header kept, its body digested as it goes by. */
import { createReadStream } from 'node:fs'
import { arcDigests } from '../evaluate/arc-verify.ts'
import { digestOf, dkimSignatures } from '../evaluate/dkim-verify.ts'
import { BodyDigests } from '../syntax/body-digests.ts'
import { MessageReader } from '../syntax/message.ts'
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

export async function readMessage(pieces: AsyncIterable<unknown> | Iterable<Uint8Array>): Promise<Omit<SuppliedMessage, 'given'>> {
  const { reader, end } = reading()
  for await (const piece of pieces) reader.push(piece as Uint8Array)
  return end()
}

/** The same for one that is in memory. */
export function messageIn(octets: Uint8Array): Omit<SuppliedMessage, 'given'> {
  const { reader, end } = reading()
  reader.push(octets)
  return end()
}

function reading(): { reader: MessageReader; end: () => Omit<SuppliedMessage, 'given'> } {
  let digests = new BodyDigests([])
  const reader = new MessageReader(fields => {
    digests = new BodyDigests([...dkimSignatures(fields).map(({ signature }) => digestOf(signature)), ...arcDigests(fields)])
    return digests.sink
  })
  return {
    reader,
    end: () => {
      const message = reader.end()
      return { message, digests }
    },
  }
}

/** A message as it goes by: its header kept, of its body only the digests that its signatures want. */
import { BodyDigests } from '../syntax/body-digests.ts'
import { MessageReader } from '../syntax/message.ts'
import type { SuppliedMessage } from '../syntax/supplied-message.ts'
import { arcDigests } from './arc-verify.ts'
import { digestOf, dkimSignatures } from './dkim-verify.ts'

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

/** A message that somebody hands us, and what they say of its way. */
import type { BodyDigests } from './body-digests.ts'
import type { Message } from './message.ts'

/** What the receiving server knew of the client. Null: nobody says. */
export interface Client {
  readonly ip: string | null
  readonly helo: string | null
  /** Without angle brackets; '' for the null reverse-path. */
  readonly mailFrom: string | null
}

export interface SuppliedMessage {
  readonly message: Message
  /** Of its body, which is not kept. */
  readonly digests: BodyDigests
  /** What the user says, before what the header does. */
  readonly given: Partial<Client>
}

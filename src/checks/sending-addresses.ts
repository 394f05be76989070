/** The addresses that mail of the domain comes from, as the checks of reverse names and of block lists judge them. */
import type { Failure } from '../network/network.ts'
import type { SendingAddress, SendingAddresses } from '../probes/senders.ts'

export const sendingAddresses = {
  /** Each once, whatever the names of its host. */
  over: ({ sendingAddresses: { addresses } }: { readonly sendingAddresses: SendingAddresses }): readonly SendingAddress[] =>
    addresses.filter(({ name }, i) => addresses.findIndex(other => other.name === name) === i),
  hidden: ({ sendingAddresses: { problem } }: { readonly sendingAddresses: SendingAddresses }): Failure | null => problem,
  hidesSome: true,
  nothing: 'no address is known that mail of the domain comes from',
}

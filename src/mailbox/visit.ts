/**
 * A visit to a mailbox of the user's: in by the login that `check --login` makes too, with the same care for the password, then
 * whatever is to be done there, and out. What a server refuses ends only what was asked; what breaks is kept as a fact.
 */
import type { Endpoint, Network } from '../network/network.ts'
import { converse } from '../probes/converse.ts'
import { enter, loginFacts, type LoginFacts } from '../probes/login.ts'
import type { Reply } from '../probes/session.ts'
import { imapReading, pop3, smtp, type Dialect } from '../protocols/dialects.ts'
import type { LineSession, ReplyLimits } from '../protocols/line-session.ts'
import type { Account } from '../scope.ts'
import { services, type Protocol } from '../services.ts'

/** Where an account lives, and who it is. */
export interface Door {
  readonly endpoint: Endpoint
  readonly account: Account
  readonly ehloName: string
}

export interface Visit extends LoginFacts {
  /** What the server would not do, once somebody was let in. */
  refused?: { readonly command: string; readonly reply: Reply }
}

/** The server said no to something that the rest depends on. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly command: string
  readonly reply: Reply

  constructor(command: string, reply: Reply) {
    super(`${command}: ${reply.at(-1) ?? ''}`)
    this.command = command
    this.reply = reply
  }
}

/** IMAP hands mail over in pieces of this many octets; POP3 in one, which may have a few megabytes. */
export const pieceOctets = 64 * 1024
const mailReply: ReplyLimits = { lines: 100_000, octets: 4 * 1024 * 1024, time: 30_000, kept: 100 }

const dialects: Readonly<Record<Protocol, () => Dialect>> = { smtp: () => smtp, imap: imapReading, pop3: () => pop3 }

/** Logs in once, and hands the session to `work`. Rejects only for a bug, or for what `work` throws. */
export function visit(network: Network, { endpoint, account, ehloName }: Door, work: (session: LineSession, facts: Visit) => Promise<void>): Promise<Visit> {
  const { protocol } = services[account.service]
  const facts: Visit = loginFacts(protocol, endpoint, account)
  return converse(facts, network, dialects[protocol](), { attempts: 1, reply: mailReply }, async session => {
    if (!(await enter(facts, session, { account, ehloName }))) return
    try {
      await work(session, facts)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      facts.refused = { command: error.command, reply: error.reply }
    }
  })
}

/** At the first door where somebody opens: the others are for when nobody is at home. Undefined: there is none. */
export async function visitFirst(doors: readonly Door[], go: (door: Door) => Promise<Visit>): Promise<Visit | undefined> {
  let visited: Visit | undefined
  for (const door of doors) {
    visited = await go(door)
    if (visited.failure?.stage !== 'connect') break
  }
  return visited
}

/** The reply to a command, which must be a yes. */
export async function granted(session: LineSession, command: string): Promise<string[]> {
  const reply = await session.command(command)
  if (!session.dialect.agrees(reply)) throw new Refusal(command, reply)
  return reply
}

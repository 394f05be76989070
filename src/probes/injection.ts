/**
 * A command sent in clear behind STARTTLS or STLS, in the same piece (CVE-2011-0411): a server that reads it only after the
 * handshake takes it for one from inside TLS, and so does whatever somebody on the way puts there. The command does nothing.
 */
import type { Network } from '../network/network.ts'
import { imap, pop3, smtp, type Dialect } from '../protocols/dialects.ts'
import { converse, sessionFacts } from './converse.ts'
import type { ProbeContext } from './index.ts'
import type { HeldService, MxSession } from './session-sets.ts'
import type { Reply, SessionFacts } from './session.ts'
import type { Protocol } from '../services.ts'

export interface InjectionFacts extends SessionFacts {
  readonly protocol: Protocol
  /** The reply to the command before STARTTLS, where it was a refusal and nothing more was said. */
  refusal?: Reply
  /** The command behind STARTTLS, as it was sent; absent when it did not come to that. */
  injectedCommand?: string
  /** All that was heard inside TLS, where nothing was sent but goodbye. */
  inside?: Reply
}

const dialects: Readonly<Record<Protocol, Dialect>> = { smtp, imap, pop3 }

export async function probeInjection({ network, scope, sessions }: ProbeContext, { session, endpoint }: MxSession | HeldService): Promise<InjectionFacts> {
  const { protocol } = session
  const { host, address, port, tls } = endpoint
  const facts = (): InjectionFacts => ({ protocol, ...sessionFacts({ host, address, port, tls }) })
  // where the polite upgrade does not work, the impolite one tells nothing
  if (tls === 'implicit' || !session.tls) return facts()
  return sessions.hold(network, endpoint, {
    name: `injection as ${scope.ehloName}`,
    run: where => inject(where, facts(), scope.ehloName),
  })
}

function inject(network: Network, facts: InjectionFacts, ehloName: string): Promise<InjectionFacts> {
  const { protocol } = facts
  return converse(facts, network, dialects[protocol], { attempts: 1 }, async session => {
    const opened = await session.command(protocol === 'smtp' ? `EHLO ${ehloName}` : protocol === 'imap' ? 'CAPABILITY' : 'CAPA')
    if (protocol === 'smtp' && !session.dialect.agrees(opened)) {
      facts.refusal = opened
      return
    }
    const { reply, second } = await session.together(protocol === 'pop3' ? 'STLS' : 'STARTTLS', 'NOOP')
    facts.startTls = reply
    facts.injectedCommand = second
    if (!session.dialect.agrees(reply)) return
    try {
      facts.tls = await session.startTls()
    } finally {
      if (session.injected !== '') facts.injected = session.injected
    }
    facts.inside = await session.farewell(lines => saidGoodbye(protocol, lines))
  })
}

/** What a server says last; POP3’s answer to QUIT looks like any other, so there the end is waited for. */
function saidGoodbye(protocol: Protocol, lines: readonly string[]): boolean {
  const last = lines.at(-1) ?? ''
  switch (protocol) {
    case 'smtp': return last.startsWith('221 ')
    case 'imap': return /^\* BYE\b/i.test(last)
    case 'pop3': return false
  }
}

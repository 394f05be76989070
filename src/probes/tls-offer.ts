/**
 * A question that is put by a ClientHello: does the server take this? Up to it the session is as short as it may be: the
 * greeting, EHLO for SMTP, and the wish for TLS, where it is offered (RFC 3207 §4, RFC 9051 §6.2.1, RFC 2595 §4). With
 * implicit TLS the hello comes first.
 */
import {
  NetworkFailure, outcome, type ClientHello, type Endpoint, type Network, type OfferAnswer, type Outcome, type StartTlsOptions, type TlsSession,
} from '../network/network.ts'
import { imap, pop3, smtp } from '../protocols/dialects.ts'
import { EndlessReply, LineSession } from '../protocols/line-session.ts'
import type { Reason } from '../reasons.ts'
import { imapRefusal } from '../syntax/imap.ts'
import { pop3Refusal } from '../syntax/pop3.ts'
import { extensions, smtpRefusal } from '../syntax/smtp.ts'
import type { Reply, ServiceSession } from './session.ts'

export interface OfferContext {
  readonly network: Network
  readonly endpoint: Endpoint
  readonly protocol: ServiceSession['protocol']
  readonly ehloName: string
  /** Connections of this minute that are left for others. */
  readonly spare: number
  /** See `ConnectOptions`. */
  readonly wait?: number
}

export function offerTls(context: OfferContext, name: string, hello: ClientHello): Promise<Outcome<OfferAnswer>> {
  return outcome(upTo(context, name, session => session.offerTls(name, hello)))
}

/** A whole handshake of another kind than that of the one dialogue. */
export function shakeHands(context: OfferContext, purpose: string, options: StartTlsOptions): Promise<Outcome<TlsSession>> {
  return outcome(upTo(context, purpose, session => session.startTls(options)))
}

async function upTo<T>({ network, endpoint, protocol, ehloName, spare, wait = 0 }: OfferContext, purpose: string, act: (session: LineSession) => Promise<T>): Promise<T> {
  const { host, address, port, tls } = endpoint
  const connection = await network.connect({ host, address, port, tls }, { purpose, deferTls: true, spare, wait })
  const { dialect, commands, excuse } = preludes[protocol]
  try {
    const session = new LineSession(connection, dialect, [])
    if (tls === 'starttls') {
      consenting(await session.greeting(), '')
      for (const command of commands(ehloName)) {
        const reply = await session.command(command)
        consenting(reply, command)
        // to SMTP's servers we may come before the dialogue knows
        if (protocol === 'smtp' && command !== 'STARTTLS' && !extensions(reply).has('STARTTLS')) {
          throw new NetworkFailure({ event: 'closed', reason: 'connection-lost', detail: 'the server does not offer STARTTLS to another connection' })
        }
      }
    }
    return await act(session)
  } catch (error) {
    if (error instanceof EndlessReply) throw new NetworkFailure({ event: 'too-long', reason: 'tarpit', detail: error.message })
    throw error
  } finally {
    connection.close()
  }

  /** What the dialogue was granted, is refused now. */
  function consenting(reply: Reply, command: string): void {
    if (dialect.agrees(reply)) return
    const detail = `the server answers ${command === '' ? 'another connection' : command} with "${reply.at(-1) ?? ''}"`
    throw new NetworkFailure({ event: 'closed', reason: excuse(reply, command, address) ?? 'connection-lost', detail })
  }
}

interface Prelude {
  readonly dialect: typeof smtp
  readonly commands: (ehloName: string) => readonly string[]
  /** Why a refusal says nothing about the server. */
  readonly excuse: (reply: Reply, command: string, server: string) => Reason | null
}

const preludes: Readonly<Record<ServiceSession['protocol'], Prelude>> = {
  smtp: { dialect: smtp, commands: name => [`EHLO ${name}`, 'STARTTLS'], excuse: (reply, command, server) => smtpRefusal(reply, { command, server }) },
  imap: { dialect: imap, commands: () => ['STARTTLS'], excuse: (reply, _command, server) => imapRefusal(reply, { server }) },
  pop3: { dialect: pop3, commands: () => ['STLS'], excuse: (reply, _command, server) => pop3Refusal(reply, { server }) },
}

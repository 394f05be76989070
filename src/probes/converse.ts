/**
 * One mail session from connect to goodbye, the same for SMTP, IMAP and POP3. A session may break anywhere: what was learnt
 * until then stays, and the failure says where it struck. Patience is part of being polite: servers may greet late on purpose.
 */
import { endpointName, NetworkFailure, type Connection, type Endpoint, type Failure, type Network } from '../network/network.ts'
import { EndlessReply, LineSession, type ReplyLimits } from '../protocols/line-session.ts'
import type { Dialect } from '../protocols/dialects.ts'
import type { SessionFacts, SmtpFacts, Stage } from './session.ts'

/** How hard to try to get a connection. */
export interface Patience {
  /** Milliseconds until TCP must be accepted; the network's usual limit when absent. */
  readonly timeout?: number
  /** A SYN may get lost: an endpoint that somebody declared gets a second try after a timeout (CHECKS §1.3). */
  readonly attempts: number
  /** What a reply may be, where it brings mail. */
  readonly reply?: ReplyLimits
}

export const patient: Patience = { attempts: 2 }
/** For names that nobody declared: most that do not answer at once do not exist. */
export const brief: Patience = { timeout: 5000, attempts: 1 }

/** The facts of a session that has not begun. */
export function sessionFacts({ host, address, port, tls }: Endpoint): Pick<SessionFacts, 'name' | 'endpoint' | 'transcript'> {
  const endpoint = { host, address, port, tls }
  return { name: endpointName(endpoint), endpoint, transcript: [] }
}

/** Fills `facts`: connects, waits for the greeting, follows `script` if it is welcoming, and leaves. Rejects only for a bug. */
export async function converse<F extends SessionFacts>(
  facts: F, network: Network, dialect: Dialect, patience: Patience, script: (session: LineSession) => Promise<void>,
): Promise<F> {
  const connection = await connect(facts, network, patience)
  if (!connection) return facts
  const session = new LineSession(connection, dialect, facts.transcript, patience.reply)
  try {
    facts.greeting = await session.greeting()
    if (dialect.agrees(facts.greeting)) await script(session)
    await leave(session)
    if (session.surplus.length > 0) facts.surplus = session.surplus
  } catch (error) {
    const failure = failureOf(error)
    session.note('*', `${failure.event}: ${failure.detail}`)
    fail(facts, failure, session.stage, session.unanswered)
    if (session.surplus.length > 0) facts.surplus = session.surplus
  } finally {
    connection.close()
  }
  return facts
}

/** STARTTLS or STLS: asks, and shakes hands if the peer consents. What it sent in clear in between is kept, never read. */
export async function startTls(facts: SessionFacts, session: LineSession, command: string): Promise<boolean> {
  facts.startTls = await session.command(command)
  if (!session.dialect.agrees(facts.startTls)) return false
  try {
    facts.tls = await session.startTls()
  } finally {
    if (session.injected !== '') facts.injected = session.injected
  }
  return true
}

/** Does anybody open? Says nothing, and leaves at once. */
export async function knock(network: Network, endpoint: Endpoint, patience: Patience): Promise<SmtpFacts> {
  const facts: SmtpFacts = { protocol: 'smtp', ...sessionFacts(endpoint) }
  const connection = await connect(facts, network, patience)
  connection?.close()
  return facts
}

/** Was TCP accepted, whatever came of it? */
export function accepted({ connected, failure }: SessionFacts): boolean {
  return connected !== undefined || (failure !== undefined && failure.stage !== 'connect')
}

async function connect(facts: SessionFacts, network: Network, { timeout, attempts, reply }: Patience): Promise<Connection | undefined> {
  const { endpoint } = facts
  for (let attempt = 1; ; attempt++) {
    try {
      const connection = await network.connect(endpoint, { ...timeout === undefined ? {} : { timeout }, ...reply ? { longReplies: true } : {} })
      facts.connected = connection.connected
      if (connection.tls) facts.tls = connection.tls
      return connection
    } catch (error) {
      const failure = failureOf(error)
      const stage = stageOfConnect(failure, endpoint)
      if (stage === 'connect' && failure.event === 'timeout' && attempt < attempts) continue
      facts.transcript.push({ from: '*', line: `${failure.event}: ${failure.detail}`, at: failure.connected ?? 0 })
      if (failure.connected !== undefined) facts.connected = failure.connected
      fail(facts, failure, stage)
      return undefined
    }
  }
}

/**
 * With implicit TLS the handshake is part of the connect; what can only happen once TCP was accepted, happened in it. A reset
 * right after the accept is seen before or after we learn of the connection, as chance has it: it is one and the same.
 */
function stageOfConnect({ event, reason, connected }: Failure, { tls }: Endpoint): Stage {
  if (connected !== undefined) return 'handshake'
  if (tls !== 'implicit') return event === 'closed' ? 'greeting' : 'connect'
  if (event === 'refused' || event === 'unreachable' || event === 'unavailable') return 'connect'
  return event === 'timeout' && reason === 'connect-timeout' ? 'connect' : 'handshake'
}

function fail(facts: SessionFacts, failure: Failure, stage: Stage, command?: string): void {
  const { event, reason, detail } = failure
  facts.failure = { event, reason, detail, stage, ...(command === undefined ? {} : { command }) }
}

/** A failure at the boundary or of the dialogue; anything else is a bug and goes on. */
function failureOf(error: unknown): Failure {
  if (error instanceof NetworkFailure) return error.toJSON()
  if (error instanceof EndlessReply) return { event: 'too-long', reason: 'tarpit', detail: error.message }
  throw error
}

/** Whether the peer is still there to hear it does not matter. */
async function leave(session: LineSession): Promise<void> {
  try {
    await session.leave()
  } catch (error) {
    if (!(error instanceof NetworkFailure)) throw error
  }
}

/**
 * Handing a message in (RFC 6409): logged in, over TLS, at port 465 or 587. One session, a transaction for each message. What a
 * server defers is tried again later, as every sender does; what it refuses is kept in its own words.
 */
import { visit, type Door, type Visit } from '../mailbox/visit.ts'
import type { Network } from '../network/network.ts'
import { smtp } from '../protocols/dialects.ts'
import type { LineSession } from '../protocols/line-session.ts'
import { extensions, parseSmtpReply, transientReply } from '../syntax/smtp.ts'
import { composeTestMessage, dotted, type TestMessage } from './test-message.ts'

export interface HandedIn {
  /** The reply to the end of the message, or to what was not accepted. */
  readonly reply: readonly string[]
  readonly command: 'MAIL' | 'RCPT' | 'DATA' | 'message'
  readonly outcome: 'accepted' | 'deferred' | 'refused'
  /** Who said it. */
  readonly host: string
  /** When it was said. */
  readonly at: Date
  /** What the server calls the message in its queue, where it says so. */
  readonly queueId: string | null
}

export interface HandIn {
  readonly visit: Visit
  /** By id; without those that the session did not come to. */
  readonly results: ReadonlyMap<string, HandedIn>
}

export async function handIn(network: Network, door: Door, messages: readonly TestMessage[]): Promise<HandIn> {
  const results = new Map<string, HandedIn>()
  /** The last one whose text was sent. */
  let said: TestMessage | undefined
  const facts = await visit(network, door, async (session, { offer = [] }) => {
    const offered = extensions(offer)
    for (const message of messages) {
      const saying = (): unknown => (said = message)
      results.set(message.id, { ...await transact(session, message, { offered, now: () => network.now(), saying }), host: door.endpoint.host })
      if (messages.at(-1) !== message) await session.command('RSET')
    }
  })
  // who broke off behind the message may have taken it: sent again it could be there twice
  if (facts.failure && said && !results.has(said.id)) {
    results.set(said.id, { reply: ['(no answer to the end of the message)'], command: 'message', outcome: 'accepted', at: network.now(), queueId: null, host: door.endpoint.host })
  }
  return { visit: facts, results }
}

interface Transaction {
  readonly offered: ReturnType<typeof extensions>
  readonly now: () => Date
  /** Is told before the text is sent: until then nothing was handed over. */
  readonly saying: () => unknown
}

async function transact(session: LineSession, message: TestMessage, { offered, now, saying }: Transaction): Promise<Omit<HandedIn, 'host'>> {
  const text = composeTestMessage(message)
  // the envelope's name comes back in a bounce (RFC 3461 §4.4)
  const parameters = `${offered.has('DSN') ? ` RET=HDRS ENVID=${message.id}` : ''}${/[^\x20-\x7e]/.test(message.from + message.to) && offered.has('SMTPUTF8') ? ' SMTPUTF8' : ''}`
  for (const [command, line] of [
    ['MAIL', `MAIL FROM:<${octets(message.from)}>${parameters}`], ['RCPT', `RCPT TO:<${octets(message.to)}>`], ['DATA', 'DATA'],
  ] as const) {
    const reply = await session.command(line)
    if (command === 'DATA' ? parseSmtpReply(reply).code !== 354 : !smtp.agrees(reply)) return { reply, command, outcome: outcomeOf(reply), at: now(), queueId: null }
  }
  saying()
  const reply = await session.octets(octets(dotted(text)))
  return { reply, command: 'message', outcome: smtp.agrees(reply) ? 'accepted' : outcomeOf(reply), at: now(), queueId: smtp.agrees(reply) ? queueIdOf(reply) : null }
}

function outcomeOf(reply: readonly string[]): 'deferred' | 'refused' {
  return transientReply(parseSmtpReply(reply)) ? 'deferred' : 'refused'
}

/** Postfix, Exim, Sendmail and others each say it in their own way. */
function queueIdOf(reply: readonly string[]): string | null {
  const text = reply.join(' ')
  return /\bqueued as ([\w.-]{4,60})/i.exec(text)?.[1] ?? /\bid=([\w.-]{4,60})/i.exec(text)?.[1]
    ?? /^250[ -]2\.\d\.\d ([0-9A-Za-z]{8,30}) Message accepted/.exec(text)?.[1] ?? null
}

function octets(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

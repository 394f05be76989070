/** Why a visit came to nothing: what the server answered for (it fails), or what stood between (it cannot be told). */
import type { Visit } from '../mailbox/visit.ts'
import type { Reason } from '../reasons.ts'
import { imapRefusal, parseImapStatus } from '../syntax/imap.ts'
import { parsePop3Status, pop3Refusal } from '../syntax/pop3.ts'
import { parseSmtpReply, smtpRefusal } from '../syntax/smtp.ts'

export interface Trouble {
  /** Null: it is the server's or the account's own. Else why it could not be tested. */
  readonly reason: Reason | null
  readonly text: string
  /** Does it make sense to come again in this run? */
  readonly passing: boolean
}

/** Null: there is none. */
export function troubleOf(visit: Visit): Trouble | null {
  const { name, untried, reply, letIn, failure, refused, user, gaveUp } = visit
  if (refused && /^\* BYE\b/i.test(refused.reply.at(-1) ?? '')) {
    return { reason: 'connection-lost', text: `${name} hangs up at ${refused.command}: ${refused.reply.at(-1) ?? ''}`, passing: true }
  }
  if (refused) return { reason: null, text: `${name} refuses ${refused.command}: ${refused.reply.at(-1) ?? ''}`, passing: false }
  if (untried) return { reason: null, text: `${name} ${untriedWords[untried]}`, passing: false }
  if (reply && letIn !== true) {
    const line = gaveUp ?? reply.at(-1) ?? ''
    const reason = excuseOf(visit, reply)
    return { reason, text: `${name} ${reason ? 'does not let' : 'refuses to let'} ${user} in: ${line}`, passing: reason !== null }
  }
  if (failure) {
    const certain = failure.stage === 'connect' && failure.event === 'refused'
    return { reason: certain ? null : failure.reason, text: certain ? `${name} refuses the connection` : failure.detail, passing: failure.reason !== 'not-disclosed' }
  }
  if (letIn === true) return null
  const last = [visit.offer, visit.startTls, visit.greeting].find(heard => heard !== undefined)
  return { reason: 'rate-limited', text: `${name} does not come to the login: ${last?.at(-1) ?? ''}`, passing: true }
}

const untriedWords: Readonly<Record<NonNullable<Visit['untried']>, string>> = {
  'no-tls': 'offers no TLS: without it no password is sent',
  'untrusted': 'shows a certificate that is not trusted, or that names another host: it gets no password',
  'elsewhere': 'is in another domain, and unsigned records name it: it gets no password',
  'no-mechanism': 'offers no way to log in that mailcheck knows, or not the one that the configuration asks for',
  'logged-in': 'says that the session is logged in from the beginning',
}

/** Null: the refusal is about the account (RFC 4954 §6, RFC 9051 §7.1, RFC 3206). */
function excuseOf({ protocol, endpoint: { address: server } }: Visit, reply: readonly string[]): Reason | null {
  switch (protocol) {
    case 'smtp': return [534, 535, 538].includes(parseSmtpReply(reply).code ?? 0) ? null : smtpRefusal(reply, { command: 'AUTH', server })
    case 'imap': return ['AUTHENTICATIONFAILED', 'AUTHORIZATIONFAILED', 'EXPIRED'].includes(parseImapStatus(reply.at(-1) ?? '').code ?? '') ? null : imapRefusal(reply, { server })
    case 'pop3': return parsePop3Status(reply[0] ?? '').code === 'AUTH' ? null : pop3Refusal(reply, { server })
  }
}

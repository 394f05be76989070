/** Why a visit came to nothing: what the server answered for (it fails), or what stood between (it cannot be told). */
import type { Visit } from '../mailbox/visit.ts'
import type { Reason } from '../reasons.ts'
import { imapRefusal } from '../syntax/imap.ts'
import { loginRefusal } from '../syntax/login-refusal.ts'
import { pop3Refusal } from '../syntax/pop3.ts'
import { smtpRefusal } from '../syntax/smtp.ts'

export interface Trouble {
  /** Null: it is the server's or the account's own. Else why it could not be tested. */
  readonly reason: Reason | null
  readonly text: string
  /** Does it make sense to come again in this run? */
  readonly passing: boolean
}

/** Null: there is none. */
export function troubleOf(visit: Visit): Trouble | null {
  const { name, protocol, endpoint, untried, reply, letIn, startTls, tls, failure, refused, user, gaveUp, transcript } = visit
  if (refused && /^\* BYE\b/i.test(refused.reply.at(-1) ?? '')) {
    return { reason: 'connection-lost', text: `${name} hangs up at ${refused.command}: ${refused.reply.at(-1) ?? ''}`, passing: true }
  }
  if (refused) return { reason: null, text: `${name} refuses ${refused.command}: ${refused.reply.at(-1) ?? ''}`, passing: false }
  if (untried) return { reason: null, text: `${name} ${untriedWords[untried]}`, passing: false }
  if (reply && letIn !== true) {
    const line = gaveUp ?? reply.at(-1) ?? ''
    const reason = loginRefusal(protocol, reply, endpoint.address)
    return { reason, text: `${name} ${reason ? 'does not let' : 'refuses to let'} ${user} in: ${line}`, passing: reason !== null }
  }
  if (failure) {
    const certain = failure.stage === 'connect' && failure.event === 'refused'
    return { reason: certain ? null : failure.reason, text: certain ? `${name} refuses the connection` : failure.detail, passing: failure.reason !== 'not-disclosed' }
  }
  if (letIn === true) return null
  const last = transcript.findLast(({ from }) => from === 'S')?.line ?? ''
  if (startTls && !tls && excuseFor(visit, startTls) === null) return { reason: null, text: `${name} ${untriedWords['no-tls']}: ${last}`, passing: false }
  return { reason: 'rate-limited', text: `${name} does not come to the login: ${last}`, passing: true }
}

const untriedWords: Readonly<Record<NonNullable<Visit['untried']>, string>> = {
  'no-tls': 'offers no TLS: without it no password is sent',
  'untrusted': 'shows a certificate that is not trusted, or that names another host: it gets no password',
  'elsewhere': 'is in another domain, and unsigned records name it: it gets no password',
  'no-mechanism': 'offers no way to log in that mailcheck knows, or not the one that the configuration asks for',
  'logged-in': 'says that the session is logged in from the beginning',
}

/** What the server says to STARTTLS: does it refuse for now, or us? */
function excuseFor({ protocol, endpoint: { address: server } }: Visit, reply: readonly string[]): Reason | null {
  switch (protocol) {
    case 'smtp': return smtpRefusal(reply, { command: 'STARTTLS', server })
    case 'imap': return imapRefusal(reply, { server })
    case 'pop3': return pop3Refusal(reply, { server })
  }
}

/**
 * The reply that ends a login, in the words of each protocol (RFC 4954 §6, RFC 9051 §7.1, RFC 3206): servers refuse in one way and
 * for many reasons, and only some of them are about the account.
 */
import type { Reason } from '../reasons.ts'
import { imapRefusal, parseImapStatus } from './imap.ts'
import { parsePop3Status, pop3Refusal } from './pop3.ts'
import { asksToWait } from './refusal.ts'
import { parseSmtpReply, smtpRefusal } from './smtp.ts'

/** Why a refusal says nothing about the account; null where it does. `server` is the address of the peer. */
export function loginRefusal(protocol: 'smtp' | 'imap' | 'pop3', reply: readonly string[], server: string): Reason | null {
  switch (protocol) {
    case 'smtp': {
      const { code, texts } = parseSmtpReply(reply)
      // RFC 4954 §6: 534, 535 and 538 speak of the credentials and how they are shown, whatever their enhanced code
      if (code === 535 || code === 534 || code === 538) return asksToWait(texts.join(' ')) ? 'rate-limited' : null
      return smtpRefusal(reply, { command: 'AUTH', server })
    }
    case 'imap': {
      const last = parseImapStatus(reply.at(-1) ?? '')
      if (last.status === 'BYE') return 'rate-limited'
      if (last.code === 'AUTHENTICATIONFAILED' || last.code === 'AUTHORIZATIONFAILED' || last.code === 'EXPIRED') return null
      return imapRefusal(reply, { server })
    }
    case 'pop3': return parsePop3Status(reply[0] ?? '').code === 'AUTH' ? null : pop3Refusal(reply, { server })
  }
}

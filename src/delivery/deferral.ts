/** What a server means that takes a message for nobody's fault but its own, or only not yet. */
import type { Reason } from '../reasons.ts'
import { asksToWait, blamesClient } from '../syntax/refusal.ts'
import { parseSmtpReply } from '../syntax/smtp.ts'

const greylists = /\bgr[ae]y-?list/i
const limits = /\btoo (?:many|much|fast)\b|\bthrottl|\b(?:rate|sending|connection|message) ?-?limit|\blimit (?:is |was )?(?:exceeded|reached)|\bat a rate\b/i
/** The words of servers in trouble; many of them end in "try again later". */
const troubled = /\b(?:local|internal|system|server|configuration|lookup|temporary) (?:problem|error|failure)\b|\b(?:service|system|server) (?:is )?(?:currently |temporarily )?(?:unavailable|not available)\b|\bmailbox (?:is )?full\b|\b(?:over|exceed(?:s|ed)?) (?:its |the )?quota\b|\bdisk|\bstorage\b/i

/**
 * Why a message that was deferred to the end tells nothing of the server: it might have been taken later, or handed in from
 * elsewhere. Null: something is wrong with the server, as the enhanced code says (RFC 3463 §3: x.2.2 is a full mailbox, x.3 the
 * system, x.4 its network), 452 (RFC 5321 §4.2.3: insufficient storage), or its words; those of 421 say the same of whoever comes too often.
 */
export function deferralReason(reply: readonly string[]): Reason | null {
  const { code, enhanced, texts } = parseSmtpReply(reply)
  const text = texts.join(' ')
  const [, subject, detail] = (enhanced ?? '').split('.')
  if (greylists.test(text)) return 'greylisted'
  if (limits.test(text)) return 'rate-limited'
  if ((subject === '3' && detail !== '2') || subject === '4' || (subject === '2' && detail === '2') || (code === 452 && subject !== '5') || (code !== 421 && troubled.test(text))) return null
  if (blamesClient(text)) return 'client-rejected'
  return subject === '7' || (subject === '3' && detail === '2') || asksToWait(text) ? 'rate-limited' : null
}

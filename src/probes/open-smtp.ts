/**
 * The beginning of every further SMTP dialogue: EHLO, and TLS where the first dialogue had it (RFC 5321 §3.2, RFC 3207). What
 * a server says of MAIL and AUTH in clear may be only that it wants TLS first.
 */
import type { LineSession } from '../protocols/line-session.ts'
import { startTls } from './converse.ts'
import type { SmtpFacts } from './session.ts'

/** `secure`: upgrade to TLS, unless the connection has it. False when the server does not consent. */
export async function openSmtp(facts: SmtpFacts, session: LineSession, { ehloName, secure }: { ehloName: string; secure: boolean }): Promise<boolean> {
  const ehlo = await session.command(`EHLO ${ehloName}`)
  if (facts.tls) facts.ehloOverTls = ehlo
  else facts.ehlo = ehlo
  if (!session.dialect.agrees(ehlo)) return false
  if (facts.tls || !secure) return true
  if (!(await startTls(facts, session, 'STARTTLS'))) return false
  facts.ehloOverTls = await session.command(`EHLO ${ehloName}`)
  return session.dialect.agrees(facts.ehloOverTls)
}

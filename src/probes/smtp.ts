/**
 * SMTP up to the point where mail would begin (RFC 5321, 3207, 4954): greet, read the extensions, upgrade to TLS, read them
 * again, because what was said in clear counts no longer, and leave. Never sends mail, never logs in.
 */
import { smtp } from '../protocols/dialects.ts'
import { extensions, parseSmtpReply } from '../syntax/smtp.ts'
import type { Endpoint, Network } from '../network/network.ts'
import { converse, sessionFacts, startTls, type Patience } from './converse.ts'
import type { SmtpFacts } from './session.ts'

export function probeSmtp(network: Network, endpoint: Endpoint, ehloName: string, patience: Patience, towardsTls?: () => void): Promise<SmtpFacts> {
  const facts: SmtpFacts = { protocol: 'smtp', ...sessionFacts(endpoint) }
  return converse(facts, network, smtp, patience, async session => {
    towardsTls?.() // whoever welcomes nearly always offers it
    const ehlo = await session.command(`EHLO ${ehloName}`)
    if (facts.tls) facts.ehloOverTls = ehlo
    else facts.ehlo = ehlo
    const { code } = parseSmtpReply(ehlo)
    // a server that knows no EHLO may know HELO (RFC 5321 §3.2)
    if (code !== null && code >= 500) facts.helo = await session.command(`HELO ${ehloName}`)
    if (facts.tls || !extensions(ehlo).has('STARTTLS')) return
    if (await startTls(facts, session, 'STARTTLS')) facts.ehloOverTls = await session.command(`EHLO ${ehloName}`)
  })
}

/**
 * IMAP before login (RFC 9051, 3501): read the capabilities, upgrade to TLS if STARTTLS is among them, read them again, leave.
 * A PREAUTH greeting means that the session is logged in already, which rules STARTTLS out (§7.1.4).
 */
import { imap } from '../protocols/dialects.ts'
import { imapCapabilities, parseImapStatus } from '../syntax/imap.ts'
import type { Endpoint, Network } from '../network/network.ts'
import { converse, sessionFacts, startTls, type Patience } from './converse.ts'
import type { ImapFacts } from './session.ts'

export function probeImap(network: Network, endpoint: Endpoint, patience: Patience, towardsTls?: () => void): Promise<ImapFacts> {
  const facts: ImapFacts = { protocol: 'imap', ...sessionFacts(endpoint) }
  return converse(facts, network, imap, patience, async session => {
    if (facts.tls) towardsTls?.()
    // asked always: the greeting need not tell, or not all
    const capability = await session.command('CAPABILITY')
    if (facts.tls) facts.capabilityOverTls = capability
    else facts.capability = capability
    const greeting = facts.greeting ?? []
    if (facts.tls || greeting.some(line => parseImapStatus(line).status === 'PREAUTH')) return
    const listed = imapCapabilities(capability)
    const offered = listed.size > 0 ? listed : imapCapabilities(greeting)
    if (!offered.has('STARTTLS')) return
    towardsTls?.()
    if (await startTls(facts, session, 'STARTTLS')) facts.capabilityOverTls = await session.command('CAPABILITY')
  })
}

/**
 * POP3 before login (RFC 1939, 2449, 2595): read the capabilities, upgrade to TLS with STLS, read them again, leave.
 * CAPA is younger than POP3 and than some servers, which may know STLS without it.
 */
import { pop3 } from '../protocols/dialects.ts'
import { isOk, pop3Capabilities } from '../syntax/pop3.ts'
import type { Endpoint, Network } from '../network/network.ts'
import { converse, sessionFacts, startTls, type Patience } from './converse.ts'
import type { Pop3Facts } from './session.ts'

export function probePop3(network: Network, endpoint: Endpoint, patience: Patience, towardsTls?: () => void): Promise<Pop3Facts> {
  const facts: Pop3Facts = { protocol: 'pop3', ...sessionFacts(endpoint) }
  return converse(facts, network, pop3, patience, async session => {
    if (facts.tls) towardsTls?.()
    const capa = await session.command('CAPA')
    if (facts.tls) facts.capaOverTls = capa
    else facts.capa = capa
    if (facts.tls || (isOk(capa[0]) && !pop3Capabilities(capa).has('STLS'))) return
    towardsTls?.()
    if (await startTls(facts, session, 'STLS')) facts.capaOverTls = await session.command('CAPA')
  })
}

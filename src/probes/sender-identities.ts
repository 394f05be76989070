/**
 * The domains that the declared senders authenticate: that of MAIL FROM and that of the DKIM signature. DMARC wants one of them
 * to belong to the same organization as the domain in From (RFC 9989 §4.4), and the DNS has to be asked who that is.
 */
import { domainName } from '../syntax/author.ts'
import { lookUpNames, type DmarcNames } from './dmarc.ts'
import type { ProbeContext } from './index.ts'

export interface SenderIdentities {
  readonly senders: readonly SenderIdentity[]
  /** Of each of their domains, once. */
  readonly names: readonly DmarcNames[]
}

export interface SenderIdentity {
  readonly address: string
  /** The domain itself unless declared; null when what was declared is no domain. */
  readonly mailFrom: string | null
  /** Null when there is none. */
  readonly dkim: string | null
}

export async function probeSenderIdentities(context: ProbeContext): Promise<SenderIdentities> {
  const { domain, senders } = context.scope
  const identities = senders.map(({ address, mailFrom, dkim }): SenderIdentity => ({
    address, mailFrom: mailFrom === undefined ? domain : domainOf(mailFrom), dkim: dkim === undefined ? null : domainOf(dkim),
  }))
  const domains = new Set(identities.flatMap(({ mailFrom, dkim }) => [mailFrom, dkim]).filter(name => name !== null))
  return { senders: identities, names: await Promise.all([...domains].map(name => lookUpNames(context, name))) }
}

/** Of an address, or a domain by itself. */
function domainOf(text: string): string | null {
  return domainName(text.slice(text.lastIndexOf('@') + 1))
}

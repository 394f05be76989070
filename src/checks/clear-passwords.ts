/**
 * Passwords that anybody on the way can read: mechanisms that send them as they are (PLAIN, RFC 4616; LOGIN), offered before
 * TLS. Those that prove knowledge without telling it (SCRAM, CRAM-MD5) may be offered in clear.
 */
import type { Reply } from '../probes/session.ts'
import { authMechanisms } from '../syntax/smtp.ts'
import type { Evidence } from './define.ts'
import { linesSeen } from './evidence.ts'

export const readable: readonly string[] = ['PLAIN', 'LOGIN']

/** What a reply to EHLO in clear offers of the kind, with the lines that say so. */
export function clearMechanisms(subject: { readonly name: string }, ehlo: Reply): { mechanisms: string[]; evidence: Evidence[] } {
  const mechanisms = authMechanisms(ehlo).filter(name => readable.includes(name))
  return { mechanisms, evidence: linesSeen(subject, ehlo.filter(line => /^250[ -]AUTH\b/i.test(line))) }
}

/**
 * Which IMAP capabilities are missing. Many servers list less before login (RFC 9051 §6.1.1 allows it), so what is absent
 * there is not known to be missing; a session that is logged in (PREAUTH, or with `--login`) tells all.
 */
import type { HeldService } from '../probes/session-sets.ts'
import { imapCapabilities, parseImapStatus } from '../syntax/imap.ts'
import { pass, skip, unknown, type Evidence, type Pass, type Skip, type Unknown } from './define.ts'
import { linesSeen } from './evidence.ts'
import { offerTo } from './offer.ts'

export const imapServices = ['imaps', 'imap'] as const

interface Lacks { readonly verdict: 'lacks'; readonly capabilities: readonly string[]; readonly evidence: readonly Evidence[] }

/** `missing` names what the list, in upper case, has not. */
export function lacking(held: HeldService, missing: (listed: ReadonlySet<string>) => readonly string[]): Pass | Skip | Unknown | Lacks {
  const offer = offerTo(held)
  if (offer.state === 'aside') return offer.because
  if (offer.state === 'refused' && !held.afterLogin) return skip(`the server answers CAPABILITY with "${offer.line}"`)
  const said = held.afterLogin && imapCapabilities(held.afterLogin).size > 0 ? held.afterLogin : offer.state === 'offered' ? offer.offer : []
  const capabilities = missing(imapCapabilities(said))
  if (capabilities.length === 0) return pass
  const loggedIn = said === held.afterLogin || parseImapStatus(held.session.greeting?.[0] ?? '').status === 'PREAUTH'
  if (!loggedIn) return unknown('not-disclosed', `${held.name} does not list ${capabilities.join(', ')} before login, and may do so after it`)
  return { verdict: 'lacks', capabilities, evidence: linesSeen(held, said) }
}

/** What a POP3 server says it can do; a server that knows no CAPA (RFC 2449 §5) says nothing. */
import type { HeldService } from '../probes/session-sets.ts'
import { pop3Capabilities } from '../syntax/pop3.ts'
import { skip, type Evidence, type Skip, type Unknown } from './define.ts'
import { linesSeen } from './evidence.ts'
import { offerTo } from './offer.ts'

export const pop3Services = ['pop3s', 'pop3'] as const

export type Pop3Offer =
  | { readonly capabilities: ReadonlyMap<string, readonly string[]>; readonly evidence: readonly Evidence[] }
  | { readonly refusal: readonly Evidence[]; readonly because: Skip }
  | { readonly refusal: null; readonly because: Skip | Unknown }

export function pop3OfferOf(held: HeldService): Pop3Offer {
  const offer = offerTo(held)
  // what differs by person is told after login (RFC 2449 §5)
  if (offer.state === 'offered' && held.afterLogin && pop3Capabilities(held.afterLogin).size > 0) {
    const capabilities = new Map([...pop3Capabilities(offer.offer), ...pop3Capabilities(held.afterLogin)])
    return { capabilities, evidence: linesSeen(held, held.afterLogin) }
  }
  switch (offer.state) {
    case 'aside': return { refusal: null, because: offer.because }
    case 'refused': return { refusal: linesSeen(held, offer.reply), because: skip(`the server answers CAPA with "${offer.line}"`) }
    case 'offered': return { capabilities: pop3Capabilities(offer.offer), evidence: linesSeen(held, offer.offer) }
  }
}

/** The line of one capability, or the whole list where it is missing. */
export function capabilitySeen(evidence: readonly Evidence[], name: string): readonly Evidence[] {
  const lines = evidence.filter(seen => seen.from === 'session' && new RegExp(`^${name}\\b`, 'i').test(seen.line))
  return lines.length > 0 ? lines : evidence
}

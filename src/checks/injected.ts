/** Words that came in clear where only a TLS handshake may follow (RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4). */

import type { ServiceSession } from '../probes/session.ts'
import type { Evidence } from './define.ts'
import { eventSeen } from './evidence.ts'

/** What was sent, as a message and as evidence show it; null for nothing. `behind` is what it came behind. */
export function injectedWords(session: Pick<ServiceSession, 'name' | 'injected'>, behind: string):
  { readonly args: { readonly bytes: number; readonly text: string }; readonly evidence: Evidence } | null {
  const { injected = '' } = session
  if (injected === '') return null
  return { args: { bytes: injected.length, text: injectedText(injected) }, evidence: eventSeen(session, `in clear, behind ${behind}: ${injected.slice(0, 1000)}`) }
}

/** As much as a message bears; whoever wants the rest finds it in the facts. */
const enough = 200

function injectedText(injected: string): string {
  const text = injected.trimEnd()
  return text.length > enough ? `${text.slice(0, enough)}…` : text
}

/** Words that came in clear where only a TLS handshake may follow (RFC 3207 §4.2, RFC 9051 §6.2.1, RFC 2595 §4). */

/** As much as a message bears; whoever wants the rest finds it in the facts. */
const enough = 200

export function injectedText(injected: string): string {
  const text = injected.trimEnd()
  return text.length > enough ? `${text.slice(0, enough)}…` : text
}

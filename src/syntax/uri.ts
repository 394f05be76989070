/**
 * URIs (RFC 3986) as mail records name them: where reports go ("mailto:dmarc@example.com") and where a file lies
 * ("https://example.com/logo.svg"). Records part URIs by commas and tags by semicolons, so both are percent-encoded within one.
 */

/**
 * RFC 3986 §3, as far as it can be told without the scheme's own rules: a mailto needs an address with a domain. The "!" and
 * the "," that a URI could hold have a meaning in every record that names one, and must be percent-encoded.
 */
export function isUri(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#[\]@$&'()*+;=%-]+$/.test(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false
  return !/^mailto:/i.test(text) || /^mailto:[^@?]+@[^@?]+(?:\?|$)/i.test(text)
}

/** Lower case, without the colon; null when there is none. */
export function schemeOf(uri: string): string | null {
  return /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase() ?? null
}

/**
 * The host of an https URI, or of the address in a mailto (RFC 6068 §2), in lower case; null when there is none.
 * Of several addresses in one mailto, the first.
 */
export function hostOf(uri: string): string | null {
  const [, mailbox] = /^mailto:[^@?,]+@([A-Za-z0-9.-]+)(?=[,?]|$)/i.exec(uri) ?? []
  const [, authority] = /^https?:\/\/(?:[^/?#@]*@)?([A-Za-z0-9.-]+)(?=[:/?#]|$)/i.exec(uri) ?? []
  return (mailbox ?? authority)?.toLowerCase() ?? null
}

/** Two labels at least, of letters, digits and inner hyphens (RFC 5321 §2.3.5). */
export function isFullName(host: string): boolean {
  return host.length <= 253 && /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(host)
}

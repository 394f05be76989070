/** PEM (RFC 7468): certificates as text, one after the other, between lines that say where each begins and ends. */

/** More than any chain has. */
const enough = 20

/** Base64 DER of the certificates in a text, in order; whatever stands between them is left out. Never throws. */
export function certificatesOfPem(text: string): string[] {
  const found: string[] = []
  for (const [, base64 = ''] of text.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g)) {
    found.push(base64.replace(/\s+/g, ''))
    if (found.length === enough) break
  }
  return found
}

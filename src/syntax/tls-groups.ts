/** The groups of a key exchange, by the names and numbers of the IANA registry (RFC 8422 §5.1.1, RFC 7919, RFC 8446 §4.2.7). */
const groups: Readonly<Record<string, number>> = {
  sect163k1: 1, sect163r1: 2, sect163r2: 3, sect193r1: 4, sect193r2: 5, sect233k1: 6, sect233r1: 7, sect239k1: 8, sect283k1: 9, sect283r1: 10,
  sect409k1: 11, sect409r1: 12, sect571k1: 13, sect571r1: 14, secp160k1: 15, secp160r1: 16, secp160r2: 17, secp192k1: 18, secp192r1: 19,
  secp224k1: 20, secp224r1: 21, secp256k1: 22, secp256r1: 23, secp384r1: 24, secp521r1: 25, brainpoolP256r1: 26, brainpoolP384r1: 27,
  brainpoolP512r1: 28, X25519: 29, X448: 30, ffdhe2048: 256, ffdhe3072: 257, ffdhe4096: 258, ffdhe6144: 259, ffdhe8192: 260,
  SecP256r1MLKEM768: 0x11eb, X25519MLKEM768: 0x11ec, SecP384r1MLKEM1024: 0x11ed,
}
const names = new Map(Object.entries(groups).map(([name, code]) => [code, name]))

/** Curves of fewer than 256 bits (RFC 9325 §4.2 wants P-256 or X25519 and up). */
export const weakGroups: readonly string[] = Object.entries(groups).filter(([name, code]) => code < 22 && !/283|409|571/.test(name)).map(([name]) => name)
/** What is in use today. */
export const usualGroups: readonly string[] = ['X25519', 'secp256r1', 'secp384r1', 'secp521r1', 'X448']
/** A curve and a lattice together, for the day on which one of them is broken (draft-ietf-tls-ecdhe-mlkem). */
export const hybridGroups: readonly string[] = ['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024']
/** RFC 7919, as far as they are in use. */
export const finiteGroups: readonly string[] = ['ffdhe2048', 'ffdhe3072', 'ffdhe4096']

/** The name in the registry of what OpenSSL calls `prime256v1`. */
export function registeredName(name: string): string {
  return name === 'prime256v1' ? 'secp256r1' : name
}

export function groupName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`
}

export function groupCode(name: string): number | null {
  return groups[name] ?? (/^0x[0-9a-f]{4}$/.test(name) ? parseInt(name, 16) : null)
}

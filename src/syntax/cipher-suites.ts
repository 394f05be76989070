/**
 * Cipher suites up to TLS 1.2, by the names and numbers of the IANA registry. A name tells how keys are agreed on (ECDHE, DHE;
 * RSA and DH alone mean that whoever gets the server's key reads what was recorded; anon, that nobody is asked who he is) and
 * what encrypts (NULL nothing, EXPORT what could be broken in 1999, RC4 and the ciphers of 64-bit blocks what can be today).
 */
const registry: Readonly<Record<string, number>> = {
  RSA_WITH_NULL_MD5: 0x0001, RSA_WITH_NULL_SHA: 0x0002, RSA_EXPORT_WITH_RC4_40_MD5: 0x0003, RSA_WITH_RC4_128_MD5: 0x0004,
  RSA_WITH_RC4_128_SHA: 0x0005, RSA_EXPORT_WITH_RC2_CBC_40_MD5: 0x0006, RSA_WITH_IDEA_CBC_SHA: 0x0007,
  RSA_EXPORT_WITH_DES40_CBC_SHA: 0x0008, RSA_WITH_DES_CBC_SHA: 0x0009, RSA_WITH_3DES_EDE_CBC_SHA: 0x000a,
  DHE_DSS_EXPORT_WITH_DES40_CBC_SHA: 0x0011, DHE_DSS_WITH_DES_CBC_SHA: 0x0012, DHE_DSS_WITH_3DES_EDE_CBC_SHA: 0x0013,
  DHE_RSA_EXPORT_WITH_DES40_CBC_SHA: 0x0014, DHE_RSA_WITH_DES_CBC_SHA: 0x0015, DHE_RSA_WITH_3DES_EDE_CBC_SHA: 0x0016,
  DH_anon_EXPORT_WITH_RC4_40_MD5: 0x0017, DH_anon_WITH_RC4_128_MD5: 0x0018, DH_anon_EXPORT_WITH_DES40_CBC_SHA: 0x0019,
  DH_anon_WITH_DES_CBC_SHA: 0x001a, DH_anon_WITH_3DES_EDE_CBC_SHA: 0x001b,
  RSA_WITH_AES_128_CBC_SHA: 0x002f, DHE_DSS_WITH_AES_128_CBC_SHA: 0x0032, DHE_RSA_WITH_AES_128_CBC_SHA: 0x0033,
  DH_anon_WITH_AES_128_CBC_SHA: 0x0034, RSA_WITH_AES_256_CBC_SHA: 0x0035, DHE_DSS_WITH_AES_256_CBC_SHA: 0x0038,
  DHE_RSA_WITH_AES_256_CBC_SHA: 0x0039, DH_anon_WITH_AES_256_CBC_SHA: 0x003a, RSA_WITH_NULL_SHA256: 0x003b,
  RSA_WITH_AES_128_CBC_SHA256: 0x003c, RSA_WITH_AES_256_CBC_SHA256: 0x003d, RSA_WITH_CAMELLIA_128_CBC_SHA: 0x0041,
  DHE_RSA_WITH_CAMELLIA_128_CBC_SHA: 0x0045, DH_anon_WITH_CAMELLIA_128_CBC_SHA: 0x0046,
  RSA_EXPORT1024_WITH_DES_CBC_SHA: 0x0062, DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA: 0x0063, RSA_EXPORT1024_WITH_RC4_56_SHA: 0x0064,
  DHE_DSS_EXPORT1024_WITH_RC4_56_SHA: 0x0065, DHE_DSS_WITH_RC4_128_SHA: 0x0066,
  DHE_RSA_WITH_AES_128_CBC_SHA256: 0x0067, DHE_RSA_WITH_AES_256_CBC_SHA256: 0x006b, DH_anon_WITH_AES_128_CBC_SHA256: 0x006c,
  DH_anon_WITH_AES_256_CBC_SHA256: 0x006d, RSA_WITH_CAMELLIA_256_CBC_SHA: 0x0084, DHE_RSA_WITH_CAMELLIA_256_CBC_SHA: 0x0088,
  DH_anon_WITH_CAMELLIA_256_CBC_SHA: 0x0089, RSA_WITH_SEED_CBC_SHA: 0x0096, DHE_RSA_WITH_SEED_CBC_SHA: 0x009a,
  DH_anon_WITH_SEED_CBC_SHA: 0x009b, RSA_WITH_AES_128_GCM_SHA256: 0x009c, RSA_WITH_AES_256_GCM_SHA384: 0x009d,
  DHE_RSA_WITH_AES_128_GCM_SHA256: 0x009e, DHE_RSA_WITH_AES_256_GCM_SHA384: 0x009f, DH_anon_WITH_AES_128_GCM_SHA256: 0x00a6,
  DH_anon_WITH_AES_256_GCM_SHA384: 0x00a7, RSA_WITH_CAMELLIA_128_CBC_SHA256: 0x00ba, RSA_WITH_CAMELLIA_256_CBC_SHA256: 0x00c0,
  ECDH_ECDSA_WITH_NULL_SHA: 0xc001, ECDH_ECDSA_WITH_RC4_128_SHA: 0xc002, ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA: 0xc003,
  ECDH_ECDSA_WITH_AES_128_CBC_SHA: 0xc004, ECDH_ECDSA_WITH_AES_256_CBC_SHA: 0xc005, ECDHE_ECDSA_WITH_NULL_SHA: 0xc006,
  ECDHE_ECDSA_WITH_RC4_128_SHA: 0xc007, ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA: 0xc008, ECDHE_ECDSA_WITH_AES_128_CBC_SHA: 0xc009,
  ECDHE_ECDSA_WITH_AES_256_CBC_SHA: 0xc00a, ECDH_RSA_WITH_NULL_SHA: 0xc00b, ECDH_RSA_WITH_RC4_128_SHA: 0xc00c,
  ECDH_RSA_WITH_3DES_EDE_CBC_SHA: 0xc00d, ECDH_RSA_WITH_AES_128_CBC_SHA: 0xc00e, ECDH_RSA_WITH_AES_256_CBC_SHA: 0xc00f,
  ECDHE_RSA_WITH_NULL_SHA: 0xc010, ECDHE_RSA_WITH_RC4_128_SHA: 0xc011, ECDHE_RSA_WITH_3DES_EDE_CBC_SHA: 0xc012,
  ECDHE_RSA_WITH_AES_128_CBC_SHA: 0xc013, ECDHE_RSA_WITH_AES_256_CBC_SHA: 0xc014, ECDH_anon_WITH_NULL_SHA: 0xc015,
  ECDH_anon_WITH_RC4_128_SHA: 0xc016, ECDH_anon_WITH_3DES_EDE_CBC_SHA: 0xc017, ECDH_anon_WITH_AES_128_CBC_SHA: 0xc018,
  ECDH_anon_WITH_AES_256_CBC_SHA: 0xc019, ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: 0xc023, ECDHE_ECDSA_WITH_AES_256_CBC_SHA384: 0xc024,
  ECDHE_RSA_WITH_AES_128_CBC_SHA256: 0xc027, ECDHE_RSA_WITH_AES_256_CBC_SHA384: 0xc028, ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: 0xc02b,
  ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: 0xc02c, ECDHE_RSA_WITH_AES_128_GCM_SHA256: 0xc02f, ECDHE_RSA_WITH_AES_256_GCM_SHA384: 0xc030,
  ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256: 0xc076, ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384: 0xc077,
  RSA_WITH_AES_128_CCM: 0xc09c, RSA_WITH_AES_256_CCM: 0xc09d, ECDHE_ECDSA_WITH_AES_128_CCM: 0xc0ac, ECDHE_ECDSA_WITH_AES_256_CCM: 0xc0ad,
  ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca8, ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: 0xcca9,
  DHE_RSA_WITH_CHACHA20_POLY1305_SHA256: 0xccaa,
}

/** Those of TLS 1.3, which say nothing of how keys are agreed on (RFC 8446 §B.4). */
const current: Readonly<Record<string, number>> = { AES_128_GCM_SHA256: 0x1301, AES_256_GCM_SHA384: 0x1302, CHACHA20_POLY1305_SHA256: 0x1303 }

/** Their names, the dearest first. */
export const currentSuites: readonly string[] = Object.keys(current).map(name => `TLS_${name}`)

const codes = new Map([...Object.entries(registry), ...Object.entries(current)].map(([name, code]) => [`TLS_${name}`, code]))
const names = new Map([...codes].map(([name, code]) => [code, name]))

/** `TLS_RSA_WITH_RC4_128_SHA`; `0x1234` for what is not known here. */
export function suiteName(code: number): string {
  return names.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`
}

/** The inverse; null for a name that is neither known nor a number. */
export function suiteCode(name: string): number | null {
  return codes.get(name) ?? (/^0x[0-9a-f]{4}$/.test(name) ? parseInt(name, 16) : null)
}

/** What a suite's name tells, from the gravest. Several may hold. */
export interface SuiteTraits {
  /** Nothing is encrypted. */
  readonly plain: boolean
  readonly export: boolean
  readonly rc4: boolean
  /** Nobody shows a certificate. */
  readonly anonymous: boolean
  /** DES, 3DES, IDEA and RC2 encrypt blocks of 64 bits, which repeat themselves after some gigabytes (SWEET32). */
  readonly smallBlocks: boolean
  /** No forward secrecy: RSA key transport, or a Diffie-Hellman key out of the certificate. */
  readonly static: boolean
  readonly aead: boolean
}

export function suiteTraits(name: string): SuiteTraits {
  return {
    plain: name.includes('_NULL_'),
    export: name.includes('_EXPORT'),
    rc4: name.includes('_RC4_'),
    anonymous: name.includes('_anon_'),
    smallBlocks: /_(?:3?DES|DES40|IDEA|RC2)_/.test(name),
    static: /^TLS_(?:RSA|ECDH_RSA|ECDH_ECDSA|DH_RSA|DH_DSS)_/.test(name),
    aead: /_(?:GCM|CCM|POLY1305)/.test(name),
  }
}

/** Of TLS 1.2 and older, in the order of the registry. */
export function suitesWith(wanted: (traits: SuiteTraits, name: string) => boolean): readonly string[] {
  return Object.keys(registry).map(name => `TLS_${name}`).filter(name => wanted(suiteTraits(name), name))
}

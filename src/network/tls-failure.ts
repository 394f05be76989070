/**
 * What a failed TLS handshake means, in words that are the same on every Node version: the OpenSSL releases behind them name
 * their errors differently, and put thread numbers and source lines into the messages. An alert is what the peer said; most
 * of the rest is why OpenSSL would not go on.
 */
import type { Failure } from './network.ts'
import { streamFailure } from './tcp.ts'

/** RFC 8446 §6, RFC 5246 §7.2 and their forerunners, from the registry of TLS alerts. */
const alerts: Readonly<Record<number, string>> = {
  0: 'close_notify', 10: 'unexpected_message', 20: 'bad_record_mac', 21: 'decryption_failed', 22: 'record_overflow',
  30: 'decompression_failure', 40: 'handshake_failure', 41: 'no_certificate', 42: 'bad_certificate', 43: 'unsupported_certificate',
  44: 'certificate_revoked', 45: 'certificate_expired', 46: 'certificate_unknown', 47: 'illegal_parameter', 48: 'unknown_ca',
  49: 'access_denied', 50: 'decode_error', 51: 'decrypt_error', 60: 'export_restriction', 70: 'protocol_version',
  71: 'insufficient_security', 80: 'internal_error', 86: 'inappropriate_fallback', 90: 'user_canceled', 100: 'no_renegotiation',
  109: 'missing_extension', 110: 'unsupported_extension', 111: 'certificate_unobtainable', 112: 'unrecognized_name',
  113: 'bad_certificate_status_response', 114: 'bad_certificate_hash_value', 115: 'unknown_psk_identity', 116: 'certificate_required',
  120: 'no_application_protocol',
}

/** Reasons of OpenSSL's own, by a part of its error code that has not changed from 3.0 to 3.5. */
const refusals: readonly (readonly [code: string, meaning: string])[] = [
  ['WRONG_VERSION_NUMBER', 'what the peer sent is not TLS'],
  ['PACKET_LENGTH_TOO_LONG', 'what the peer sent is not TLS'],
  ['DATA_LENGTH_TOO_LONG', 'what the peer sent is not TLS'],
  ['BAD_RECORD_TYPE', 'what the peer sent is not TLS'],
  ['HTTP_REQUEST', 'what the peer sent is not TLS'],
  ['UNSUPPORTED_PROTOCOL', 'the peer speaks only TLS versions that cannot be offered from here'],
  ['UNKNOWN_PROTOCOL', 'the peer speaks only TLS versions that cannot be offered from here'],
  ['BAD_PROTOCOL_VERSION', 'the peer speaks only TLS versions that cannot be offered from here'],
  ['LEGACY_RENEGOTIATION', 'the peer knows only insecure renegotiation (RFC 5746)'],
  ['DH_KEY_TOO_SMALL', 'the peer’s Diffie-Hellman group is too small'],
  ['TLS_DH_PARAM_SIZE', 'the peer’s Diffie-Hellman group is too small'],
  ['BAD_SIGNATURE', 'the peer’s key does not fit its certificate'],
  ['BAD_DH', 'the peer’s key exchange is invalid'],
  ['BAD_ECPOINT', 'the peer’s key exchange is invalid'],
  ['BAD_KEY_SHARE', 'the peer’s key exchange is invalid'],
  ['WRONG_CURVE', 'the peer chose a group that was not offered'],
  ['WRONG_CIPHER', 'the peer chose a cipher that was not offered'],
  ['UNKNOWN_CIPHER', 'the peer chose a cipher that was not offered'],
  ['WRONG_SIGNATURE_TYPE', 'the peer chose a signature algorithm that was not offered'],
  ['UNKNOWN_CERTIFICATE_TYPE', 'the peer’s certificate has a key of an unknown kind'],
  ['ASN1', 'the peer’s certificate cannot be read'],
  ['CERT_LENGTH', 'the peer’s certificates cannot be read'],
  ['EXCESSIVE_MESSAGE_SIZE', 'a handshake message is too long'],
  ['BAD_RECORD_MAC', 'a record does not decrypt'],
  ['LENGTH_MISMATCH', 'a handshake message has a wrong length'],
  ['BAD_LENGTH', 'a handshake message has a wrong length'],
  ['BAD_PACKET', 'a handshake message cannot be read'],
  ['BAD_EXTENSION', 'a handshake message has an invalid extension'],
  ['UNSOLICITED_EXTENSION', 'the peer answered an extension that was not sent'],
  ['UNEXPECTED_MESSAGE', 'a handshake message came out of turn'],
  ['UNEXPECTED_CCS', 'a handshake message came out of turn'],
]

/**
 * Reasons of the libraries below TLS, whose codes alone could mean anything ("too long", "decode error"): by the part of the
 * message that names the library or its function.
 */
const below: readonly (readonly [part: string, meaning: string])[] = [
  [':asn1 encoding routines:', 'the peer’s certificate cannot be read'],
  [':X509_PUBKEY_', 'the peer’s certificate has a key of an unknown kind'],
]

/** `error` is what node:tls threw or emitted, during the handshake or after it. */
export function tlsFailure(error: { readonly code?: string | undefined; readonly message?: string }): Failure {
  const code = error.code ?? ''
  const failed = (detail: string): Failure => ({ event: 'handshake', reason: 'connection-lost', detail })
  const number = /SSL alert number (\d{1,3})/.exec(error.message ?? '')?.[1]
  if (number !== undefined) return failed(describeAlert(Number(number)))
  if (code.includes('UNEXPECTED_EOF')) return streamFailure()
  const known = below.find(([part]) => error.message?.includes(part)) ?? refusals.find(([part]) => code.includes(part))
  if (known) return failed(known[1])
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.startsWith('ERR_OSSL')) return failed('the TLS handshake failed')
  return streamFailure(error)
}

/** `TLS alert 40, handshake_failure`. */
export function describeAlert(number: number): string {
  const name = alerts[number]
  return name === undefined ? `TLS alert ${number}` : `TLS alert ${number}, ${name}`
}

import { describe, expect, test } from 'vitest'
import { tlsFailure } from '../../src/network/tls-failure.ts'

/** What Node 20 (OpenSSL 3.0) and Node 24 (OpenSSL 3.5) say of one and the same event. */
const sayings: Record<string, readonly [detail: string, ...errors: { code?: string; message: string }[]]> = {
  'an alert': ['TLS alert 40, handshake_failure',
    { code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', message: '805CCE2F2E7F0000:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 40\n' },
    { code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', message: '408D4BA17F7F0000:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 40\n' }],
  'no TLS': ['what the peer sent is not TLS',
    { code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: '805CCE2F2E7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:\n' },
    { code: 'ERR_SSL_PACKET_LENGTH_TOO_LONG', message: '' },
    { code: 'ERR_SSL_DATA_LENGTH_TOO_LONG', message: '407DE9757A7F0000:error:0A000092:SSL routines:tls_validate_record_header:data length too long:tlsany_meth.c:121:\n' },
    { code: 'ERR_SSL_BAD_RECORD_TYPE', message: '407DE9757A7F0000:error:0A0001BB:SSL routines:tls13_validate_record_header:bad record type:tls13_meth.c:263:\n' }],
  'SSLv3 alone': ['the peer speaks only TLS versions that cannot be offered from here',
    { code: 'ERR_SSL_UNSUPPORTED_PROTOCOL', message: '80DC61B9AE7F0000:error:0A000102:SSL routines:ssl_choose_client_version:unsupported protocol:statem_lib.c:1952:\n' }],
  'a certificate that is none': ['the peer’s certificate cannot be read',
    { code: 'ERR_SSL_TOO_LONG', message: '80CC6529AD7F0000:error:0680009B:asn1 encoding routines:ASN1_get_object:too long:asn1_lib.c:95:\n' }],
  'a key of a kind that nobody knows': ['the peer’s certificate has a key of an unknown kind',
    { code: 'ERR_SSL_DECODE_ERROR', message: '80CC6529AD7F0000:error:03000072:digital envelope routines:X509_PUBKEY_get0:decode error:x_pubkey.c:461:\n' }],
  'anything else of OpenSSL': ['the TLS handshake failed', { code: 'ERR_SSL_SSL3_SESSION_ID_TOO_LONG', message: 'x' }, { code: 'ERR_SSL_OF_THE_FUTURE', message: 'y' }],
}

describe('a failed handshake is told in the same words on every Node version:', () => {
  test.each(Object.entries(sayings))('%s', (_name, [detail, ...errors]) => {
    for (const error of errors) expect(tlsFailure(error)).toEqual({ event: 'handshake', reason: 'connection-lost', detail })
  })

  test('the end of the connection is none', () => {
    for (const error of [{ code: 'ECONNRESET', message: 'read ECONNRESET' }, { code: 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING', message: '' }, { message: 'odd' }]) {
      expect(tlsFailure(error)).toMatchObject({ event: 'closed', reason: 'connection-lost' })
    }
  })
})

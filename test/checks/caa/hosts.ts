/** Worlds of one MX host with a certificate of a public authority, for the tables of CAA. */
import type { Row } from '../../check-table.ts'
import { smtp, smtpInClear } from '../transcripts.ts'

export const host = 'mx1.example.com'
const mx = 'mx1.example.com[192.0.2.1]:25'
const mail = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'

/** The host with a certificate of Let's Encrypt, and these records. */
export function permits(zone: string, expected: string, tls = 'trusted anchor="Let\'s Encrypt" cert=a', names: readonly string[] = [host]): Row {
  return {
    zone: `${mail}\n${zone}`, certificates: { a: { names } }, expect: { [host]: expected },
    sessions: { [mx]: smtp.replace('* tls', `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 ${tls}`) },
  }
}

/** The host, and port 25 cannot be reached. */
export function unreached(zone: string, expected: string): Row {
  return { zone: `${mail}\n${zone}`, sessions: { [mx]: '* timeout' }, expect: { [host]: expected } }
}

export const withoutCertificates: Record<string, Row> = {
  'no certificate': { zone: mail, sessions: { [mx]: smtpInClear() }, expect: { 'example.com': 'skip' } },
  'nobody there': { zone: mail, expect: { 'example.com': 'skip' } },
  'an address that is not answered': { zone: mail.replace('A 192.0.2.1', 'A (timeout)'), expect: { 'example.com': 'unknown:dns-timeout' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
}

/** What the handshake of an MX address may be like, and what the two checks of it say; for both tables. */
import type { Row } from '../../check-table.ts'
import { smtp, smtpInClear, smtpUpgrading } from '../transcripts.ts'
import { announced, mx, policy, serves } from './policies.ts'

const names = ['mx1.example.com']
const tls = (rest: string, version = 'TLSv1.3'): string => smtpUpgrading('220 go', `* tls ${version} TLS_AES_128_GCM_SHA256 X25519 ${rest}\n* closed`)

export function handshakes(mode: string, others: Row['expect'] = {}): Record<string, Row> {
  const row = (session: string, code: string, certificate?: NonNullable<Row['certificates']>[string]): Row =>
    serves(policy(mode), { ...others, [mx]: code }, { sessions: { [mx]: session }, ...(certificate ? { certificates: { a: certificate } } : {}) })
  return {
    'all in order': row(smtp, 'pass'),
    'TLS 1.2': row(tls('trusted', 'TLSv1.2'), 'pass'),
    'a wildcard': row(tls('trusted cert=a'), 'pass', { names: ['*.example.com'] }),
    'TLS 1.1': row(tls('trusted', 'TLSv1.1'), 'old-version'),
    'no STARTTLS': row(smtpInClear('SIZE 1000'), 'no-starttls'),
    'STARTTLS refused': row(smtpUpgrading('502 no'), 'starttls-refused'),
    'STARTTLS refused for now': row(smtpUpgrading('454 later'), 'unknown:rate-limited'),
    'an alert': row(smtpUpgrading('220 go', '* handshake "TLS alert 40"'), 'handshake'),
    'closed in the handshake': row(smtpUpgrading('220 go', '* closed'), 'unknown:connection-lost'),
    'a root of their own': row(tls('unknown-issuer'), 'failed'),
    'self-signed': row(tls('self-signed'), 'failed'),
    'no certificate': row(tls('no-certificate'), 'no-certificate'),
    'the name of the mail domain': row(tls('trusted cert=a'), 'other-name', { names: ['example.com'] }),
    'a common name alone': row(tls('trusted cert=a'), 'nameless', { names: [], commonName: 'mx1.example.com' }),
    'expired': row(tls('trusted cert=a'), 'expired', { names, notBefore: '2026-08-01T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' }),
    'to come': row(tls('trusted cert=a'), 'not-yet-valid', { names, notBefore: '2026-11-23T00:00:00Z' }),
    'nobody there': { ...row('', 'skip'), sessions: {} },
    'silent': row('* timeout', 'unknown:connect-timeout'),
    'an implicit MX that may be none': {
      ...serves(policy(mode, 'mx: example.com'), {
        ...Object.fromEntries(Object.keys(others).map(() => ['example.com', 'pass'])), 'example.com[192.0.2.1]:25': 'unknown',
      }, { sessions: { 'example.com[192.0.2.1]:25': smtpInClear() } }),
      zone: `example.com TXT (servfail)\nexample.com A 192.0.2.1\n${announced.replace('example.com MX 10 mx1.example.com', '')}`,
    },
  }
}

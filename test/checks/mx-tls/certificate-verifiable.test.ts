import check from '../../../src/checks/mx-tls/certificate-verifiable.ts'
import { checkTable, type Row } from '../../check-table.ts'
import type { WorldDefinition } from '../../world.ts'
import { other, publishes } from '../dane/hosts.ts'
import { policy, serves } from '../mta-sts/policies.ts'
import { smtpInClear, smtpUpgrading } from '../transcripts.ts'

const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
const mx = 'mx1.example.com[192.0.2.1]:25'
const row = (handshake: string, expected: string, certificates?: WorldDefinition['certificates']): Row =>
  ({ zone, sessions: { [mx]: smtpUpgrading('220 go', handshake) }, expect: { [mx]: expected }, ...(certificates ? { certificates } : {}) })
const tls = (rest: string): string => `* tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 ${rest}\nC: EHLO *\nS: 250 mx1.example.com`
const names = ['mx1.example.com']
const selfSigned = { [mx]: smtpUpgrading('220 go', tls('self-signed')) }

checkTable(check, {
  'a good certificate': row(tls('trusted'), 'pass'),
  'with an intermediate': row(tls('trusted cert=a'), 'pass', { a: { names, intermediate: true } }),
  'a wildcard': row(tls('trusted cert=a'), 'pass', { a: { names: ['*.example.com'] } }),
  'RSA of 2048 bits': row(tls('trusted cert=a'), 'pass', { a: { names, key: 'rsa2048' } }),
  'Ed25519': row(tls('trusted cert=a'), 'pass', { a: { names, key: 'ed25519' } }),
  'a root of their own': row(tls('unknown-issuer'), 'failed'),
  'self-signed': row(tls('self-signed'), 'self-signed'),
  'a signature that does not hold': row(tls('bad-signature'), 'broken-chain'),
  'the name of the mail domain': row(tls('trusted cert=a'), 'other-name', { a: { names: ['example.com'] } }),
  'a common name alone': row(tls('trusted cert=a'), 'nameless', { a: { names: [], commonName: 'mx1.example.com' } }),
  'expired': row(tls('trusted cert=a'), 'expired', { a: { names, notBefore: '2026-08-01T00:00:00Z', notAfter: '2026-11-21T00:00:00Z' } }),
  'to come': row(tls('trusted cert=a'), 'not-yet-valid', { a: { names, notBefore: '2026-11-23T00:00:00Z' } }),
  'RSA of 1024 bits': row(tls('trusted cert=a'), 'weak-key', { a: { names, key: 'rsa1024' } }),
  'SHA-1': row(tls('trusted cert=a'), 'weak-signature', { a: { names, hash: 'sha1', intermediate: true } }),
  'no certificate that can be read': row(tls('malformed'), 'unreadable'),
  'no certificate': row(tls('no-certificate'), 'skip'),
  'no STARTTLS': { zone, sessions: { [mx]: smtpInClear() }, expect: { [mx]: 'skip' } },
  'the handshake fails': row('* handshake', 'skip'),
  'closed in the handshake': row('* closed', 'unknown:connection-lost'),
  'not for now': { zone, sessions: { [mx]: smtpUpgrading('454 later') }, expect: { [mx]: 'unknown:rate-limited' } },
  'refused': { zone, sessions: { [mx]: smtpUpgrading('501 no') }, expect: { [mx]: 'skip' } },
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'a policy that is enforced says so itself': { ...serves(policy('enforce'), { [mx]: 'skip' }), sessions: selfSigned },
  'a policy in testing says so itself': { ...serves(policy('testing'), { [mx]: 'skip' }), sessions: selfSigned },
  'a policy that is withdrawn does not': { ...serves(policy('none'), { [mx]: 'self-signed' }), sessions: selfSigned },
  'a policy that is not served does not': { ...serves('HTTP/1.1 404 Not Found\n\n', { [mx]: 'self-signed' }), sessions: selfSigned },
  'TLSA records of its own certificate say so': { ...publishes([`3 1 1 ${other}`], { [mx]: 'skip' }), sessions: selfSigned },
  'TLSA records that are not signed do not': { ...publishes([`3 1 1 ${other}`], { [mx]: 'self-signed' }, { zone }), sessions: selfSigned },
  'TLSA records of an issuer do not': { ...publishes([`2 1 1 ${other}`], { [mx]: 'self-signed' }), sessions: selfSigned },
  'TLSA records that cannot be used do not': { ...publishes([`1 1 1 ${other}`], { [mx]: 'self-signed' }), sessions: selfSigned },
  'TLSA records that are not answered may': {
    ...publishes([], { [mx]: 'unknown:dns-timeout' }, { zone: `; secure example.com\n${zone}\n_25._tcp.mx1.example.com TLSA (timeout)` }), sessions: selfSigned,
  },
  'a policy that is not answered may': { ...serves('(timeout)', { [mx]: 'unknown:connect-timeout' }), sessions: selfSigned },
  'a good certificate is good whatever binds it': { ...serves('(timeout)', { [mx]: 'pass' }), sessions: { [mx]: smtpUpgrading('220 go', tls('trusted')) } },
  'a policy that is not answered, and a second certificate that it may forbid': {
    ...serves('(timeout)', { [mx]: 'unknown:connect-timeout' }), sessions: { [mx]: smtpUpgrading('220 go', tls('trusted')) },
    offers: { [mx]: ['other-certificate tls TLSv1.3 TLS_AES_128_GCM_SHA256 X25519 self-signed cert=b'] }, certificates: { b: { names, key: 'rsa2048' } },
    scope: { permissions: new Set(['tlsScan']) },
  },
  'an address lookup that fails': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
})

/** Worlds of one MX address, for the tables that judge its TLS. */
import type { Row } from '../../check-table.ts'
import type { WorldDefinition } from '../../world.ts'
import { smtpInClear, smtpUpgrading } from '../transcripts.ts'

export const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
export const mx = 'mx1.example.com[192.0.2.1]:25'

/** What happens behind the 220 to STARTTLS. */
export const upgrading = (rest: string, expected: string, args?: Record<string, unknown>, certificates?: WorldDefinition['certificates']): Row => ({
  zone, sessions: { [mx]: smtpUpgrading('220 go', rest) }, expect: { [mx]: expected }, ...(args ? { args: { [mx]: args } } : {}),
  ...(certificates ? { certificates } : {}),
})

/** A handshake as `* tls` tells it, and a session that goes on. */
export const shaking = (handshake: string, expected: string, args?: Record<string, unknown>, certificates?: WorldDefinition['certificates']): Row =>
  upgrading(`* tls ${handshake}\nC: EHLO *\nS: 250 mx1.example.com`, expected, args, certificates)

/** What every check of the handshake owes where there is none. */
export const withoutTls: Record<string, Row> = {
  'no STARTTLS': { zone, sessions: { [mx]: smtpInClear() }, expect: { [mx]: 'skip' } },
  'the handshake fails': upgrading('* handshake', 'skip'),
  'closed in the handshake': upgrading('* closed', 'unknown:connection-lost'),
  'silent in the handshake': upgrading('* timeout', 'unknown:tarpit'),
  'not for now': { zone, sessions: { [mx]: smtpUpgrading('454 later') }, expect: { [mx]: 'unknown:rate-limited' } },
  'refused': { zone, sessions: { [mx]: smtpUpgrading('501 no') }, expect: { [mx]: 'skip' } },
  'nobody there': { zone, expect: { [mx]: 'skip' } },
  'silent': { zone, sessions: { [mx]: '* timeout' }, expect: { [mx]: 'unknown:connect-timeout' } },
  'a null MX': { zone: 'example.com MX 0 .', expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', expect: { 'example.com': 'unknown:dns-servfail' } },
  'an address lookup that fails': { zone: 'example.com MX 10 mx1.example.com\nmx1.example.com A (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
}

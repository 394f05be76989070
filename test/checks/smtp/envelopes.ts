/** Dialogues in which a server is shown envelopes; `usualNow` decides what nobody is called. */
import { usualNow } from '../../world.ts'
import type { Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

export const zone = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
export const mx = 'mx1.example.com[192.0.2.1]:25'
export const nobody = `no-such-user-${new Date(usualNow).getTime().toString(36)}@example.com`
export const here = 'mailcheck@probe.example.net'
export const there = 'mailcheck@example.org'

const denied = '554 5.7.1 <x>: Relay access denied'
const ok = '250 2.1.0 Ok'

/** One envelope and what is said to it: to MAIL and, if that is granted, to RCPT. */
export const envelope = (sender: string, recipient: string, rcpt = ok, mail = ok): string => `
  C: MAIL FROM:<${sender}>
  S: ${mail}${mail.startsWith('2') ? `
  C: RCPT TO:<${recipient}>
  S: ${rcpt}
  C: RSET
  S: 250 Ok` : ''}`

export interface Said {
  readonly before?: string
  readonly postmaster?: string
  readonly abuse?: string
  readonly nobody?: string
  readonly relay?: string
  readonly verify?: string
}

/** A server in order, but for what is said otherwise. */
export const dialogue = (said: Said = {}): string => [
  said.before ?? smtp,
  said.postmaster ?? envelope('', 'postmaster@example.com'),
  said.abuse ?? envelope('', 'abuse@example.com'),
  said.nobody ?? envelope('', nobody, '550 5.1.1 User unknown'),
  said.relay ?? envelope(here, there, denied),
  said.verify ?? `
  C: VRFY postmaster@example.com
  S: 252 2.0.0 Send some mail
  C: EXPN postmaster
  S: 502 5.5.1 Not implemented`,
].join('')

export const permitted: Row['scope'] = { permissions: new Set(['own']) }

export const row = (session: string, expected: string, args?: Record<string, unknown>): Row => ({
  zone, sessions: { [mx]: session }, scope: permitted, expect: { [mx]: expected }, ...(args ? { args: { [mx]: { host: 'mx1.example.com', ...args } } } : {}),
})

/** What every check of envelopes says where there are none. */
export const aside: Readonly<Record<string, Row>> = {
  'not permitted': { zone, sessions: { [mx]: smtp }, expect: { 'example.com': 'skip:needs-flag' } },
  'nobody there': { zone, scope: permitted, expect: { [mx]: 'skip' } },
  'turned away': row('S: 554 go away', 'unknown:client-rejected'),
  'closed after EHLO': row(smtp, 'unknown:connection-lost'),
  'a null MX': { zone: 'example.com MX 0 .', scope: permitted, expect: { 'example.com': 'skip' } },
  'a resolver that fails': { zone: 'example.com MX (servfail)', scope: permitted, expect: { 'example.com': 'unknown:dns-servfail' } },
}


/** Worlds of a domain with one MX host and an MTA-STS policy, for the tables that judge it. */
import type { Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

export const policyUrl = 'https://mta-sts.example.com/.well-known/mta-sts.txt'
export const mx = 'mx1.example.com[192.0.2.1]:25'
export const mail = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
export const announced = `${mail}\n_mta-sts.example.com TXT "v=STSv1; id=1;"\nmta-sts.example.com A 192.0.2.80`

/** `mode: enforce` and what a policy needs beside it; `lines` take the place of the mx line. */
export function policy(mode: string, lines = 'mx: mx1.example.com', maxAge: number | string = 1_209_600): string {
  return `version: STSv1\nmode: ${mode}\n${lines}\nmax_age: ${maxAge}\n`
}

/** The domain, the page that its policy host serves, and what is expected. */
export function serves(page: string, expected: Row['expect'] | string, more: Partial<Row> = {}): Row {
  const expect = typeof expected === 'string' ? { 'example.com': expected } : expected
  return { zone: announced, pages: { [policyUrl]: page }, sessions: { [mx]: smtp }, expect, ...more }
}

/** Why there is no policy to judge: what every check of it owes for each. */
export function withoutPolicy(expected: (verdict: string) => Row['expect'] = verdict => ({ 'example.com': verdict })): Record<string, Row> {
  const page = (text: string, verdict: string): Row => serves(text, expected(verdict))
  return {
    'no record': { zone: mail, sessions: { [mx]: smtp }, expect: expected('skip') },
    'two records': { zone: `${announced}\n_mta-sts.example.com TXT "v=STSv1; id=2;"`, sessions: { [mx]: smtp }, pages: { [policyUrl]: policy('enforce') }, expect: expected('skip') },
    'a record that senders cannot read': { zone: announced.replace('id=1', 'id=1-2'), sessions: { [mx]: smtp }, pages: { [policyUrl]: policy('enforce') }, expect: expected('skip') },
    'no policy there': page('HTTP/1.1 404 Not Found\n\n', 'skip'),
    'a policy that senders cannot read': page(policy('enforcing'), 'skip'),
    'a policy host with a certificate that nobody trusts': page(`* tls unknown-issuer\n${policy('enforce')}`, 'skip'),
    'a policy host that does not answer': page('(timeout)', 'unknown:connect-timeout'),
    'a record that is not answered': { zone: `${announced}\n_mta-sts.example.com TXT (servfail)`, sessions: { [mx]: smtp }, expect: { 'example.com': 'unknown:dns-servfail' } },
  }
}

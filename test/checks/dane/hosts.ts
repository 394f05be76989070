/** Worlds of a signed domain with one MX host and what it says of its certificate, for the tables of DANE. */
import type { Row } from '../../check-table.ts'
import { smtp } from '../transcripts.ts'

export const host = 'mx1.example.com'
export const mx = 'mx1.example.com[192.0.2.1]:25'
export const unsigned = 'example.com MX 10 mx1.example.com\nmx1.example.com A 192.0.2.1'
export const signed = `; secure example.com\n${unsigned}`
/** Matches nothing. */
export const other = 'ab'.repeat(32)
export const shown = smtp.replace('* tls', '* tls cert=a')
export const certificates: NonNullable<Row['certificates']> = { a: { names: [host], intermediate: true } }

/** The records of the host, as `3 1 1 {a}`, and what is expected. */
export function publishes(records: readonly string[], expected: Row['expect'] | string, more: Partial<Row> = {}): Row {
  const { zone = signed, ...rest } = more
  return {
    zone: [zone, ...records.map(record => `_25._tcp.${host} TLSA ${record}`)].join('\n'),
    sessions: { [mx]: shown }, certificates,
    expect: typeof expected === 'string' ? { [host]: expected } : expected, ...rest,
  }
}

/** Why there are no records to judge: what every check of them owes for each. */
export function withoutTlsa(expected: (verdict: string) => Row['expect'] = verdict => ({ [host]: verdict })): Record<string, Row> {
  return {
    'no record': publishes([], expected('skip')),
    'a zone that is not signed': publishes(['3 1 1 {a}'], expected('skip'), { zone: unsigned }),
    'records in a zone that is not signed': publishes(['3 1 1 {a}'], expected('skip'), { zone: `${signed}\n; insecure _tcp.${host}` }),
    'a resolver whose word does not count': publishes(['3 1 1 {a}'], expected('unknown:ad-untrusted'), { zone: `; ad-untrusted\n${unsigned}` }),
    'records that are not answered': publishes([], expected('unknown:dns-servfail'), { zone: `${signed}\n_25._tcp.${host} TLSA (servfail)` }),
    'a null MX': { zone: '; secure example.com\nexample.com MX 0 .', expect: { 'example.com': 'skip' } },
    'MX records that are not answered': { zone: 'example.com MX (timeout)', expect: { 'example.com': 'unknown:dns-timeout' } },
  }
}

/**
 * What earlier runs saw: each record of the domain as it was, from when to when. Kept by `mailcheck serve` in its state
 * directory; a run by itself remembers nothing. What this run sees is not part of it: a check holds that against it.
 */
import type { ProbeContext } from './index.ts'

export interface HistoryFacts {
  /** When this domain was first looked at (RFC 3339); null: nobody remembers anything. */
  readonly since: string | null
  /**
   * Oldest first. The records are called `mx`, `spf`, `dmarc`, `mta-sts` (the TXT record), `mta-sts-policy` (its text),
   * `tls-rpt`, `bimi`, `dkim s1` (a selector), `tlsa _25._tcp.mx1.example.com`, `certificate mx1.example.com[192.0.2.1]:25`
   * `spf-lookups example.net` (what an include or a redirect costs in lookups), and `dkim-use s1` (when a message that was seen
   * was signed with that selector, RFC 3339; only of signatures that held).
   */
  readonly records: Readonly<Record<string, readonly Observation[]>>
}

/** One value of a record, and when it was seen. The same value seen again after another is another observation. */
export interface Observation {
  /**
   * As published: RRs in the form of a zone file, sorted, one a line; of SPF the text, its strings joined; a policy's text; of a
   * certificate what `ObservedCertificate` has, as JSON; a number of lookups. Null: there was none. What is longer than 4,000
   * characters is cut off there.
   */
  readonly value: string | null
  /** RFC 3339. */
  readonly firstSeen: string
  readonly lastSeen: string
}

/** The leaf that an endpoint served. */
export interface ObservedCertificate {
  /** SHA-256 of the certificate, and of its key: hexadecimal. */
  readonly sha256: string
  readonly spkiSha256: string
  /** RFC 3339. */
  readonly notBefore: string
  readonly notAfter: string
}

export const noHistory: HistoryFacts = { since: null, records: {} }

export function probeHistory({ history }: ProbeContext): Promise<HistoryFacts> {
  return Promise.resolve(history ?? noHistory)
}

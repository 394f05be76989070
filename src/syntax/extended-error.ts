/** Extended DNS errors (RFC 8914): why a resolver answers SERVFAIL, as a number with a name. */

/** RFC 8914 §4, and IANA's registry after it. */
const names = [
  'Other', 'Unsupported DNSKEY Algorithm', 'Unsupported DS Digest Type', 'Stale Answer', 'Forged Answer', 'DNSSEC Indeterminate',
  'DNSSEC Bogus', 'Signature Expired', 'Signature Not Yet Valid', 'DNSKEY Missing', 'RRSIGs Missing', 'No Zone Key Bit Set',
  'NSEC Missing', 'Cached Error', 'Not Ready', 'Blocked', 'Censored', 'Filtered', 'Prohibited', 'Stale NXDOMAIN Answer',
  'Not Authoritative', 'Not Supported', 'No Reachable Authority', 'Network Error', 'Invalid Data',
  'Signature Expired before Valid', 'Too Early', 'Unsupported NSEC3 Iterations Value', 'Unable to conform to policy', 'Synthesized',
]

/** `6 DNSSEC Bogus`. The text that comes with it is the resolver's own, and differs from run to run. */
export function extendedErrorName(code: number): string {
  return `${code} ${names[code] ?? 'unknown'}`
}

/** Does it say that validation failed, rather than that something could not be had (RFC 8914 §4.2, §4.3, §4.6 to §4.13)? */
export function meansBogus(code: number): boolean {
  return code === 1 || code === 2 || (code >= 5 && code <= 12)
}

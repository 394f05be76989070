/**
 * Challenges of a login, as the protocols carry them: "334 TEXT" (RFC 4954 §4), "+ TEXT" (RFC 9051 §7.5, RFC 5034 §4), in
 * base64. One that answers a secret may be made of it: the signature of a SCRAM server, beside its salt, is all that
 * guessing the password takes.
 */

/** What is shown of such a line; all others are as they are. */
export function shownChallenge(line: string): string {
  return line.replace(/^(334|\+) +\S.*$/s, '$1 ***')
}

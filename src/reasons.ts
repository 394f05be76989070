/**
 * Why something could not be tested: the closed vocabulary of `unknown`, each with the words a reader sees.
 * A reason says nothing about the domain; it says what stood between us and the answer.
 */
export const reasons = {
  'dns-timeout': 'no resolver answered in time',
  'dns-servfail': 'the resolver answered SERVFAIL',
  'dns-malformed': 'the DNS answer cannot be parsed or does not belong to the question',
  'resolver-refused': 'the resolver refuses to answer',
  'ad-untrusted': 'no resolver whose validation can be trusted (use one on loopback or over TLS)',
  'split-view': 'the resolver’s answer differs from the authoritative one',
  'local-egress-blocked': 'this network lets no connection out to this port',
  'no-ipv4-here': 'there is no IPv4 here',
  'no-ipv6-here': 'there is no IPv6 here',
  'intercepted-here': 'connections from here are intercepted',
  'clock-wrong-here': 'the clock here is wrong',
  'connect-timeout': 'the connection timed out, and it cannot be told whether that is the server’s doing or this network’s',
  'connection-lost': 'the connection was lost midway',
  'rate-limited': 'the server asks to come back later',
  'greylisted': 'the server defers unknown senders',
  'client-rejected': 'the server rejects connections from here',
  'tarpit': 'the server did not finish its reply within the limits',
  'client-cannot-offer': 'the TLS library here cannot offer this',
  'not-disclosed': 'the server may show this only after login',
  'selector-unknown': 'no DKIM selector is known',
  'endpoint-unknown': 'no such service is declared or found',
  'list-unhealthy': 'the block list does not answer its own test points',
  'registry-silent': 'the registry or other third party does not tell',
  'history-too-short': 'too few observations so far',
  'deadline-spent': 'the time for this run is used up',
  'not-recorded': 'the recording lacks this exchange',
  'planned': 'it exists only in the planned records',
} as const

export type Reason = keyof typeof reasons

/** Why a claim about what name servers hold is skipped where planned records lie over it: they hold something else as yet. */
export const overlaidByPlan = 'a planned change is overlaid'

/** What a reason for not knowing says of the monitor, so that one cause becomes one alert. */
import type { Reason } from '../reasons.ts'

/**
 * `here`: this place cannot reach the servers; one alert for all domains.
 * `resolver`: no answers from the DNS; one alert when most domains have it, otherwise it is the domain's.
 * `passing`: usual for a while; an alert when it lasts.
 * `lasting`: how this place or this configuration is; shown, never an alert.
 */
export type ReasonKind = 'here' | 'resolver' | 'passing' | 'lasting'

const kinds: Readonly<Record<Reason, ReasonKind>> = {
  'local-egress-blocked': 'here', 'intercepted-here': 'here',
  'dns-timeout': 'resolver', 'dns-servfail': 'resolver', 'resolver-refused': 'resolver',
  'connect-timeout': 'passing', 'connection-lost': 'passing', 'rate-limited': 'passing', 'greylisted': 'passing', 'client-rejected': 'passing',
  'tarpit': 'passing', 'dns-malformed': 'passing', 'deadline-spent': 'passing', 'list-unhealthy': 'passing',
  'clock-wrong-here': 'passing',
  'no-ipv4-here': 'lasting', 'no-ipv6-here': 'lasting', 'ad-untrusted': 'lasting', 'split-view': 'lasting', 'client-cannot-offer': 'lasting',
  'not-disclosed': 'lasting', 'selector-unknown': 'lasting', 'endpoint-unknown': 'lasting', 'registry-silent': 'lasting',
  'history-too-short': 'lasting', 'not-recorded': 'lasting', 'planned': 'lasting',
}

/** A regular expression for the label `reason`. */
export function reasonsOf(...wanted: readonly ReasonKind[]): string {
  return Object.entries(kinds).filter(([, kind]) => wanted.includes(kind)).map(([reason]) => reason).join('|')
}

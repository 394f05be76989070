/**
 * Why a server said no, as one word of a short list: from the enhanced status code (RFC 3463, the registry of RFC 5248) and
 * from what is customarily written beside it, because many servers have one code for everything.
 */
export const reasons = [
  'greylisting', 'blocklist', 'relay', 'unknown-user', 'mailbox-full', 'rate-limit', 'authentication', 'spam', 'sender', 'size', 'tls', 'dns',
  'connection', 'loop', 'syntax', 'expired', 'server', 'policy', 'other',
] as const

export type Reason = (typeof reasons)[number]

/** What text says, before what codes say: a greylisted client and a listed one get 4.7.1 and 5.7.1 like everybody else. */
const words: readonly (readonly [Reason, RegExp])[] = [
  ['greylisting', /gr[ea]y-?list/i],
  ['blocklist', /blocked using|block(?:ed)? ?list|blacklist|denylist|spamhaus|spamcop|barracudacentral|\bsorbs\b|\brbl\b|dnsbl|(?<!\bnot |n't |\bun)listed (?:by|in|at|on)\b/i],
  ['relay', /relay(?:ing)? (?:access )?(?:denied|not (?:permitted|allowed))|unable to relay|not (?:permitted|allowed) to relay/i],
  ['authentication', /\b(?:dmarc|dkim|spf)\b|unauthenticated (?:e?mail|sender)/i],
  ['unknown-user', /user unknown|unknown user|unknown recipient|no such (?:user|recipient|mailbox|person)|does not exist|unrouteable address|recipient (?:not found|unknown)|mailbox unavailable|invalid recipient/i],
  ['mailbox-full', /quota|mailbox (?:is )?full|over ?limit|insufficient storage/i],
  ['rate-limit', /rate ?limit|too many (?:messages|connections|recipients|errors)|too much mail|throttl|try again later.*(?:rate|volume)/i],
  ['spam', /\bspam\b|\bvirus\b|\bmalware\b|unsolicited|reputation/i],
  ['sender', /sender (?:address rejected|verify|verification)|sender domain|domain of sender/i],
  ['tls', /starttls|\btls\b|certificate/i],
  ['dns', /host or domain name not found|name service error|host not found|cannot find your (?:hostname|reverse hostname)|retry time not reached|lookup failure|all relevant mx records/i],
  ['connection', /connection (?:timed out|refused|reset)|network is unreachable|no route to host|lost connection|timed out while|conversation with|remote host closed/i],
  ['expired', /retry timeout exceeded/i],
  ['loop', /loops back|too many hops|mail forwarding loop|bounce loop/i],
  ['size', /message (?:size|too (?:large|big))|exceeds (?:size|limit|the maximum)/i],
]

/** RFC 3463 §3, by subject and detail. */
const codes: Readonly<Record<string, Reason>> = {
  '1.1': 'unknown-user', '1.2': 'dns', '1.3': 'syntax', '1.6': 'unknown-user', '1.7': 'sender', '1.8': 'sender', '1.10': 'unknown-user', '2.1': 'unknown-user', '2.2': 'mailbox-full',
  '2.3': 'size', '3.1': 'mailbox-full', '3.4': 'size', '4.1': 'connection', '4.2': 'connection', '4.3': 'dns', '4.4': 'dns', '4.6': 'loop', '4.7': 'expired',
  '7.20': 'authentication', '7.21': 'authentication', '7.22': 'authentication', '7.23': 'authentication', '7.24': 'authentication',
  '7.25': 'dns', '7.26': 'authentication', '7.27': 'sender', '7.28': 'rate-limit', '7.10': 'tls',
}

const subjects: Readonly<Record<string, Reason>> = { 3: 'server', 4: 'connection', 5: 'syntax', 6: 'spam', 7: 'policy' }

/** Text is read no further than this: the reason comes first. */
const mostText = 600

export function reasonOf(enhanced: string | null, text: string): Reason {
  const head = text.slice(0, mostText)
  for (const [reason, pattern] of words) if (pattern.test(head)) return reason
  if (enhanced === null) return 'other'
  const [, subject = '', detail = ''] = enhanced.split('.')
  return codes[`${subject}.${detail}`] ?? subjects[subject] ?? 'other'
}

/** `zen.spamhaus.org` in "blocked using zen.spamhaus.org"; null where no list is named. */
export function listOf(text: string): string | null {
  const [, name] = /\b(?:blocked using|listed (?:by|in|at|on)|rejected by|black ?list(?:ed)? (?:at|by|in)) ([a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,8})/i.exec(text.slice(0, mostText)) ?? []
  return name === undefined ? null : name.toLowerCase()
}

/** `5.7.1` at the head of a reply or behind its code. */
export function enhancedOf(text: string): string | null {
  return /^(?:\d{3}[ -])?#?([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null
}

/** Who is being checked (RFC 7208 §2.3, §2.4, §4.1, §4.3): the arguments of check_host(), and what macros make of them. */
import { addressOctets, formatAddress } from '../syntax/address.ts'
import { toALabels } from '../syntax/domain.ts'
import { cutName, type MacroValues, type SpfDomain } from '../syntax/spf-macro.ts'

/** What a receiver knows when MAIL FROM arrives. */
export interface SpfRequest {
  /** Address of the client, IPv4 or IPv6. An IPv4-mapped one counts as IPv4 (§5). */
  readonly ip: string
  /** The address of MAIL FROM, without angle brackets; '' for the null reverse-path, whose sender is postmaster at `helo`. */
  readonly sender: string
  /** What the client gave in HELO or EHLO. */
  readonly helo: string
  /** The <domain> to begin with; that of the sender unless given. */
  readonly domain?: string
  /** The host that checks, for %{r}. */
  readonly receiver?: string
  /** For %{t}. */
  readonly now?: Date
}

export interface SpfIdentity {
  /** 4 or 16 octets. */
  readonly client: Uint8Array
  /** The same as text. */
  readonly ip: string
  /** The <domain> to begin with. */
  readonly domain: string
  readonly localPart: string
  readonly senderDomain: string
  readonly helo: string
  readonly receiver: string
  readonly now: Date | undefined
}

/** Throws a `RangeError` when `ip` is no address. */
export function identify({ ip, sender, helo, domain, receiver = 'unknown', now }: SpfRequest): SpfIdentity {
  const client = clientOctets(ip)
  const at = sender.lastIndexOf('@')
  const senderDomain = aLabels(sender === '' ? helo : sender.slice(at + 1))
  return {
    client, ip: formatAddress(client),
    domain: domain === undefined ? senderDomain : aLabels(domain),
    localPart: octets(sender.slice(0, Math.max(at, 0))) || 'postmaster', // §4.3
    senderDomain, helo: octets(helo), receiver: octets(receiver), now,
  }
}

/** RFC 8616 §4: terms with %{s} or %{l} match nothing. */
export function hasForeignLocalPart({ localPart }: SpfIdentity): boolean {
  return !isAscii(localPart)
}

/** §7.2: what the letters stand for, but d and p, which change on the way. */
export function macroValues({ client, ip, localPart, senderDomain, helo, receiver, now }: SpfIdentity): MacroValues {
  return {
    s: `${localPart}@${senderDomain}`, l: localPart, o: senderDomain, h: helo, r: receiver, c: ip,
    i: client.length === 4 ? ip : nibbles(client).join('.'),
    v: client.length === 4 ? 'in-addr' : 'ip6',
    ...(now ? { t: String(Math.floor(now.getTime() / 1000)) } : {}),
  }
}

/** §4.3: a <domain> whose record may be asked for; null when it is no name of several labels. */
export function publishingDomain(text: string): SpfDomain | null {
  if (text.length - Number(text.endsWith('.')) > 253 || text.startsWith('[') || !isAscii(text)) return null
  const domain = cutName(text)
  return domain && publishing(domain)
}

/** The same of what a term leads to. */
export function publishing(domain: SpfDomain): SpfDomain | null {
  return domain.text.includes('.') ? domain : null
}

/** §5: "an IPv4-mapped IPv6 IP address MUST still be considered an IPv4 address". */
function clientOctets(ip: string): Uint8Array {
  const client = addressOctets(ip)
  if (!client) throw new RangeError(`${JSON.stringify(ip)} is no IP address`)
  const mapped = client.length === 16 && client[10] === 0xff && client[11] === 0xff && client.subarray(0, 10).every(octet => octet === 0)
  return mapped ? client.slice(12) : client
}

function nibbles(client: Uint8Array): string[] {
  return Array.from(client, octet => octet.toString(16).padStart(2, '0')).join('').split('')
}

/** RFC 8616 §4: "All U-labels MUST be converted to A-labels before being used for an SPF validation." What has none stays as it is. */
function aLabels(domain: string): string {
  return isAscii(domain) ? domain : toALabels(domain) || octets(domain)
}

/** What people and programs hand over is text; inside, everything is octets. */
function octets(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false
  return true
}

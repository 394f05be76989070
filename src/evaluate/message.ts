/**
 * A received message, judged as its receiver does: SPF for the client that handed it over, DKIM, ARC, and DMARC by both standards.
 * Who handed it over is given, or read from what the receiving server wrote on top: the Received and Return-Path fields.
 */
import { isIP } from 'node:net'
import { fieldsNamed, type HeaderField } from '../syntax/message.ts'
import { parseReceived, type Received } from '../syntax/received.ts'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import type { Client, SuppliedMessage } from '../syntax/supplied-message.ts'
import { verifyArc, type ArcVerdict } from './arc-verify.ts'
import type { Asking } from './asking.ts'
import { checkHost, type SpfVerdict } from './check-host.ts'
import { verifyDkim, type SignatureVerdict } from './dkim-verify.ts'
import { evaluateLegacy, type LegacyReading } from './dmarc-legacy.ts'
import { DmarcLookups, evaluateDmarc, type Authentication, type DmarcVerdict } from './dmarc.ts'

/** A stamp on the way, newest first. */
export interface Hop extends Received {
  /** 1-based line of the message. */
  readonly line: number
  /** Seconds since the hop before it; null where either date is missing. */
  readonly delay: number | null
}

export interface MessageVerdict {
  /** The From fields as one text. */
  readonly from: string
  readonly client: Client
  /** The hop at which the message came in: the first from the top with a client that is not of an inner network. */
  readonly entry: Hop | null
  readonly hops: readonly Hop[]
  /** Null when nobody says who the client was. */
  readonly spf: (SpfVerdict & { readonly domain: string; /** MAIL FROM was null, and HELO stood in for it. */ readonly byHelo: boolean }) | null
  readonly dkim: readonly SignatureVerdict[]
  readonly arc: ArcVerdict
  readonly dmarc: DmarcVerdict
  /** Null unless From has one domain. */
  readonly rfc7489: LegacyReading | null
}

/** Hops that are looked at; RFC 5321 §6.3 has servers stop at about a hundred. */
const mostHops = 100

export function hopsOf(fields: readonly HeaderField[]): Hop[] {
  const hops = fieldsNamed(fields, 'Received').slice(0, mostHops).map(field => ({ ...parseReceived(field.value), line: field.line }))
  return hops.map((hop, i) => {
    const before = hops[i + 1]?.at
    return { ...hop, delay: hop.at && before ? (hop.at.getTime() - before.getTime()) / 1000 : null }
  })
}

/** LMTP goes from one program to the next of one system, whatever addresses they have (RFC 2033 §5). */
export function fromOutside({ address, protocol }: Hop): boolean {
  return address !== null && specialPurposeBlock(address) === null && !/^(?:UTF8)?LMTP/.test(protocol ?? '')
}

/** Who handed the message over, and where. */
export function clientOf({ message: { fields }, given }: Pick<SuppliedMessage, 'message' | 'given'>, hops: readonly Hop[]): { client: Client; entry: Hop | null } {
  const entry = hops.find(fromOutside) ?? null
  const path = fieldsNamed(fields, 'Return-Path')[0]?.value
  const returnPath = path === undefined ? null : /<([^<>]*)>/.exec(path)?.[1]?.trim() ?? path.trim()
  return {
    entry,
    client: { ip: given.ip ?? entry?.address ?? null, helo: given.helo ?? entry?.helo ?? null, mailFrom: given.mailFrom ?? returnPath },
  }
}

export function* evaluateMessage(supplied: SuppliedMessage, now: Date): Asking<MessageVerdict> {
  const { fields } = supplied.message
  const hops = hopsOf(fields)
  const { client, entry } = clientOf(supplied, hops)
  const dkim = yield* verifyDkim(fields, supplied.digests, now)
  const arc = yield* verifyArc(fields, supplied.digests)
  const spf = yield* spfOf(client, now)
  const from = fieldsNamed(fields, 'From').map(({ value }) => value.trim()).join(', ')
  const request = {
    from,
    spf: spf ? { domain: spf.domain, result: spf.result } : null,
    dkim: dkim.flatMap(({ domain, result }): Authentication[] => domain === null ? [] : [{ domain, result }]),
  }
  const lookups = new DmarcLookups()
  const dmarc = yield* evaluateDmarc(request, lookups)
  const rfc7489 = yield* evaluateLegacy(request, lookups)
  return { from, client, entry, hops, spf, dkim, arc, dmarc, rfc7489 }
}

/** RFC 7208 §2.4; for the null reverse-path postmaster at the name in HELO stands in. */
function* spfOf({ ip, helo, mailFrom }: Client, now: Date): Asking<MessageVerdict['spf']> {
  if (ip === null || isIP(ip) === 0 || mailFrom === null) return null
  const name = helo ?? ''
  const domain = mailFrom === '' ? name : mailFrom.slice(mailFrom.lastIndexOf('@') + 1)
  const verdict = yield* checkHost({ ip, sender: mailFrom, helo: name, now })
  return { ...verdict, domain: domain.toLowerCase(), byHelo: mailFrom === '' }
}

/** One word for the message: that of the best signature, as receivers summarise it; `none` without any. */
export function dkimResult(signatures: readonly SignatureVerdict[]): string {
  const order = ['pass', 'temperror', 'fail', 'policy', 'permerror', 'neutral']
  return signatures.map(({ result }) => result as string).toSorted((a, b) => order.indexOf(a) - order.indexOf(b))[0] ?? 'none'
}

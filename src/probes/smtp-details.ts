/**
 * What one dialogue on port 25 told, item by item (RFC 5321 §4.1.1.1, §4.2): how long the greeting took and whom it names, what is
 * offered in clear and inside TLS, and in what words a refusal came. Read off the transcript: whether it is good is for checks.
 */
import type { Reason } from '../reasons.ts'
import { greetedAs } from '../syntax/greeting.ts'
import { extensions, parseSmtpReply, smtpRefusal } from '../syntax/smtp.ts'
import type { Reply, SmtpFacts } from './session.ts'

export interface SmtpDetails {
  /** Milliseconds from the accepted connection to the end of the greeting. */
  readonly greetingDelay: number | null
  /** As sent. */
  readonly greetsAs: string | null
  /** Keywords in upper case with their parameters, as offered last: inside TLS where there is TLS. */
  readonly extensions: Readonly<Record<string, readonly string[]>>
  /** Octets that a message may have (RFC 1870); 0 is "no fixed limit", null when it is not said. */
  readonly size: number | null
  /** Keywords that stand in one list alone, where there are two; STARTTLS has no place in the second (RFC 3207 §4.2). */
  readonly change: { readonly gone: readonly string[]; readonly added: readonly string[]; readonly startTlsRepeated: boolean } | null
  /** EHLO was refused, and HELO answered. */
  readonly onlyHelo: boolean
  /** The first reply that refuses. `reason` says why it may not speak of the server: rate limit, refusal of this client; null where it does. */
  readonly refusal: { readonly command: string; readonly code: number | null; readonly reason: Reason | null; readonly line: string } | null
}

export function smtpDetails({ greeting, ehlo, ehloOverTls, helo, startTls, transcript, endpoint }: SmtpFacts): SmtpDetails {
  const offered = extensions(ehloOverTls ?? ehlo ?? [])
  const size = offered.get('SIZE')
  const [limit] = size ?? []
  const refusals = ([['', greeting], ['EHLO', ehlo], ['HELO', helo], ['STARTTLS', startTls], ['EHLO', ehloOverTls]] as const)
    .flatMap(([command, reply]) => (reply ? refusalOf(command, reply, endpoint.address) : []))
  return {
    greetingDelay: greeting ? transcript.filter(({ from }) => from === 'S')[greeting.length - 1]?.at ?? null : null,
    greetsAs: greeting ? greetedAs(greeting) : null,
    extensions: Object.fromEntries(offered),
    size: size === undefined ? null : limit === undefined ? 0 : /^\d{1,20}$/.test(limit) ? Number(limit) : null,
    change: ehlo && ehloOverTls ? changeOf(ehlo, ehloOverTls) : null,
    onlyHelo: helo !== undefined && parseSmtpReply(helo).code === 250,
    refusal: refusals[0] ?? null,
  }
}

function changeOf(ehlo: Reply, ehloOverTls: Reply): SmtpDetails['change'] {
  const [before, after] = [extensions(ehlo), extensions(ehloOverTls)]
  return {
    gone: [...before.keys()].filter(name => name !== 'STARTTLS' && !after.has(name)),
    added: [...after.keys()].filter(name => !before.has(name)),
    startTlsRepeated: after.has('STARTTLS'),
  }
}

function refusalOf(command: string, reply: Reply, server: string): NonNullable<SmtpDetails['refusal']>[] {
  const { code } = parseSmtpReply(reply)
  if (code !== null && code < 400) return []
  const reason = smtpRefusal(reply, { command, server }) ?? (command === '' && code === 554 ? 'client-rejected' : null)
  return [{ command, code, reason, line: reply.find(line => line.startsWith(String(code))) ?? reply[0] ?? '' }]
}

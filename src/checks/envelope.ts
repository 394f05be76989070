/**
 * What a server’s answer to an envelope tells: it takes it, it refuses it, or it says something that may pass or is meant for
 * us alone. A server that took another envelope in the same dialogue has nothing against us.
 */
import type { Envelope, OwnSmtpFacts, Purpose } from '../probes/own-smtp.ts'
import type { MxSession } from '../probes/session-sets.ts'
import type { Reply } from '../probes/session.ts'
import { parseSmtpReply, positiveReply, smtpRefusal } from '../syntax/smtp.ts'
import { unknown, unknownBecause, type Evidence, type Skip, type Unknown } from './define.ts'
import { linesSeen } from './evidence.ts'
import { openingOf, quote, setAside, type Held } from './opening.ts'
import { asksToWait } from '../syntax/refusal.ts'

export type Shown =
  | { readonly state: 'taken' | 'refused'; readonly line: string; readonly evidence: readonly Evidence[] }
  | { readonly state: 'aside'; readonly because: Skip | Unknown }

/** What became of the envelopes with this purpose: taken if one was, refused if it can be told that the server means it. */
export function shown(held: MxSession, own: OwnSmtpFacts, purpose: Purpose): Shown {
  const envelopes = own.envelopes.filter(envelope => envelope.purpose === purpose)
  const taken = envelopes.find(isTaken)
  if (taken) return { state: 'taken', line: quote(own, taken.rcpt ?? []), evidence: evidenceOf(held, taken) }
  const last = envelopes.findLast(({ rcpt }) => rcpt !== undefined) ?? envelopes.at(-1)
  if (!last || (own.failure && !answered(last))) return { state: 'aside', because: notShown(held, own) }
  const because = excuseOf(held, own, last)
  if (because) return { state: 'aside', because }
  return { state: 'refused', line: quote(own, last.rcpt ?? last.mail), evidence: evidenceOf(held, last) }
}

/** Why there is nothing to judge: the first dialogue did not come so far, or this one broke off. */
export function notShown(held: Held, own: OwnSmtpFacts): Skip | Unknown {
  const opened = openingOf(held)
  if (opened.state !== 'open') return setAside(opened, held)
  if (own.failure) return unknownBecause(own.failure)
  const turnedAway = [own.ehloOverTls, own.startTls, own.ehlo, own.greeting].find(reply => reply !== undefined)
  if (!turnedAway) return unknown('connection-lost', 'the second dialogue did not begin')
  const line = quote(own, turnedAway)
  return unknown(smtpRefusal(turnedAway, { server: own.endpoint.address }) ?? 'client-rejected', `the server answers the second dialogue with "${line}"`)
}

export function isTaken({ rcpt }: Envelope): boolean {
  return rcpt !== undefined && positiveReply(parseSmtpReply(rcpt))
}

/** The command and its reply, for both that an envelope has. */
export function evidenceOf(held: { readonly name: string }, { sender, recipient, mail, rcpt }: Envelope): Evidence[] {
  return linesSeen(held, [`MAIL FROM:<${sender}>`, ...mail, ...(rcpt ? [`RCPT TO:<${recipient}>`, ...rcpt] : [])])
}

function answered({ mail, rcpt }: Envelope): boolean {
  return rcpt !== undefined || !positiveReply(parseSmtpReply(mail))
}

/** Null: the refusal speaks of the envelope. */
function excuseOf(held: MxSession, own: OwnSmtpFacts, { mail, rcpt }: Envelope): Unknown | null {
  const reply = rcpt ?? mail
  const reason = smtpRefusal(reply, { command: rcpt ? 'RCPT' : 'MAIL', server: held.endpoint.address })
  const words = `the server answers ${rcpt ? 'RCPT' : 'MAIL'} with "${quote(own, reply)}"`
  if (!rcpt) return unknown(reason ?? 'client-rejected', words) // no sender was good enough: nothing was learnt of the recipient
  if (reason === 'client-rejected' && (speaksOfRecipient(reply) || own.envelopes.some(isTaken)) && !asksToWait(reply.join(' '))) return null
  return reason && unknown(reason, words)
}

/** 5.7.1 and "access denied" are also said of an address that is not served here. */
export function speaksOfRecipient(reply: Reply): boolean {
  return /\brelay|\brecipient address rejected|\b(?:unknown|no such) (?:user|recipient|mailbox|address)|\b(?:user|recipient|mailbox|address) (?:is )?(?:unknown|unavailable|not found|does not exist)/i
    .test(reply.join(' ').slice(0, 2048))
}

/**
 * What becomes of mail that is submitted in a world: signed, stamped by the server that took it and by the one that receives it, and
 * put into a mailbox, or whatever else the definition has in store for it.
 */
import { randomBytes } from 'node:crypto'
import type { Delivery, Fate } from './definition.ts'
import type { Envelope } from './dialogue.ts'
import type { DkimSigner } from './dkim-signer.ts'
import { parseDuration } from './duration.ts'
import type { Mailboxes } from './mailboxes.ts'

export interface Postman {
  /** The reply to a message. */
  readonly take: (envelope: Envelope, octets: string) => readonly string[]
  /** What is said to RCPT for now; null: nothing of the kind. */
  readonly defer: (recipient: string) => string | null
}

export interface PostOffice {
  readonly host: string
  readonly address: string
  readonly delivery: Delivery | undefined
  readonly mail: Mailboxes
  readonly signer: DkimSigner
}

const usual: Fate = { folder: 'INBOX', after: '0s', deferred: 0, deferral: '', lost: false }

export function postman({ host, address, delivery, mail, signer }: PostOffice): Postman {
  const deferrals = new Map<string, number>()
  const fateOf = (recipient: string): Fate => delivery?.fates[recipient] ?? usual
  return {
    defer: recipient => {
      const tries = deferrals.get(recipient) ?? 0
      const { deferred, deferral } = fateOf(recipient)
      if (tries >= deferred) return null
      deferrals.set(recipient, tries + 1)
      return deferral
    },
    take: (envelope, octets) => {
      const id = randomBytes(5).toString('hex').toUpperCase()
      const signed = delivery?.sign ? signer.field(octets, delivery.sign) + octets : octets
      for (const recipient of envelope.recipients.map(one => one.toLowerCase())) {
        const fate = fateOf(recipient)
        if (fate.lost) continue
        mail.later(parseDuration(fate.after), () => {
          if (fate.returned !== undefined) mail.of(envelope.sender.toLowerCase()).add('INBOX', report({ host, envelope, recipient, words: fate.returned, octets }))
          else mail.of(recipient).add(fate.folder, stamped({ host, address, delivery, envelope, recipient, id }) + signed)
        })
      }
      return [`250 2.0.0 Ok: queued as ${id}`]
    },
  }
}

interface Stamping extends Pick<PostOffice, 'host' | 'address' | 'delivery'> {
  readonly envelope: Envelope
  readonly recipient: string
  readonly id: string
}

/** Newest first (RFC 5321 §4.4, RFC 8601 §5). */
function stamped({ host, address, delivery, envelope, recipient, id }: Stamping): string {
  const now = mailDate(new Date())
  const { sender, helo } = envelope
  const receiver = delivery?.receiver ?? host
  const results = delivery?.results?.replaceAll('{from}', sender).replaceAll('{domain}', sender.slice(sender.lastIndexOf('@') + 1))
  const over = '\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))'
  return [
    `Return-Path: <${sender}>`,
    `Delivered-To: ${recipient}`,
    ...results === undefined ? [] : [`Authentication-Results: ${receiver}; ${results}`],
    ...receiver === host ? [] : [`Received: from ${host} (${host} [${address}])`, over, `\tby ${receiver} with ESMTPS id ${id}X`, `\tfor <${recipient}>; ${now}`],
    `Received: from ${helo} (localhost [127.0.0.1])`, over, `\tby ${host} with ESMTPSA id ${id}`, `\tfor <${recipient}>; ${now}`,
    '',
  ].join('\r\n')
}

/** RFC 3464. */
function report({ host, envelope, recipient, words, octets }: { host: string; envelope: Envelope; recipient: string; words: string; octets: string }): string {
  const [code = ''] = words.split(' ')
  return [
    'Return-Path: <>', `From: Mail Delivery System <MAILER-DAEMON@${host}>`, `To: ${envelope.sender}`, 'Subject: Undelivered Mail Returned to Sender',
    `Date: ${mailDate(new Date())}`, 'MIME-Version: 1.0', 'Content-Type: multipart/report; report-type=delivery-status;', '\tboundary="=_report"', '',
    '--=_report', 'Content-Type: text/plain', '', `${recipient}: ${words}`, '',
    '--=_report', 'Content-Type: message/delivery-status', '', `Reporting-MTA: dns; ${host}`, ...envelope.name === null ? [] : [`Original-Envelope-Id: ${envelope.name}`], '',
    `Final-Recipient: rfc822; ${recipient}`, 'Action: failed', `Status: ${code}`, `Diagnostic-Code: smtp; 550 ${words}`, '',
    '--=_report', 'Content-Type: text/rfc822-headers', '', octets.slice(0, octets.indexOf('\r\n\r\n')), '', '--=_report--', '',
  ].join('\r\n')
}

function mailDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

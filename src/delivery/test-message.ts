/** The message of a round trip: small, plainly a test, and like no other, by a random id in its Message-ID, subject and header. */
import { randomBytes } from 'node:crypto'

/** The field by which it is found again. */
export const idField = 'X-Mailcheck-Delivery'

/** 80 random bits: nobody else's message has them, and nobody can guess them. */
export function newId(): string {
  return randomBytes(10).toString('hex')
}

export function isId(text: string): boolean {
  return /^[0-9a-f]{20}$/.test(text)
}

export interface TestMessage {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly sentAt: Date
}

/** RFC 5322 §3.6, lines end in CRLF. Addresses are ASCII, or the server offers SMTPUTF8. */
export function composeTestMessage({ id, from, to, sentAt }: TestMessage): string {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return [
    `From: mailcheck <${from}>`,
    `To: <${to}>`,
    `Subject: mailcheck delivery test ${id}`,
    `Date: ${sentAt.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <mailcheck-${id}@${domain}>`,
    `${idField}: ${id}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    'Content-Transfer-Encoding: 7bit',
    '',
    'This message shows that mail gets through, and how long it takes.',
    'The mailcheck that sent it deletes it as soon as it has come; otherwise it may be deleted.',
    '',
    `Test ${id}`,
    '',
  ].join('\r\n')
}

/** As DATA wants it (RFC 5321 §4.5.2). */
export function dotted(message: string): string {
  return `${message.replace(/^\./gm, '..')}.\r\n`
}

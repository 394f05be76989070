import type { Reply } from '../../probes/session.ts'
import { parseSmtpReply, positiveReply, transientReply } from '../../syntax/smtp.ts'
import { defineCheck, fail, pass, unknown } from '../define.ts'
import { notShown } from '../envelope.ts'
import { linesSeen } from '../evidence.ts'
import { quote } from '../opening.ts'

export default defineCheck({
  id: 'smtp/verify-discreet',
  title: 'VRFY and EXPN tell strangers nothing about who has a mailbox',
  severity: 'notice',
  question: 'protect',
  rfc: ['RFC 5321 §7.3'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }) {
    const { host } = held.endpoint
    const { vrfy, expn } = ownSmtp
    if (vrfy && tells(vrfy)) return fail('failed', { host, reply: quote(ownSmtp, vrfy) }, ...linesSeen(held, ['VRFY', ...vrfy]))
    if (expn && tells(expn)) return fail('expanded', { host, reply: quote(ownSmtp, expn) }, ...linesSeen(held, ['EXPN', ...expn]))
    if (!vrfy || !expn) return notShown(held, ownSmtp)
    const later = [vrfy, expn].find(reply => transientReply(parseSmtpReply(reply)))
    return later ? unknown('rate-limited', `the server answers "${quote(ownSmtp, later)}"`) : pass
  },
  messages: {
    failed: '{host} answers VRFY with "{reply}"',
    expanded: '{host} answers EXPN with "{reply}"',
  },
  explain: `With VRFY strangers learn which addresses exist, and with EXPN who is on a list: a directory for those who send spam and
    guess passwords.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Disable VRFY and EXPN on ${host} (Postfix: disable_vrfy_command = yes; Sendmail: PrivacyOptions=noexpn,novrfy).`,
  }),
})

/** 252 promises to try and says nothing (RFC 5321 §3.5.3). */
function tells(reply: Reply): boolean {
  const parsed = parseSmtpReply(reply)
  return positiveReply(parsed) && parsed.code !== 252
}

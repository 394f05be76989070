import { parseSmtpReply } from '../../syntax/smtp.ts'
import { defineCheck, fail, passed } from '../define.ts'
import { evidenceOf, isTaken, shown } from '../envelope.ts'

export default defineCheck({
  id: 'smtp/relay-refused',
  title: 'A stranger’s mail to a stranger is refused: no open relay',
  severity: 'critical',
  question: 'protect',
  rfc: ['RFC 2505 §2.1', 'RFC 5321 §3.6.2'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }) {
    const envelopes = ownSmtp.envelopes.filter(({ purpose }) => purpose === 'relay')
    const relayed = envelopes.find(isTaken)
    if (relayed) {
      const { sender, recipient } = relayed
      return fail('failed', { host: held.endpoint.host, recipient, address: sender === '' ? '<>' : sender }, ...evidenceOf(held, relayed))
    }
    // "454 Relay access denied" is what some servers say while their owner is trying out rules (Postfix: defer_unauth_destination)
    const denied = envelopes.find(({ rcpt = [] }) => (parseSmtpReply(rcpt).code ?? 0) >= 400 && /\brelay/i.test(rcpt.join(' ')))
    if (denied) return passed(...evidenceOf(held, denied))
    const answer = shown(held, ownSmtp, 'relay')
    return answer.state === 'aside' ? answer.because : passed(...(answer.evidence))
  },
  messages: {
    failed: '{host} accepts {recipient} from {address}: open relay',
  },
  explain: `The server agreed to take a message from anybody to anybody. Such servers are found within hours, send spam for the
    whole world, and are then on every block list, with your own mail. The test stopped before any message was sent, so
    the relay is probable rather than proven: a server may still drop what it agreed to take.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Let ${host} relay only for people who have logged in and for networks of your own (Postfix: reject_unauth_destination in smtpd_relay_restrictions, and no foreign addresses in mynetworks).`,
  }),
})

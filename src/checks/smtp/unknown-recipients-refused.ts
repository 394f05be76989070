import { defineCheck, fail, passed } from '../define.ts'
import { shown } from '../envelope.ts'

export default defineCheck({
  id: 'smtp/unknown-recipients-refused',
  title: 'Mail to nobody is refused at once, not accepted and returned later',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 5321 §6.2'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }) {
    const answer = shown(held, ownSmtp, 'nobody')
    switch (answer.state) {
      case 'taken': {
        const recipient = ownSmtp.envelopes.find(({ purpose }) => purpose === 'nobody')?.recipient ?? ''
        return fail('failed', { host: held.endpoint.host, recipient }, ...answer.evidence)
      }
      case 'aside': return answer.because
      case 'refused': return passed(...answer.evidence)
    }
  },
  messages: {
    failed: '{host} accepts {recipient}: catch-all or backscatter',
  },
  explain: `Either somebody reads what is sent to any address at all, and that is mostly spam, or the server finds out later that nobody
    does and returns it, mostly to people whose address was forged. A wrong address should be refused while the
    sender's server is still there to tell its user.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Let ${host} know its recipients and refuse the others at RCPT (Postfix: relay_recipient_maps, or reject_unverified_recipient; for a catch-all on purpose, switch this check off with --skip).`,
  }),
})

import { defineCheck, fail, passed } from '../define.ts'
import { shown } from '../envelope.ts'

export default defineCheck({
  id: 'smtp/postmaster-accepted',
  title: 'Mail to postmaster@ is taken: people can report faults of the mail system',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 5321 §4.5.1', 'RFC 2142 §5'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }, { domain }) {
    const answer = shown(held, ownSmtp, 'postmaster')
    switch (answer.state) {
      case 'taken': return passed(...answer.evidence)
      case 'aside': return answer.because
      case 'refused': return fail('failed', { host: held.endpoint.host, domain, reply: answer.line }, ...answer.evidence)
    }
  },
  messages: {
    failed: '{host} refuses postmaster@{domain}: "{reply}"',
  },
  explain: `Whoever has trouble with your mail writes to postmaster: other postmasters, and services that decide what they think of your
    domain. The address is the one that every domain must have.`,
  remedy: (_held, _facts, _args, { domain }) => ({
    text: `Create the mailbox or alias postmaster@${domain}, let somebody read it, and take it from everybody.`,
  }),
})

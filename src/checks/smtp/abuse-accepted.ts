import { defineCheck, fail, passed } from '../define.ts'
import { shown } from '../envelope.ts'

export default defineCheck({
  id: 'smtp/abuse-accepted',
  title: 'Mail to abuse@ is taken: people can report misuse',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 2142 §4'],
  needs: ['mxSessions', 'ownSmtp'],
  requires: 'own',
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { ownSmtp }, { domain }) {
    const answer = shown(held, ownSmtp, 'abuse')
    switch (answer.state) {
      case 'taken': return passed(...answer.evidence)
      case 'aside': return answer.because
      case 'refused': return fail('failed', { host: held.endpoint.host, domain, reply: answer.line }, ...answer.evidence)
    }
  },
  messages: {
    failed: '{host} refuses abuse@{domain}: "{reply}"',
  },
  explain: `Who receives spam or fraud in your name writes to abuse. Where nobody hears that, the block lists are what hears it next.`,
  remedy: (_held, _facts, _args, { domain }) => ({
    text: `Create the mailbox or alias abuse@${domain}, let somebody read it, and take it from everybody.`,
  }),
})

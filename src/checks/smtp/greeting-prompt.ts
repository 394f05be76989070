import { defineCheck, fail, pass, unknown } from '../define.ts'
import { eventSeen, linesSeen } from '../evidence.ts'
import { greetingOf, setAside } from '../opening.ts'

/** Milliseconds. Senders must wait for five minutes (RFC 5321 §4.5.3.2.1); what people use does not. */
const prompt = 5000

export default defineCheck({
  id: 'smtp/greeting-prompt',
  title: 'The greeting comes within five seconds',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 5321 §4.5.3.2.1'],
  needs: ['mxSessions'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held) {
    const greeted = greetingOf(held)
    if (greeted.state !== 'greeted') return setAside(greeted, held)
    const { session, endpoint: { host, address } } = held
    const last = session.transcript.filter(({ from }) => from === 'S')[greeted.greeting.length - 1]
    if (!last) return unknown('not-recorded', 'the time of the greeting was not kept')
    if (last.at <= prompt) return pass
    const seconds = Math.round(last.at / 100) / 10
    return fail('failed', { host, address, seconds }, ...linesSeen(held, greeted.greeting), eventSeen(held, `greeted after ${last.at} ms`))
  },
  messages: {
    failed: '{host} [{address}] greets after {seconds} s: impatient senders and checkers give up',
  },
  explain: `Servers make strangers wait for the greeting on purpose, because programs that send spam do not. Some honest senders
    do not either: their mail comes late, over another host or never. And a wait that nobody meant, such as a slow lookup, is a fault.`,
  remedy: ({ endpoint: { host } }) => ({
    text: `Shorten the wait before the greeting on ${host}, or leave it if it is meant. If it is not, look which lookup (reverse name, block list) is slow.`,
  }),
})

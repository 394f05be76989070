import { greetedAs, hostNameIn } from '../../syntax/greeting.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { absenceSeen, linesSeen } from '../evidence.ts'
import { greetingOf, setAside } from '../opening.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'smtp/greeting-name-resolves',
  title: 'The server greets with a full host name that exists in the DNS',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 5321 §2.3.5', 'RFC 5321 §4.1.1.1', 'RFC 5321 §4.2'],
  needs: ['mxSessions', 'greetingNames'],
  over: ({ mxSessions }) => mxSessions.sessions,
  nothing: 'there is no MX address to ask',
  hidden: ({ mxSessions }) => mxSessions.hidden,
  judge(held, { greetingNames }) {
    const greeted = greetingOf(held)
    if (greeted.state !== 'greeted') return setAside(greeted, held)
    const { host } = held.endpoint
    const evidence = linesSeen(held, greeted.greeting)
    const name = greetedAs(greeted.greeting)
    if (name === '') return fail('nameless', { host }, ...evidence)
    if (name.startsWith('[')) return skip('it greets with an address in brackets, which RFC 5321 §4.2 allows')
    const hostName = hostNameIn(name)
    const found = hostName === null ? undefined : greetingNames[hostName]
    if (!found) return fail('no-host-name', { host, name }, ...evidence)
    const { addresses, problem } = resolutionOf(found)
    if (addresses.length > 0) return pass
    if (problem) return unknownBecause(problem)
    // RFC 5321 §2.3.5: an MX makes a name resolvable as well
    if ('problem' in found.mx) return unknownBecause(found.mx.problem)
    if (found.mx.value.records.length > 0) return pass
    return fail('failed', { host, name }, ...evidence, absenceSeen(found.mx.value))
  },
  messages: {
    failed: '{host} greets as "{name}", which has no address',
    'no-host-name': '{host} greets as "{name}", which is no full host name',
    nameless: '{host} greets without a name',
  },
  explain: `The name shows that a server was set up with care, and some programs refuse to talk to one that is called localhost. A
    server greets with the same name with which it sends, and there many receivers do refuse a name that does not exist.`,
  remedy: ({ endpoint: { host } }) => ({ text: `Set the name of the server to ${host} (Postfix: myhostname).` }),
})

import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { reachOf } from '../reachability.ts'
import { ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'smtp/primary-answers',
  title: 'The most preferred MX host answers',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 5321 §5.1'],
  needs: ['mxSessions', 'mxAddresses'],
  defersTo: ['smtp/some-host-answers'],
  judge(_domain, { mxSessions: { receiving, sessions, untried }, mxAddresses }) {
    if (receiving.value === 'no' || mxAddresses.length === 0) return skip('the domain takes no mail')
    const best = Math.min(...mxAddresses.map(({ mx }) => mx.preference))
    const first = mxAddresses.filter(({ mx }) => mx.preference === best)
    if (first.length === mxAddresses.length) return skip('no MX host stands behind another')
    const held = sessions.map(session => ({ ...session, reach: reachOf(session.session, session.egress) }))
    const own = held.filter(({ endpoint }) => endpoint.mx.preference === best)
    if (own.some(({ reach }) => reach.state === 'accepted')) return pass
    const open = own.map(({ reach }) => reach).find(reach => reach.state === 'undecided')
    if (open) return open.because
    const problem = first.map(resolutionOf).find(resolution => resolution.problem)?.problem
    if (problem) return unknownBecause(problem)
    const left = first.flatMap(host => resolutionOf(host).addresses).find(address => untried.includes(address))
    if (left !== undefined) {
      const family = left.includes(':') ? 6 : 4
      return unknown(family === 6 ? 'no-ipv6-here' : 'no-ipv4-here', `${left} was not tried, because this run is without IPv${family}`)
    }
    if (own.length === 0) return skip('the most preferred MX host has no public address')
    const next = held.find(({ reach }) => reach.state === 'accepted')
    if (!next) return skip('no other MX host answers either')
    const evidence = own.flatMap(({ reach }) => (reach.state === 'closed' ? reach.evidence : []))
    const host = [...new Set(own.map(({ endpoint }) => endpoint.host))]
    return ifReceiving(receiving, { ...fail('failed', { host, next: next.endpoint.host }, ...evidence), about: own.map(({ name }) => name) })
  },
  messages: {
    failed: 'The first MX {host} never answers; mail arrives through {next}',
  },
  explain: `Every sender tries the dead host first, waits for it, and only then turns to the next: mail comes late, and some senders
    never try a second one. Some leave a dead host there on purpose, against spam ("nolisting"); it costs honest mail too.`,
  remedy: (_domain, _facts, { host }) => ({
    text: `Start the mail server on ${Array.isArray(host) ? host.join(' or ') : ''} and open TCP port 25, or remove it from the MX records, unless nolisting is intended.`,
  }),
})

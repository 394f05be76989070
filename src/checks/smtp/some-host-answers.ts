import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { reachOf } from '../reachability.ts'
import { ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'smtp/some-host-answers',
  title: 'At least one MX address accepts connections on port 25',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 5321 §5.1'],
  needs: ['mxSessions', 'mxAddresses'],
  judge({ name: domain }, { mxSessions: { receiving, sessions, untried }, mxAddresses }) {
    if (receiving.value === 'no' || mxAddresses.length === 0) return skip('the domain takes no mail')
    const reaches = sessions.map(({ session, egress }) => reachOf(session, egress))
    if (reaches.some(({ state }) => state === 'accepted')) return pass
    // one address that could not be asked may be the one that answers
    const undecided = reaches.find(reach => reach.state === 'undecided')
    if (undecided) return undecided.because
    const problem = mxAddresses.map(resolutionOf).find(resolution => resolution.problem)?.problem
    if (problem) return unknownBecause(problem)
    const [address] = untried
    if (address !== undefined) {
      const family = address.includes(':') ? 6 : 4
      return unknown(family === 6 ? 'no-ipv6-here' : 'no-ipv4-here', `${address} was not tried, because this run is without IPv${family}`)
    }
    if (sessions.length === 0) return skip('no MX host has a public address')
    const addresses = sessions.map(({ endpoint }) => `${endpoint.host} [${endpoint.address}]`)
    const evidence = reaches.flatMap(reach => (reach.state === 'closed' ? reach.evidence : []))
    return ifReceiving(receiving, fail('failed', { domain, addresses }, ...evidence))
  },
  messages: {
    failed: 'No MX address of {domain} accepts port 25: {addresses}',
  },
  explain: `Nobody can hand over mail for you. Senders keep trying for some days and then return every message;
    the first notices reach them after hours, the final ones after about five days.`,
  remedy: ({ name: domain }, { mxSessions }) => {
    const { sessions } = mxSessions
    if (sessions.every(({ endpoint: { mx } }) => mx.record === undefined)) {
      return { text: `${domain} has no MX, so senders try its own address. Publish ${domain}. MX 10 and the name of your mail server, or start one there and open TCP port 25.` }
    }
    const hosts = [...new Set(sessions.map(({ endpoint }) => endpoint.host))]
    return {
      text: `Start the mail server on ${hosts.join(' or ')}, and open TCP port 25 in every firewall before it. `
        + `If the mail has moved, let the MX records of ${domain} name the new host.`,
    }
  },
})

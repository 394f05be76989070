import { defineCheck, fail, pass, unknownBecause } from '../define.ts'
import { reachOf } from '../reachability.ts'
import { ifReceiving } from '../receiving.ts'
import { unaskedHosts } from '../unasked-hosts.ts'

export default defineCheck({
  id: 'smtp/every-address-answers',
  title: 'Every MX address accepts connections on port 25',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 5321 §5.1'],
  needs: ['mxSessions', 'mxAddresses'],
  defersTo: ['smtp/some-host-answers'],
  over: ({ mxSessions, mxAddresses }, { families }) => [
    ...mxSessions.sessions,
    ...(mxSessions.receiving.value === 'no' ? [] : unaskedHosts(mxAddresses, families)),
  ],
  nothing: 'there is no MX address to ask',
  judge(subject, { mxSessions: { receiving } }) {
    if (!('session' in subject)) return unknownBecause(subject.problem)
    const { endpoint: { host, address }, session, egress } = subject
    const reach = reachOf(session, egress)
    switch (reach.state) {
      case 'accepted': return pass
      case 'undecided': return reach.because
      case 'closed': return ifReceiving(receiving, fail(reach.how === 'refused' ? 'failed' : 'timed-out', { host, address }, ...reach.evidence))
    }
  },
  messages: {
    failed: '{host} [{address}] port 25: connection refused',
    'timed-out': '{host} [{address}] port 25: no answer, while others answer on this port',
  },
  explain: `Senders try the addresses of your MX hosts one after the other. Each time they meet the dead one, mail is
    late by minutes or hours, and a sender that can reach only this one, or only this address family, never gets through.`,
  remedy(subject, _facts, { address }) {
    return { text: `Start the mail server on ${subject.name.split('[')[0] ?? ''} [${String(address)}] and open TCP port 25 there, or remove the address from the DNS.` }
  },
})

import { formatLabels, labelsOf } from '../../syntax/name.ts'
import { candidates, securityOf } from '../dane.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Evidence } from '../define.ts'

export default defineCheck({
  id: 'dane/tlsa-answered',
  title: 'The question for TLSA records is answered, where the MX host’s zone is signed',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 7672 §2.1.1', 'RFC 7672 §2.1.2'],
  needs: ['mxTlsa'],
  over: ({ mxTlsa }) => mxTlsa,
  nothing: 'the domain names no MX host',
  judge(host) {
    const zone = securityOf(host)
    if (zone === 'insecure') return skip('the zone of the MX host is not signed')
    const failed = candidates(host).find(({ answer }) => 'problem' in answer)
    if (!failed || !('problem' in failed.answer)) return pass
    if (zone !== 'secure') return zone
    const { reason } = failed.answer.problem
    const seen: Evidence = { from: 'dns', name: failed.name, type: 'TLSA', text: reason === 'dns-timeout' ? '(timeout)' : '(servfail)', ttl: null }
    // the host's addresses were answered by the same resolver, so it is in order
    const about = labelsOf(host.name).map((_, i, labels) => formatLabels(labels.slice(i))) // the host, and whichever zone it is in
    if (reason === 'dns-servfail') return { ...fail('failed', { host: host.name, name: failed.name }, seen), about }
    if (reason === 'dns-timeout') return { ...fail('silent', { host: host.name, name: failed.name }, seen), about }
    return unknownBecause(failed.answer.problem)
  },
  messages: {
    failed: 'the TLSA query for {host} ({name}) is answered with SERVFAIL: DANE senders defer',
    silent: 'the TLSA query for {host} ({name}) is not answered, although its addresses are: DANE senders defer',
  },
  explain: `The zone is signed, so a sender that uses DANE has to know for certain whether there are TLSA records. As long as
    its question fails, it must treat the host as unreachable: mail waits, whether you use DANE or not.`,
  remedy: (host) => ({
    text: `Have the name servers of ${host.name} answer questions for types and names that do not exist with a signed denial (NSEC or NSEC3): mostly an old name server, or a load balancer that knows no TLSA. Look also for a firewall that drops such questions.`,
  }),
})

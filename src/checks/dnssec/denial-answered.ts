import type { Failure } from '../../network/network.ts'
import type { Denial } from '../../probes/dnssec.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause, type Unknown } from '../define.ts'
import { mailZones, noZones } from '../mail-zones.ts'

export default defineCheck({
  id: 'dnssec/denial-answered',
  title: 'A type that a name does not have is answered: with an empty answer',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 4035 §3.1.3'],
  needs: ['zones', 'dnssec', 'denials'],
  defersTo: ['dane/tlsa-answered'],
  ...mailZones,
  nothing: noZones,
  judge({ name: zone }, { dnssec: { answers }, denials }) {
    const soa = answers.find(({ type }) => type === 'SOA')
    if (!soa || ('problem' in soa.answer && soa.unchecked && 'value' in soa.unchecked)) return skip('the zone is not answered for at all')
    if ('problem' in soa.answer) return unknownBecause(soa.answer.problem)
    const broken = denials.flatMap(denial => {
      const outcome = outcomeOf(denial)
      return typeof outcome === 'string' ? [{ ...denial, outcome }] : []
    })
    const [first] = broken
    if (first) {
      const { name, type, outcome } = first
      return fail('failed', { name, type, outcome, count: broken.length },
        ...broken.map(one => ({ from: 'dns' as const, name: one.name, type: one.type, text: `(${'problem' in one.answer ? one.answer.problem.detail : one.outcome})`, ttl: null })))
    }
    const open = denials.map(outcomeOf).find(outcome => outcome !== null)
    return open && typeof open !== 'string' ? open : denials.length > 0 ? pass : skip(`no name of mail lies in ${zone}`)
  },
  messages: {
    failed: '{name} {type}: {outcome} instead of an empty answer',
  },
  explain: `Senders that look for TLSA or IPv6 records, and get an error in place of "there are none", may not guess: they wait, and
    deliver later or never.`,
  remedy: ({ name: zone }) => ({ text: `Update the name servers of ${zone}, or the load balancer or firewall in front of them that knows only some record types.` }),
})

/** What came in place of an answer, where that is the zone's doing; an unknown, where it may be the resolver's; null for an answer. */
function outcomeOf({ answer, unchecked, direct, heard }: Denial): string | Unknown | null {
  if ('value' in answer) return null
  const { problem } = answer
  if (unchecked && 'value' in unchecked) {
    return unchecked.value.adTrusted ? 'SERVFAIL' : unknown('ad-untrusted', problem.detail)
  }
  if (direct && 'problem' in direct) return said(direct.problem, heard) ?? unknownBecause(problem)
  return unknownBecause(problem)
}

/** The name server answers other questions, and to this it says no, or nothing. */
function said({ event, reason }: Failure, heard: boolean): string | null {
  if (event === 'rcode') return reason === 'dns-servfail' ? 'SERVFAIL' : 'REFUSED'
  return event === 'timeout' && heard ? 'silence' : null
}

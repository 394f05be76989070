import type { SenderRoute } from '../../probes/message.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'message/sender-can-receive',
  title: 'Who the message names as sender can be answered',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 5321 §5.1'],
  needs: ['message'],
  requires: 'message',
  judge(_, { message: facts }) {
    if (!facts) return skip('no message was given')
    if (facts.verdict.client.mailFrom === '') return skip('the sender is null: nobody is to answer')
    if (facts.routes.length === 0) return skip('the message names no domain')
    for (const route of facts.routes) {
      const why = faultOf(route)
      if (why !== null) return fail('failed', { domain: route.domain, why }, ...seen(route))
    }
    const failed = facts.routes.flatMap(({ mx, addresses }) => [mx, ...addresses]).find(answer => 'problem' in answer)
    if (failed && 'problem' in failed) return unknownBecause(failed.problem)
    return passed(...facts.routes.flatMap(seen))
  },
  messages: { failed: '{domain} cannot receive the answer: {why}' },
  explain: `Bounces and answers are lost, and many receivers refuse mail from a domain that has no way back, since spam comes from such
    names.`,
  remedy: (_, __, { domain }) => ({ text: `Publish an MX record for ${String(domain)}, or send with an address at a domain that receives mail.` }),
})

/** Null when it can, or when that is not known. */
function faultOf({ mx, addresses }: SenderRoute): string | null {
  if ('problem' in mx) return null
  const { records, rcode } = mx.value
  if (rcode === 'NXDOMAIN') return 'the domain does not exist'
  if (records.length > 0) return records.every(({ data }) => data.exchange === '') ? 'it has a null MX' : null
  return addresses.every(answer => 'value' in answer && answer.value.records.length === 0) ? 'it has neither MX nor address records' : null
}

function seen({ mx, addresses }: SenderRoute): ReturnType<typeof recordSeen>[] {
  return [mx, ...addresses].flatMap(answer => 'problem' in answer ? []
    : answer.value.records.length > 0 ? answer.value.records.slice(0, 4).map(recordSeen) : [absenceSeen(answer.value)])
}

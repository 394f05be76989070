import type { SendingHost } from '../../probes/spf-hosts.ts'
import { joinedText } from '../../syntax/record.ts'
import { isSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'spf/helo-names-covered',
  title: 'The hosts that send have SPF records of their own, for mail without a sender',
  severity: 'notice',
  question: 'send',
  rfc: ['RFC 7208 §2.3', 'RFC 7208 §2.4'],
  needs: ['contexts', 'sendingHosts'],
  judge(_domain, { contexts: { sending }, sendingHosts: { own, others, problem } }) {
    if (sending.value === 'no') return skip(`the domain sends no mail (${sending.because})`)
    const bare = own.filter(host => 'value' in host.answer && recordsOf(host).length === 0)
    const [first] = bare
    if (first) {
      return fail('failed', { host: first.name, count: bare.length }, ...bare.flatMap(({ answer }) => {
        if (!('value' in answer)) return []
        return answer.value.records.length > 0 ? answer.value.records.map(recordSeen) : [absenceSeen(answer.value)]
      }))
    }
    const failed = own.find(({ answer }) => 'problem' in answer)
    if (failed && 'problem' in failed.answer) return unknownBecause(failed.answer.problem)
    if (problem) return unknownBecause(problem)
    if (own.length > 0) return passed(...own.flatMap(recordsOf).map(recordSeen))
    return skip(others.length > 0 ? `${others.slice(0, 3).join(', ')} are others’ to look after` : 'no host is known to send as the domain')
  },
  messages: {
    failed: '{host} has no SPF record',
  },
  explain: `Bounces and receipts have no sender: receivers check the name that the server gives in EHLO instead. Without a record
    there, such mail comes from nobody, and anybody can use the name.`,
  remedy: (_domain, { sendingHosts: { own } }) => {
    const bare = own.filter(host => 'value' in host.answer && recordsOf(host).length === 0)
    return {
      text: 'Publish a record for each host that sends; if it gives another name in EHLO, then for that name.',
      records: { set: bare.map(({ name }) => txtLine(name, 'v=spf1 a -all')) },
    }
  },
})

function recordsOf({ answer }: SendingHost) {
  return 'value' in answer ? answer.value.records.filter(record => isSpf(joinedText(record))) : []
}

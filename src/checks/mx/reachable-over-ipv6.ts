import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/reachable-over-ipv6',
  title: 'At least one MX host can be reached over IPv6',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 6540'],
  needs: ['mxAddresses'],
  uses: ['contexts'],
  judge({ name: domain }, { mxAddresses, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no' || mxAddresses.length === 0) return skip('the domain takes no mail')
    const answers = mxAddresses.map(({ v6 }) => v6)
    const found = answers.flatMap(answer => 'value' in answer ? answer.value.records : [])
    if (found.length > 0) return passed(...found.slice(0, 1).map(recordSeen))
    const failed = answers.find(answer => 'problem' in answer)
    if (failed && 'problem' in failed) return unknownBecause(failed.problem)
    if (mxAddresses.every(host => resolutionOf(host).addresses.length === 0)) return skip('no MX host has an address')
    return ifReceiving(receiving, fail('failed', { domain }, ...answers.flatMap(answer => 'value' in answer ? [absenceSeen(answer.value)] : [])))
  },
  messages: {
    failed: 'No MX host of {domain} has AAAA',
  },
  explain: `Senders that have IPv6 alone, or prefer it, need a translator on the way to you. Nothing is lost today; their number grows.`,
  remedy: ({ name: domain }) => ({ text: `Once port 25 answers over IPv6 on an MX host of ${domain}, publish its AAAA record.` }),
})

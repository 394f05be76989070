import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/reachable-over-ipv4',
  title: 'At least one MX host can be reached over IPv4',
  severity: 'warning',
  question: 'receive',
  rfc: ['best practice'],
  needs: ['mxAddresses'],
  uses: ['contexts'],
  judge({ name: domain }, { mxAddresses, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no' || mxAddresses.length === 0) return skip('the domain takes no mail')
    const answers = mxAddresses.map(({ v4 }) => v4)
    const found = answers.flatMap(answer => 'value' in answer ? answer.value.records : [])
    if (found.length > 0) return passed(...found.slice(0, 1).map(recordSeen))
    const failed = answers.find(answer => 'problem' in answer)
    if (failed && 'problem' in failed) return unknownBecause(failed.problem)
    if (mxAddresses.every(host => resolutionOf(host).addresses.length === 0)) return skip('no MX host has an address')
    return ifReceiving(receiving, fail('failed', { domain }, ...answers.flatMap(answer => 'value' in answer ? [absenceSeen(answer.value)] : [])))
  },
  messages: {
    failed: '{domain} is reachable over IPv6 only',
  },
  explain: `Most senders of mail still have IPv4 alone. They find no address that they can use, and their mail to you bounces.`,
  remedy: ({ name: domain }) => ({ text: `Give an MX host of ${domain} an A record as well: a public IPv4 address at which port 25 answers.` }),
})

import type { Answer } from '../../network/network.ts'
import { wireLength } from '../../syntax/name.ts'
import { defineCheck, fail, passed, skip, type Evidence } from '../define.ts'
import { recordSeen } from '../evidence.ts'

/** RFC 1035 §4.2.1: octets of a message over UDP, for whoever does not use EDNS. */
const most = 512

export default defineCheck({
  id: 'spf/answer-fits-udp',
  title: 'The TXT records of the domain fit into one UDP answer of 512 octets',
  severity: 'warning',
  question: 'send',
  rfc: ['RFC 7208 §3.4'],
  needs: ['spf'],
  judge({ name: domain }, { spf: { answer: { value: answer }, records } }) {
    if (records.length === 0) return skip('the domain publishes no SPF record')
    const octets = sizeOf(answer)
    return octets > most ? fail('failed', { domain, octets }, ...largestFirst(answer)) : passed(...largestFirst(answer).slice(0, 1))
  },
  messages: {
    failed: 'TXT answer of {domain}: {octets} octets',
  },
  explain: `Whoever asks for the SPF record gets all TXT records of the domain with it. A longer answer must be asked for again over
    TCP, which some firewalls and old resolvers do not let through: to them the domain has no SPF record that they can read.`,
  remedy: ({ name: domain }, { spf: { records } }) => ({
    text: `Remove the TXT records of ${domain} that have served their purpose, such as old proofs of ownership, and move others to a name of their own`
      + (records.some(record => record.length > 200) ? '; shorten the SPF record by an include or redirect to a subdomain.' : '.'),
  }),
})

/** Octets of the plain answer: header and question, and each record with its name as a pointer (RFC 1035 §4.1.3, §4.1.4). */
function sizeOf({ question, aliases, records }: Answer<'TXT'>): number {
  const named = 2 + 10
  return 12 + wireLength(question.name) + 4
    + aliases.reduce((sum, { data }) => sum + named + wireLength(data.target), 0)
    + records.reduce((sum, { data }) => sum + named + data.strings.reduce((octets, text) => octets + 1 + text.length, 0), 0)
}

function largestFirst({ records }: Answer<'TXT'>): Evidence[] {
  return records.toSorted((a, b) => b.text.length - a.text.length || (a.text < b.text ? -1 : 1)).map(recordSeen)
}

import type { NameServersFacts } from '../../probes/nameservers.ts'
import type { ServedRecords } from '../../probes/served-records.ts'
import type { Answer, Failure, Outcome } from '../../network/network.ts'
import { overlaidByPlan } from '../../reasons.ts'
import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { heardServers, noZone, unheard, zoneOfDomain } from '../name-servers.ts'
import { resolutionOf } from '../resolution.ts'
import { transferState, type Serial } from '../zone-serial.ts'

export default defineCheck({
  id: 'dns/answers-consistent',
  title: 'Every name server gives the same MX, TXT and DMARC records',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 1034 §4.3.5'],
  needs: ['zone', 'nameservers', 'servedRecords', 'clock'],
  over: zoneOfDomain,
  nothing: noZone,
  judge(_zone, { zone, nameservers, servedRecords, clock }) {
    if (servedRecords.length === 0) return unheard(zone, heardServers(nameservers)) ?? skip('no name server answers')
    const differences = (['mx', 'txt', 'dmarc'] as const).flatMap(which => differenceOf(servedRecords, which) ?? [])
    const [first] = differences
    if (!first) {
      if (servedRecords.some(({ mx, txt, dmarc }) => [mx, txt, dmarc].some(isPlanned))) return skip(overlaidByPlan)
      const problem = unheardHost(nameservers, servedRecords)
      if (problem) return unknownBecause(problem)
      return servedRecords.length > 1 ? pass : skip('only one name server answers')
    }
    const serials = servedRecords.flatMap(({ soa }) => 'value' in soa ? soa.value.records.map((record): Serial => record.data) : [])
    const settled = transferState(serials, new Date(clock.now))
    if (settled === 'changing') return skip('the SOA serials differ: a change is on its way to all name servers')
    if (settled === 'unknown') return unknown('history-too-short', 'the SOA serials differ, and it cannot be told since when: a change may be on its way to all name servers')
    const { name, type, host1, value1, host2, value2, evidence } = first
    return fail('failed', { name, type, host1, value1, host2, value2, count: differences.length }, ...evidence)
  },
  messages: {
    failed: '{name} {type} differs: {host1} {value1}, {host2} {value2}',
  },
  explain: `It is chance which name server a sender or receiver asks. Some of them see the old records: mail goes to the wrong host,
    or fails SPF, DKIM or DMARC, now and then and for no visible reason.`,
  remedy: ({ name: zone }) => ({ text: `Repair the transfer of ${zone} to the server that is behind: raise the SOA serial, and see in its log why it does not fetch the zone.` }),
})

/** What keeps a name server from being compared at any of its addresses; one that is lame or down has a check of its own. */
function unheardHost(nameservers: NameServersFacts, servedRecords: readonly ServedRecords[]): Failure | null {
  const heard = heardServers(nameservers)
  for (const { servers, addresses } of nameservers.hosts) {
    const asked = servedRecords.filter(({ address }) => servers.some(server => server.address === address))
    for (const which of ['mx', 'txt', 'dmarc'] as const) {
      const problems = asked.flatMap(server => ('problem' in server[which] ? [server[which].problem] : []))
      if (problems[0] && problems.length === asked.length) return problems[0]
    }
    if (asked.length > 0) continue
    const states = heard.filter(({ server }) => servers.includes(server)).map(({ state }) => state)
    const open = states.find(({ state }) => state === 'undecided')
    if (open?.state === 'undecided' && states.every(({ state }) => state === 'undecided')) return open.problem
    if (states.length === 0) {
      const { problem } = resolutionOf(addresses)
      if (problem) return problem
    }
  }
  return null
}

interface Difference {
  readonly name: string
  readonly type: string
  readonly host1: string
  readonly value1: readonly string[]
  readonly host2: string
  readonly value2: readonly string[]
  readonly evidence: readonly ReturnType<typeof recordSeen>[]
}

/** The first two servers that do not say the same; each with what the other lacks. */
function differenceOf(servers: readonly ServedRecords[], which: 'mx' | 'txt' | 'dmarc'): Difference | null {
  const told = servers.flatMap(server => {
    const answer = server[which]
    // Of a name that is delegated or leads elsewhere, this server is not the one to say what stands there.
    return 'value' in answer && answer.value.authoritative && !isPlanned(answer) ? [{ server: `${server.host} (${server.address})`, answer: answer.value }] : []
  })
  const [first] = told
  const other = told.find(({ answer }) => first && textsOf(answer).join('\n') !== textsOf(first.answer).join('\n'))
  if (!first || !other) return null
  const { question: { name, type } } = first.answer
  const own = (mine: Answer, theirs: Answer): readonly string[] => {
    const others = textsOf(theirs)
    const lines = textsOf(mine).filter(text => !others.includes(text))
    return lines.length > 0 ? lines : ['none']
  }
  const seen = ({ answer }: { answer: Answer }, than: { answer: Answer }) => {
    const others = textsOf(than.answer)
    const records = [...answer.aliases, ...answer.records]
    if (records.length === 0) return [absenceSeen(answer)]
    return records.filter(({ type: of, text }) => !others.includes(of === 'CNAME' ? `CNAME ${text}` : text)).map(recordSeen)
  }
  return {
    name, type, host1: first.server, value1: own(first.answer, other.answer), host2: other.server, value2: own(other.answer, first.answer),
    evidence: [...seen(first, other), ...seen(other, first)],
  }
}

/** What every server will say alike, once it is published. */
function isPlanned(answer: Outcome<Answer>): boolean {
  return 'value' in answer && answer.value.origin === 'planned'
}

function textsOf({ aliases, records }: Answer): string[] {
  return [...aliases.map(({ text }) => `CNAME ${text}`), ...records.map(({ text }) => text)]
}

import { overlaidByPlan } from '../../reasons.ts'
import type { DnsRecord } from '../../syntax/record.ts'
import { defineCheck, fail, pass, skip, unknownBecause } from '../define.ts'
import { recordSeen } from '../evidence.ts'
import { noZone, zoneOfDomain } from '../name-servers.ts'

export default defineCheck({
  id: 'dns/delegation-consistent',
  title: 'The parent zone and the zone itself name the same name servers',
  severity: 'notice',
  question: 'receive',
  rfc: ['RFC 1034 §4.2.2'],
  needs: ['zone', 'nameservers'],
  over: zoneOfDomain,
  nothing: noZone,
  judge({ name: zone }, { nameservers: { delegation, listed } }) {
    if ('problem' in listed) return unknownBecause(listed.problem)
    if (listed.value.origin === 'planned') return skip(overlaidByPlan)
    if (delegation.cut !== zone) {
      if (delegation.answers.some(answer => 'value' in answer)) return skip('the servers of the parent zone answer for this zone, too, and show no delegation')
      const [problem] = delegation.answers.flatMap(answer => 'problem' in answer ? [answer.problem] : [])
      return problem ? unknownBecause(problem) : skip('no server of the parent zone is known')
    }
    const child = listed.value.records.map(({ data }) => data.host).toSorted()
    const parent = delegation.hosts
    if (child.length === 0) return skip('the zone names no name server')
    if (parent.join(' ') === child.join(' ')) return pass
    const referral = delegation.answers.flatMap(answer => 'value' in answer ? answer.value.authority : [])
      .filter((record): record is DnsRecord<'NS'> => record.type === 'NS' && record.name === zone)
    const seen = new Map([...referral, ...listed.value.records].map(record => [record.text, recordSeen(record)]))
    return fail('failed', { parent: [...parent], child }, ...seen.values())
  },
  messages: {
    failed: 'The parent names {parent}, the zone names {child}',
  },
  explain: `Resolvers follow now the one list and now the other. A server that stands in one of them alone is forgotten in changes, and
    goes on giving old answers, or none.`,
  remedy: ({ name: zone }, { nameservers: { delegation, listed } }) => {
    const child = 'value' in listed ? listed.value.records.map(({ data }) => data.host).toSorted() : []
    return { text: `Make both sets equal: name ${child.join(', ')} at the registrar (the zone ${delegation.parent || 'of the root'}), or correct the NS records of ${zone}.` }
  },
})

/** What block lists say together: a listing where one of them says so, and silence where none could be asked. */
import { healthOf, readListing } from '../evaluate/block-list.ts'
import type { AskedList, Listing } from '../probes/block-lists.ts'
import { joinedText } from '../syntax/record.ts'
import { pass, skip, unknown, unknownBecause, type Evidence, type Pass, type Skip, type Unknown } from './define.ts'
import { absenceSeen, recordSeen } from './evidence.ts'

export interface Listed {
  readonly list: AskedList
  /** In the list's own words, or in those that document its answer. */
  readonly reason: string
  readonly evidence: readonly Evidence[]
}

/** Where it is listed. */
export function listedOn(listings: readonly Listing[]): readonly Listed[] {
  return listings.flatMap(({ list, answer, reasons }) => {
    if ('problem' in answer) return []
    const { listed } = readListing(list, answer.value)
    if (listed.length === 0) return []
    const texts = reasons && 'value' in reasons ? reasons.value.records : []
    const reason = [...listed, ...texts.map(joinedText)].join('; ')
    return [{ list, reason, evidence: [...answer.value.records, ...texts].map(recordSeen) }]
  })
}

/** Nothing is listed: is that what the lists say, or could they not be asked? */
export function unlisted(lists: readonly AskedList[], kind: keyof AskedList['tests'], listings: readonly Listing[]): Pass | Skip | Unknown {
  const tested = lists.flatMap(list => {
    const tests = list.tests[kind]
    return tests ? [{ list, health: healthOf(list, tests) }] : []
  })
  if (tested.length === 0) return skip('no block list is asked about this')
  for (const { list, health } of tested) {
    if (health.state === 'refused') return unknown('resolver-refused', `${list.name} does not serve this resolver: use one of your own, or a key`)
  }
  for (const { list, answer } of listings) {
    if ('problem' in answer) return unknownBecause({ ...answer.problem, detail: `${list.name}: ${answer.problem.detail}` })
    const { refused, undocumented } = readListing(list, answer.value)
    if (refused) return unknown('resolver-refused', `${list.name} does not serve this resolver`)
    if (undocumented.length > 0) return unknown('list-unhealthy', `${list.name} answers ${undocumented.join(', ')}, of which nothing is documented`)
  }
  if (listings.length > 0) return { ...pass, evidence: listings.flatMap(({ answer }) => 'value' in answer ? [absenceSeen(answer.value)] : []) }
  const why = tested.map(({ list, health }) => `${list.name}: ${health.state === 'unhealthy' ? health.why : health.state === 'silent' ? health.problem.detail : health.state}`)
  return unknown('list-unhealthy', why.join('; '))
}

/**
 * Network -> Network for which nobody denies the whole DNS. A resolver that is cut off, or filters, may answer every question with
 * NXDOMAIN, or with nothing at all: of the domain that says nothing. It gives itself away by the root, which always exists.
 */
import { isWithin } from '../syntax/name.ts'
import { NetworkFailure, outcome, type Answer, type Network, type Question } from './network.ts'

/**
 * A denial that shows the zone it comes from (RFC 2308 §2) is believed at once. For others the root is asked, once; and where
 * that is denied, too, the domain: in a network of one's own there may be no root, but then there is the domain, or something else.
 */
export function doubtDenials(network: Network, domain: string): Network {
  const telling: readonly Question[] = [{ name: '', type: 'SOA' }, ...(['SOA', 'MX', 'TXT', 'A', 'AAAA'] as const).map(type => ({ name: domain, type }))]
  let everything: Promise<boolean> | undefined
  let answered = 0
  const deniesEverything = async (): Promise<boolean> => {
    for (const question of telling) {
      const answer = await outcome<Answer>(network.query(question))
      if ('problem' in answer || !isDenied(answer.value)) return false
    }
    return true
  }
  return {
    query: async question => {
      const answer = await network.query(question)
      if (question.server !== undefined) return answer
      if (!isDenied(answer)) answered++
      if (answered > 0 || showsItsZone(answer)) return answer
      everything ??= deniesEverything()
      if (!await everything || answered > 0) return answer
      const detail = `${answer.resolver} denies every name, even the root of the DNS`
      throw new NetworkFailure({ event: 'rcode', reason: 'resolver-refused', detail })
    },
    connect: (endpoint, options) => network.connect(endpoint, options),
    fetch: (url, request) => network.fetch(url, request),
    now: () => network.now(),
  }
}

function isDenied({ records, aliases }: Answer): boolean {
  return records.length === 0 && aliases.length === 0
}

/** Some filters make up a zone that begins at the very name which they deny. */
function showsItsZone({ question: { name }, rcode, authority }: Answer): boolean {
  return authority.some(({ type, name: zone }) => type === 'SOA' && isWithin(name, zone) && !(rcode === 'NXDOMAIN' && zone === name))
}

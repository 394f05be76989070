/**
 * Network -> Network that reaches only addresses which are the same for everybody. Who may name any domain must not be able
 * to use us to knock at this machine, its neighbours or the metadata service of a cloud. What is checked is the address that
 * is connected to, not a name: an answer that changes between the look and the leap (DNS rebinding) changes nothing.
 */
import { isIP } from 'node:net'
import { specialPurposeBlock } from '../syntax/special-purpose.ts'
import { NetworkFailure, outcome, type Network } from './network.ts'

export function publicOnly(network: Network): Network {
  /** Asked here, so that the page is fetched from the very addresses that were looked at. */
  const addressesOf = async (url: string): Promise<readonly string[]> => {
    const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : ''
    if (isIP(host) !== 0) return [host]
    const answers = await Promise.all((['A', 'AAAA'] as const).map(type => outcome(network.query({ name: host.toLowerCase(), type }))))
    const [failed] = answers.flatMap(answer => 'problem' in answer ? [answer.problem] : [])
    const found = answers.flatMap(answer => 'value' in answer ? answer.value.records.map(({ data }) => data.address) : [])
    if (found.length === 0 && failed) throw new NetworkFailure(failed)
    return found
  }
  return {
    query: async question => {
      if (question.server !== undefined) insist(question.server)
      return network.query(question)
    },
    connect: async (endpoint, options) => {
      insist(endpoint.address)
      return network.connect(endpoint, options)
    },
    fetch: async (url, request = {}) => {
      const addresses = request.addresses ?? await addressesOf(url)
      for (const address of addresses) insist(address)
      return network.fetch(url, { ...request, addresses })
    },
    now: () => network.now(),
  }
}

function insist(address: string): void {
  const block = specialPurposeBlock(address)
  if (block === null && isIP(address.replace(/%.*$/s, '')) !== 0) return
  throw new NetworkFailure({
    event: 'unavailable', reason: 'local-egress-blocked',
    detail: `${address} is not reached for a domain that is not configured here${block === null ? '' : ` (${block})`}`,
  })
}

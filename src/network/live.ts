/** The network as it is: DNS through the resolvers, TCP and TLS to mail servers, HTTPS. */
import { isIPv6 } from 'node:net'
import { rootCertificates } from 'node:tls'
import { trustAnchors } from '../syntax/certificate.ts'
import { createResolver, type ResolverAddress, type Route } from './dns/resolver.ts'
import { exchange } from './https.ts'
import { openLines } from './line-connection.ts'
import { NetworkFailure, outcome, type Network } from './network.ts'
import { queryWithSecret } from './secret-name.ts'
import type { TcpOptions } from './tcp.ts'

export interface LiveOptions {
  readonly resolvers: readonly ResolverAddress[]
  /** Milliseconds for each step (a DNS question, a TCP connection, a handshake, a reply), in place of the usual limits. */
  readonly timeout?: number
  /** Trust the AD bit of these resolvers, wherever they are. */
  readonly trustAd?: boolean
  /** Trust anchors in PEM, beside the public roots; each text may hold several. */
  readonly anchors?: readonly string[]
  /** In PEM, what counts among the public roots themselves: worlds have one of their own. */
  readonly roots?: readonly string[]
  /** The local address to connect and to ask from, for peers of its family. */
  readonly source?: string
  /** The address families to use; both unless told. */
  readonly families?: readonly (4 | 6)[]
  /**
   * Where an address and port are really reached: all connections and questions to name servers go where it says, and
   * nowhere when it says null. The resolvers alone are reached as they are given.
   */
  readonly route?: Route
}

export function createLiveNetwork(options: LiveOptions): Network {
  const { resolvers, timeout, trustAd = false, anchors: extra = [], roots = [], source, families = [4, 6], route } = options
  const anchors = trustAnchors(() => [...rootCertificates, ...roots], extra)
  const resolver = createResolver({ servers: resolvers, trustAd, anchors: [...roots, ...extra], route, source, ...(timeout === undefined ? {} : { timeout }) })

  const target = (address: string, port: number): Pick<TcpOptions, 'address' | 'port' | 'source'> => {
    const family = isIPv6(address) ? 6 : 4
    if (!families.includes(family)) {
      throw new NetworkFailure({ event: 'unreachable', reason: family === 6 ? 'no-ipv6-here' : 'no-ipv4-here', detail: `IPv${family} is switched off` })
    }
    const at = route ? route(address, port) : { address, port }
    if (!at) throw new NetworkFailure({ event: 'unreachable', reason: 'local-egress-blocked', detail: `there is no route to ${address} port ${port}` })
    return { ...at, source }
  }

  /** IPv4 first: where both exist, it is the one that more vantage points have. */
  const resolve = async (name: string): Promise<readonly string[]> => {
    const [v4, v6] = await Promise.all([
      families.includes(4) ? outcome(resolver.query({ name, type: 'A' })) : undefined,
      families.includes(6) ? outcome(resolver.query({ name, type: 'AAAA' })) : undefined,
    ])
    const found = [v4, v6].flatMap(one => one && 'value' in one ? one.value.records.map(record => record.data.address) : [])
    const problem = [v4, v6].find(one => one && 'problem' in one)
    if (found.length === 0 && problem && 'problem' in problem) throw new NetworkFailure(problem.problem)
    return found
  }

  return {
    query: question => queryWithSecret(resolver, question),
    // An async function, so that what `target` throws is a rejection like any other.
    connect: async (endpoint, connectOptions) =>
      openLines(endpoint, { target: target(endpoint.address, endpoint.port), anchors, timeout }, connectOptions),
    fetch: (url, request = {}) => exchange(url, request, { resolve, target, anchors, timeout }),
    now: () => new Date(),
  }
}

/**
 * Network -> Network over which planned records lie: what the DNS will say once a plan is carried out, asked of the DNS as it
 * is. A planned RRset takes the place of the live one of the same name and type, an empty one removes it, and all else stays.
 * What follows from that is worked out as a server would (RFC 1034 §4.3.2, RFC 4592): aliases lead on, a name that gets a
 * record exists, one that loses its last does not, and wildcards answer for the names that are not there.
 *
 * What only the finished change can show is `planned`, and not a fault: values that are made while it is carried out, whether a
 * zone that does not answer yet will be signed, and a session that fails with a host or address that is new.
 */
import { endpointName, NetworkFailure, outcome, type Answer, type Connection, type Endpoint, type Network, type Outcome, type Question } from './network.ts'
import { isNewHost, overlaid, planned, type OnDifference } from './planned-answer.ts'
import { PlannedSets, type PlannedRecords } from './planned-sets.ts'

export type { PlannedRecords, PlannedSet } from './planned-sets.ts'

export function overlay(network: Network, plan: PlannedRecords, onDifference?: OnDifference): Network {
  const sets = new PlannedSets(plan)
  const { query } = overlaid(network, sets, onDifference)
  return {
    query,
    connect: async (endpoint, options) => {
      const guard = <T>(promise: Promise<T>): Promise<T> => excused(promise, async () =>
        await isNewHost(network, sets, endpoint.host) || await isNewAddress(network, sets, endpoint) ? endpointName(endpoint) : null)
      return guardConnection(await guard(network.connect(endpoint, options)), guard)
    },
    fetch: (url, request) => excused(network.fetch(url, request), async () => {
      const { hostname } = new URL(url)
      for (const address of request?.addresses ?? []) if (await isNewAddress(network, sets, { host: hostname, address })) return url
      return null
    }),
    now: () => network.now(),
  }
}

/** Does the host get this address only by the plan? */
async function isNewAddress(network: Network, sets: PlannedSets, { host, address }: Pick<Endpoint, 'host' | 'address'>): Promise<boolean> {
  const question: Question<'A' | 'AAAA'> = { name: host, type: address.includes(':') ? 'AAAA' : 'A' }
  const has = (answer: Outcome<Answer<'A' | 'AAAA'>>): boolean => 'value' in answer && answer.value.records.some(({ data }) => data.address === address)
  const after = await outcome(overlaid(network, sets).query(question))
  if ('problem' in after || after.value.origin !== 'planned' || !has(after)) return false
  return !has(await outcome(network.query(question)))
}

/** `whatIsNew` names it, or is null where the failure stands for itself. */
async function excused<T>(promise: Promise<T>, whatIsNew: () => Promise<string | null>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    if (!(error instanceof NetworkFailure) || error.event === 'unavailable') throw error
    const what = await whatIsNew()
    throw what === null ? error : planned(`${what} is new in the plan, and does not work yet: ${error.detail}`)
  }
}

function guardConnection(connection: Connection, guard: <T>(promise: Promise<T>) => Promise<T>): Connection {
  return {
    endpoint: connection.endpoint,
    connected: connection.connected,
    get tls() { return connection.tls },
    get injected() { return connection.injected },
    readLine: () => guard(connection.readLine()),
    unread: () => connection.unread(),
    writeLine: (line, shown) => guard(connection.writeLine(line, shown)),
    writeOctets: octets => guard(connection.writeOctets(octets)),
    writeSecret: (beginning, make) => guard(connection.writeSecret(beginning, make)),
    channelBinding: type => connection.channelBinding(type),
    startTls: options => guard(connection.startTls(options)),
    offerTls: (name, hello) => guard(connection.offerTls(name, hello)),
    close: () => connection.close(),
  }
}

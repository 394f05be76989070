/** A network whose DNS is a file, and which has nothing else: every question is answered from the file, and nobody is asked. */
import type { DnsRecord } from '../syntax/record.ts'
import { parseDnsFile, type DnsFileName, type DnsFileWord } from './dns-file-parse.ts'
import { NetworkFailure, type Answer, type Failure, type Network, type Question } from './network.ts'

export { DnsFileError } from './dns-file-parse.ts'

/** What resolvers do, too: a longer chain of aliases is taken for a loop. */
const longestChain = 8

const resolver = 'dns-file'

/**
 * The names of `text` (the notation is that of dns-file-parse.ts) are all there are. A name without the type asked for is
 * NODATA, any other name NXDOMAIN; aliases are followed. Connections and pages are `not-recorded`.
 * @throws DnsFileError
 */
export function dnsFileNetwork(text: string): Network {
  const names = parseDnsFile(text)
  return {
    // Failures reject, whoever finds them.
    query: async question => { // eslint-disable-line @typescript-eslint/require-await
      return answer(names, question) as Answer<never>
    },
    connect: endpoint => Promise.reject(absent(`a connection to ${endpoint.address} port ${endpoint.port}`)),
    fetch: url => Promise.reject(absent(url)),
    now: () => new Date(),
  }
}

function answer(names: ReadonlyMap<string, DnsFileName>, question: Question): Answer {
  const aliases: DnsRecord<'CNAME'>[] = []
  let { name } = question
  let secure = true
  for (;;) {
    const entry = names.get(name)
    secure &&= entry?.secure ?? false
    const own = entry && (entry.answers.get(question.type) ?? (aliasOf(entry) ? undefined : entry.otherwise) ?? undefined)
    const alias = entry && own === undefined ? aliasOf(entry) : undefined
    if (!alias) {
      if (typeof own === 'string' && own !== 'NXDOMAIN') throw new NetworkFailure(failureOf(own, question))
      return {
        question, rcode: entry === undefined || own === 'NXDOMAIN' ? 'NXDOMAIN' : 'NOERROR', records: typeof own === 'object' ? own : [],
        aliases, authority: [], signatures: [], secure, adTrusted: true, authoritative: false, origin: 'live', resolver,
        transport: 'udp', octets: 0, elapsed: 0, extendedErrors: [],
      }
    }
    if (aliases.length === longestChain) throw new NetworkFailure(failureOf('SERVFAIL', question))
    aliases.push(alias)
    name = alias.data.target
  }
}

function aliasOf({ answers }: DnsFileName): DnsRecord<'CNAME'> | undefined {
  const records = answers.get('CNAME')
  return typeof records === 'object' ? records[0] as DnsRecord<'CNAME'> | undefined : undefined
}

function failureOf(word: DnsFileWord, { name, type }: Question): Failure {
  if (word === 'TIMEOUT') return { event: 'timeout', reason: 'dns-timeout', detail: `${resolver} does not answer ${name} ${type}` }
  return {
    event: 'rcode', reason: word === 'REFUSED' ? 'resolver-refused' : 'dns-servfail', detail: `${resolver} answers ${word} for ${name} ${type}`,
  }
}

function absent(what: string): NetworkFailure {
  return new NetworkFailure({ event: 'unavailable', reason: 'not-recorded', detail: `the DNS file holds no ${what}` })
}

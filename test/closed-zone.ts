/**
 * Answers from a zone text, as a resolver and the zones' name servers would give them if the text were all the DNS there is.
 * A name server that is asked directly says the same, with authority, but for what a comment tells of it:
 *
 *     ; at 192.0.2.53 example.com MX 10 old.example.com   instead of what the zone has of this name and type; also (servfail) …
 *     ; at 192.0.2.53 * (timeout)                         whatever it is asked
 *     ; at 192.0.2.53 lame                                it answers without authority
 *     ; at 192.0.2.53 (timeout) over tcp                  by TCP alone
 *     ; at 192.0.2.1 delegates example.com ns1.example.com ns2.example.com
 *
 * `; bogus NAME` makes the resolver answer SERVFAIL for names at and below it unless CD=1; `; resolvers 2` says how many of
 * them answer SERVFAIL wherever one does.
 */
import { NetworkFailure, type Answer, type Question } from '../src/network/network.ts'
import { makeRecord, type DnsRecord } from '../src/syntax/record.ts'
import { parseZone, type SpecialAnswer, type SpecialWord } from '../src/syntax/zone.ts'

const resolver = '127.0.0.1:53'
/** What resolvers do, too: a longer chain of aliases is taken for a loop. */
const longestChain = 8

export function closedZone(text: string): (question: Question) => Answer {
  const lines = text.split('\n').map(line => line.trim()) // indentation is the test's, not the zone's: no owner is inherited
  const { records, special } = read(lines.join('\n'))
  const names = new Set([...records, ...special].filter(entry => !('word' in entry && entry.word === 'nxdomain')).flatMap(({ name }) => ancestry(name)))
  const signed = lines.flatMap(line => {
    const [, word, name] = /^;\s*(secure|insecure)\s+(\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name: foldedName(name), secure: word === 'secure' }]
  })
  const bogus = lines.flatMap(line => {
    const [, name] = /^;\s*bogus\s+(\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [foldedName(name)]
  })
  const adTrusted = !lines.some(line => /^;\s*ad-untrusted$/.test(line))
  const resolvers = Number(/^;\s*resolvers\s+(\d+)$/m.exec(lines.join('\n'))?.[1] ?? 1)
  const servers = nameServers(lines)

  /** The closest `; secure` or `; insecure` above the name decides. */
  const isSecure = (name: string): boolean => adTrusted && (ancestry(name)
    .map(above => signed.find(entry => entry.name === above)).find(entry => entry !== undefined)?.secure ?? false)

  const owner = (name: string): string | null => {
    if (names.has(name)) return name
    const closest = ancestry(name).find(above => names.has(above)) // RFC 4592 §3.3.1
    const wildcard = closest === undefined ? undefined : `*.${closest}`
    return wildcard !== undefined && names.has(wildcard) ? wildcard : null
  }

  return question => {
    const { server } = question
    const who = server === undefined ? resolver : server.includes(':') ? `[${server}]:53` : `${server}:53`
    const own = server === undefined ? undefined : servers.get(server)
    const failed = (word: SpecialWord): void => refuse(word, question, who, server === undefined ? resolvers : 1)
    const aliases: DnsRecord<'CNAME'>[] = []
    let { name } = question
    const answer = (more: Partial<Answer>): Answer => ({
      question, rcode: 'NOERROR', records: [], aliases, authority: [], signatures: [],
      secure: server === undefined && isSecure(question.name) && isSecure(name), adTrusted: server === undefined && adTrusted,
      authoritative: server !== undefined && own?.lame !== true, origin: 'live', resolver: who, transport: question.transport ?? 'udp',
      octets: 12 + name.length + 6 + (more.records ?? []).reduce((sum, { text }) => sum + text.length + 12, 0),
      elapsed: 0, extendedErrors: [], ...more,
    })
    if (own?.always) failed(own.always)
    if (own?.overTcp && question.transport === 'tcp') failed(own.overTcp)
    const cut = own?.delegations.find(({ name: below }) => ancestry(name).includes(below))
    if (cut) {
      const authority = cut.hosts.map(host => makeRecord(cut.name, 'NS', 3600, { host }))
      return answer({ authority, authoritative: false })
    }
    if (server === undefined && question.checkingDisabled !== true && ancestry(name).some(above => bogus.includes(above))) {
      const { detail, ...failure } = servfail(question, who, resolvers)
      throw new NetworkFailure({ ...failure, detail: `${detail} (6 DNSSEC Bogus)`, extendedErrors: [{ code: 6, text: 'bogus' }] })
    }
    for (;;) {
      const found = owner(name)
      const here = own?.zone
      const otherwise = here && [...here.records, ...here.special].some(entry => entry.name === name && entry.type === question.type)
      const told = (otherwise ? here.special : special).find(entry => entry.name === (otherwise ? name : found) && entry.type === question.type)
      if (told) failed(told.word)
      const at = (otherwise ? here.records : records).filter(record => record.name === (otherwise ? name : found)).map(record => ({ ...record, name }))
      const matching = at.filter(({ type }) => type === question.type)
      const alias = at.find((record): record is DnsRecord<'CNAME'> => record.type === 'CNAME')
      if (matching.length > 0 || !alias || question.type === 'CNAME') {
        const absent = (found === null && !otherwise) || told?.word === 'nxdomain'
        return answer({
          rcode: absent ? 'NXDOMAIN' : 'NOERROR', records: told ? [] : matching,
          authority: matching.length > 0 ? [] : start(records, name),
          signatures: told ? [] : at.filter((record): record is DnsRecord<'RRSIG'> =>
            record.type === 'RRSIG' && (record as DnsRecord<'RRSIG'>).data.covers === question.type),
        })
      }
      if (aliases.length === longestChain) throw new NetworkFailure(servfail(question, who, 1))
      aliases.push(alias)
      name = alias.data.target
    }
  }
}

interface NameServer {
  always?: SpecialWord
  overTcp?: SpecialWord
  lame?: boolean
  zone: Pick<ReturnType<typeof parseZone>, 'records' | 'special'>
  readonly delegations: { readonly name: string; readonly hosts: readonly string[] }[]
}

function nameServers(lines: readonly string[]): Map<string, NameServer> {
  const servers = new Map<string, NameServer>()
  const told = new Map<string, string[]>()
  for (const line of lines) {
    const [, address = '', text = ''] = /^;\s*at\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (text === '') continue
    const server = servers.get(address) ?? { zone: { records: [], special: [] }, delegations: [] }
    servers.set(address, server)
    const [, always, , overTcp] = /^(?:\* \((\w+)\))$|^(\((\w+)\) over tcp)$/.exec(text) ?? []
    const [, cut, hosts] = /^delegates (\S+) (.*)$/.exec(text) ?? []
    if (always !== undefined) server.always = always as SpecialWord
    else if (overTcp !== undefined) server.overTcp = overTcp as SpecialWord
    else if (text === 'lame') server.lame = true
    else if (cut !== undefined) server.delegations.push({ name: foldedName(cut), hosts: (hosts ?? '').split(' ').map(foldedName) })
    else told.set(address, [...(told.get(address) ?? []), text])
  }
  for (const [address, own] of told) (servers.get(address) as NameServer).zone = read(own.join('\n'))
  return servers
}

function read(text: string): Pick<ReturnType<typeof parseZone>, 'records' | 'special'> {
  const { records, special, errors } = parseZone(text, { origin: '' })
  const [error] = errors
  if (error) throw new Error(`zone, line ${error.line}: ${error.message}\n${text.split('\n')[error.line - 1] ?? ''}`)
  return { records, special }
}

function foldedName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

function refuse(word: SpecialAnswer['word'], question: Question, who: string, resolvers: number): void {
  const about = `${question.name} ${question.type}`
  switch (word) {
    case 'timeout':
      throw new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: `${who} did not answer ${about} in time` })
    case 'servfail':
      throw new NetworkFailure(servfail(question, who, resolvers))
    case 'refused':
      throw new NetworkFailure({ event: 'rcode', reason: 'resolver-refused', detail: `${who} answered REFUSED for ${about}` })
    case 'malformed':
      throw new NetworkFailure({ event: 'malformed', reason: 'dns-malformed', detail: `${who} answered ${about} with what cannot be read` })
    case 'nxdomain':
    case 'nodata':
    case 'none':
  }
}

function servfail({ name, type }: Question, who: string, resolvers: number): ConstructorParameters<typeof NetworkFailure>[0] {
  return {
    event: 'rcode', reason: 'dns-servfail', detail: `${who} answered SERVFAIL for ${name} ${type}`,
    ...(resolvers > 1 ? { resolvers: { asked: resolvers, servfail: resolvers } } : {}),
  }
}

/** The SOA of the zone that holds the name: what a denial carries (RFC 2308 §2). */
function start(records: readonly DnsRecord[], name: string): DnsRecord[] {
  for (const above of ancestry(name)) {
    const soa = records.find(record => record.name === above && record.type === 'SOA')
    if (soa) return [soa]
  }
  return []
}

/** The name itself, then each name above it, without the root. */
function ancestry(name: string): string[] {
  const labels = name.split('.')
  return labels.map((_, i) => labels.slice(i).join('.'))
}

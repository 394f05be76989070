/** Answers from a zone text, as a resolver would give them if the text were all the DNS there is. */
import { NetworkFailure, type Answer, type Question } from '../src/network/network.ts'
import type { DnsRecord } from '../src/syntax/record.ts'
import { parseZone, type SpecialAnswer } from '../src/syntax/zone.ts'

const resolver = '127.0.0.1:53'
/** What resolvers do, too: a longer chain of aliases is taken for a loop. */
const longestChain = 8

export function closedZone(text: string): (question: Question) => Answer {
  const lines = text.split('\n').map(line => line.trim()) // indentation is the test's, not the zone's: no owner is inherited
  const { records, special, errors } = parseZone(lines.join('\n'), { origin: '' })
  const [error] = errors
  if (error) throw new Error(`zone, line ${error.line}: ${error.message}\n${lines[error.line - 1] ?? ''}`)
  const names = new Set([...records, ...special].filter(entry => !('word' in entry && entry.word === 'nxdomain')).flatMap(({ name }) => ancestry(name)))
  const signed = lines.flatMap(line => {
    const [, word, name] = /^;\s*(secure|insecure)\s+(\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name: name.toLowerCase().replace(/\.$/, ''), secure: word === 'secure' }]
  })
  const adTrusted = !lines.some(line => /^;\s*ad-untrusted$/.test(line))

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
    const aliases: DnsRecord<'CNAME'>[] = []
    let { name } = question
    for (;;) {
      const found = owner(name)
      const told = special.find(entry => entry.name === found && entry.type === question.type)
      if (told) refuse(told, question)
      const at = records.filter(record => record.name === found).map(record => ({ ...record, name }))
      const matching = at.filter(({ type }) => type === question.type)
      const alias = at.find((record): record is DnsRecord<'CNAME'> => record.type === 'CNAME')
      if (matching.length > 0 || !alias || question.type === 'CNAME') {
        const absent = found === null || told?.word === 'nxdomain'
        return {
          question, rcode: absent ? 'NXDOMAIN' : 'NOERROR', records: told ? [] : matching, aliases,
          authority: matching.length > 0 ? [] : start(records, name), signatures: [],
          secure: isSecure(question.name) && isSecure(name), adTrusted, authoritative: question.server !== undefined,
          origin: 'live', resolver: question.server === undefined ? resolver : `${question.server}:53`,
          transport: question.transport ?? 'udp', octets: 12 + name.length + 6 + matching.reduce((sum, { text }) => sum + text.length + 12, 0),
          elapsed: 0, extendedErrors: [],
        }
      }
      if (aliases.length === longestChain) {
        throw new NetworkFailure({ event: 'rcode', reason: 'dns-servfail', detail: `${resolver} answered SERVFAIL for ${question.name} ${question.type}` })
      }
      aliases.push(alias)
      name = alias.data.target
    }
  }
}

function refuse({ word }: SpecialAnswer, { name, type }: Question): void {
  const about = `${name} ${type}`
  switch (word) {
    case 'timeout':
      throw new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: `${resolver} did not answer ${about} in time` })
    case 'servfail':
      throw new NetworkFailure({ event: 'rcode', reason: 'dns-servfail', detail: `${resolver} answered SERVFAIL for ${about}` })
    case 'refused':
      throw new NetworkFailure({ event: 'rcode', reason: 'resolver-refused', detail: `${resolver} answered REFUSED for ${about}` })
    case 'malformed':
      throw new NetworkFailure({ event: 'malformed', reason: 'dns-malformed', detail: `${resolver} answered ${about} with what cannot be read` })
    case 'nxdomain':
    case 'nodata':
    case 'none':
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

/** What the unknowns say about the place mailcheck was run at. Nothing here speaks of the domain. */
import { healthOf } from '../evaluate/block-list.ts'
import type { AddressFacts } from '../probes/addresses.ts'
import type { AskedList } from '../probes/block-lists.ts'
import type { HostView } from '../probes/host-views.ts'
import type { MxFacts } from '../probes/mx.ts'
import type { ServedRecords } from '../probes/served-records.ts'
import type { VantageFacts, VantagePort } from '../probes/vantage.ts'
import type { Finding } from '../run.ts'
import { groupBy } from './group.ts'
import { visible } from './visible.ts'

/**
 * One line of what the self-check found, where the user named hosts for it; then one sentence for each thing more that stands
 * between this place and the answers. Empty when nothing does.
 */
export function seenFromHere(findings: readonly Finding[], facts: Readonly<Record<string, unknown>> = {}): string[] {
  const known = vantageOf(facts['vantage'])
  const checked = known?.ports.map(({ port, family }) => `${port} ${family}`) ?? []
  const unknowns = findings.filter(({ verdict }) => verdict === 'unknown')
  const because = (code: string) => unknowns.filter(finding => finding.code === code)
  const anything = findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail')
  const lines: string[] = known ? [selfCheck(known, listWords(facts['blockLists']))] : []
  if (!anything && because('dns-timeout').length > 0) lines.push(`The resolver does not answer${told(because('dns-timeout'))}: nothing could be tested.`)
  if (!anything && because('resolver-refused').length > 0) {
    lines.push(`The resolver refuses to answer${told(because('resolver-refused'))}: nothing could be tested.`)
  }
  const absent = (family: 4 | 6): boolean => known?.ports.some(port => port.family === family && port.state === 'no-route') ?? false
  if (!absent(4) && because('no-ipv4-here').length > 0) lines.push('There is no IPv4 here: what is reached over IPv4 only was not tested.')
  if (!absent(6) && because('no-ipv6-here').length > 0) lines.push('There is no IPv6 here: what is reached over IPv6 only was not tested.')
  if (!known?.unexpectedIssuers.length && !known?.masked.length && because('intercepted-here').length > 0) lines.push('Connections from here are intercepted: what they show is not the server’s.')
  const blocked = because('local-egress-blocked').filter(({ subject }) => !checked.includes(portIn(subject)))
  if (blocked.length > 0) lines.push(`This network lets no connection out to ${ports(blocked)}.`)
  const silent = because('connect-timeout')
  if (silent.length > 0) lines.push(`Connections to ${ports(silent)} time out; it cannot be told from here whose doing that is${known ? '' : ' (--vantage names a host to compare with)'}.`)
  if (because('client-rejected').length > 0) lines.push('Some servers reject connections from this address.')
  if (splitView(facts) || because('split-view').length > 0) {
    lines.push('The resolver says other than the zone’s own name servers: its answer is an old one, or this network has a view of its own.')
  }
  if (because('clock-wrong-here').length > 0) lines.push(`The clock here is wrong${told(because('clock-wrong-here'))}: what depends on the date was not judged.`)
  if (because('ad-untrusted').length > 0) lines.push('No resolver here can be trusted to validate DNSSEC (use one on loopback or over TLS).')
  return lines
}

/** Servers were asked, and no host showed what this place lets through. */
export function lacksSelfCheck(facts: Readonly<Record<string, unknown>>): boolean {
  return ('mxSessions' in facts || 'serviceSessions' in facts) && vantageOf(facts['vantage']) === null
}

type Known = Pick<VantageFacts, 'ports' | 'signed' | 'bogus' | 'unexpectedIssuers' | 'masked'>

const states: Readonly<Record<VantagePort['state'], string>> = {
  accepted: 'can be reached', refused: 'refuses connections', silent: 'is blocked', 'no-route': '', unknown: 'could not be tested',
}

/** `From here: port 25 can be reached over IPv4, there is no IPv6; the resolver validates DNSSEC.` */
function selfCheck({ ports, signed, bogus, unexpectedIssuers, masked }: Known, lists: string | null): string {
  const alike = groupBy(ports, ({ port, state }) => (state === 'no-route' ? '' : `port ${port} ${states[state]} over `))
  const reach = [...alike].map(([words, group]) => {
    const families = sentenceList([...new Set(group.map(({ family }) => `IPv${family}`))])
    return words === '' ? `there is no ${families}` : `${words}${families}`
  })
  const resolver = resolverWords(signed, bogus)
  const [issuer] = unexpectedIssuers
  const [mask] = masked
  const parts = [
    sentenceList(reach),
    ...(resolver === null ? [] : [resolver]),
    ...(lists === null ? [] : [lists]),
    ...(mask ? [`what strangers say is masked ("${visible(mask.line.slice(0, 40))}"), so somebody stands in between`] : []),
    ...(issuer ? [`certificates of strangers are issued by ${visible(issuer.issuer)}, so somebody stands in between`] : []),
  ]
  return `From here: ${parts.filter(part => part !== '').join('; ')}.`
}

function resolverWords(signed: Known['signed'], bogus: Known['bogus']): string | null {
  if (!signed || 'problem' in signed.answer) return signed ? 'the resolver did not answer about a signed name' : null
  const { secure, adTrusted } = signed.answer.value
  if (!adTrusted) return 'the resolver’s word on DNSSEC does not count'
  if (bogus && 'value' in bogus.answer) return 'the resolver answers what is bogus'
  return secure ? 'the resolver validates DNSSEC' : 'the resolver does not validate DNSSEC'
}

/** RFC 5782 §5: what the test points of the block lists say here; null where none was asked. */
function listWords(fact: unknown): string | null {
  const lists = Array.isArray(fact) ? fact as readonly AskedList[] : []
  if (lists.length === 0) return null
  const bad = lists.filter(list => Object.values(list.tests).some(tests => healthOf(list, tests).state !== 'healthy')).map(({ name }) => visible(name))
  return bad.length === 0 ? 'the block lists answer their test points' : `${sentenceList(bad.slice(0, 5))} ${bad.length === 1 ? 'does' : 'do'} not answer as ${bad.length === 1 ? 'a block list' : 'block lists'} must`
}

/** Facts arrive as they were gathered; nobody was asked when there are no hosts. */
function vantageOf(fact: unknown): Known | null {
  return typeof fact === 'object' && fact !== null && 'hosts' in fact && (fact as VantageFacts).hosts.length > 0 ? fact as VantageFacts : null
}

/** All servers of the zone say the same, and the resolver says something else. */
function splitView(facts: Readonly<Record<string, unknown>>): boolean {
  const mx = facts['mx'] as Partial<MxFacts> | undefined
  const served = facts['servedRecords']
  if (!mx?.answer || !Array.isArray(served)) return false
  if (viewedElsewhere(facts['hostViews'], facts['addresses'])) return true
  const own = (served as readonly ServedRecords[]).flatMap(server => ('value' in server.mx ? [routes(server.mx.value)] : []))
  return own.length > 0 && own.every(text => text === own[0]) && own[0] !== routes(mx.answer)
}

/** An MX host has addresses for everybody, and others, or none, here. */
function viewedElsewhere(views: unknown, addresses: unknown): boolean {
  if (!Array.isArray(views) || typeof addresses !== 'object' || addresses === null) return false
  return (views as readonly HostView[]).some(({ name, v4, v6 }) => {
    const here = (addresses as Readonly<Record<string, Partial<AddressFacts>>>)[name]
    const told = [v4, v6].flatMap(family => ('value' in family ? family.value.records.map(({ data }) => data.address) : []))
    const heard = [here?.v4, here?.v6].flatMap(family => (family && 'value' in family ? family.value.records.map(({ data }) => data.address) : []))
    return told.length > 0 && !told.some(address => heard.includes(address))
  })
}

function routes({ records }: MxFacts['answer']): string {
  return records.map(({ data }) => `${data.preference} ${data.exchange}`).toSorted().join(', ')
}

/** `25 4`, of an endpoint. */
function portIn(subject: string): string {
  const [, address = '', port = ''] = /\[(.*)\]:(\d+)$/.exec(subject) ?? []
  return `${port} ${address.includes(':') ? 6 : 4}`
}

/** ` (192.0.2.53:53 did not answer)`, where all agree. */
function told(findings: readonly Finding[]): string {
  const details = new Set(findings.map(({ detail }) => detail))
  const [detail] = details
  return details.size === 1 && detail !== null && detail !== undefined ? ` (${visible(detail)})` : ''
}

/** `port 25 over IPv4`, `ports 465 and 587 over IPv6`: the ports of the endpoints concerned. */
function ports(findings: readonly Finding[]): string {
  const found = findings.flatMap(({ subject }) => {
    const parts = /\[(.*)\]:(\d+)$/.exec(subject)
    return parts ? [{ family: parts[1]?.includes(':') ? 'IPv6' : 'IPv4', port: Number(parts[2]) }] : []
  })
  if (found.length === 0) return 'the mail servers'
  const numbers = [...new Set(found.map(({ port }) => port))].toSorted((a, b) => a - b)
  const families = [...new Set(found.map(({ family }) => family))].toSorted()
  return `${numbers.length === 1 ? 'port' : 'ports'} ${sentenceList(numbers.map(String))} over ${sentenceList(families)}`
}

export function sentenceList(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** What the unknowns say about the place mailcheck was run at. Nothing here speaks of the domain. */
import type { Finding } from '../run.ts'
import { visible } from './visible.ts'

/** One sentence for each thing that stands between this place and the answers; empty when nothing does. */
export function seenFromHere(findings: readonly Finding[]): string[] {
  const unknowns = findings.filter(({ verdict }) => verdict === 'unknown')
  const because = (code: string) => unknowns.filter(finding => finding.code === code)
  const anything = findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail')
  const lines: string[] = []
  if (!anything && because('dns-timeout').length > 0) lines.push(`The resolver does not answer${told(because('dns-timeout'))}: nothing could be tested.`)
  if (!anything && because('resolver-refused').length > 0) {
    lines.push(`The resolver refuses to answer${told(because('resolver-refused'))}: nothing could be tested.`)
  }
  if (because('no-ipv4-here').length > 0) lines.push('There is no IPv4 here: what is reached over IPv4 only was not tested.')
  if (because('no-ipv6-here').length > 0) lines.push('There is no IPv6 here: what is reached over IPv6 only was not tested.')
  if (because('intercepted-here').length > 0) lines.push('Connections from here are intercepted: what they show is not the server’s.')
  const blocked = because('local-egress-blocked')
  if (blocked.length > 0) lines.push(`This network lets no connection out to ${ports(blocked)}.`)
  const silent = because('connect-timeout')
  if (silent.length > 0) lines.push(`Connections to ${ports(silent)} time out; it cannot be told from here whose doing that is.`)
  if (because('client-rejected').length > 0) lines.push('Some servers reject connections from this address.')
  if (because('ad-untrusted').length > 0) lines.push('No resolver here can be trusted to validate DNSSEC (use one on loopback or over TLS).')
  return lines
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

function sentenceList(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

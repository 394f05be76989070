/**
 * Where DMARC reports are to go (RFC 9989 §4.6; RFC 9990 §4): the hosts of the addresses in rua and ruf. Each has to take mail,
 * and one of another organization has to agree, by a TXT record at DOMAIN._report._dmarc.HOST, or anybody could have anybody
 * flooded with reports.
 */
import { discoverByList, discoverByWalk } from '../evaluate/dmarc-policy.ts'
import { organizationOf, walkFrom } from '../evaluate/dmarc-walk.ts'
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { maxName, wireLength } from '../syntax/name.ts'
import { hostOf, isFullName } from '../syntax/uri.ts'
import type { AddressFacts } from './addresses.ts'
import { lookUpNames, type DmarcNames } from './dmarc.ts'
import type { ProbeContext, Subject } from './index.ts'

/** A host that is to receive reports, and how mail gets there. */
export interface ReportDestination extends Subject {
  readonly mx: Outcome<Answer<'MX'>>
  /** When there is no MX. */
  readonly addresses?: AddressFacts
}

/** Whether a host has agreed to receive reports about a domain. */
export interface ReportAuthorisation {
  readonly host: string
  /** The domain at which the policy was found. */
  readonly policyDomain: string
  /** Do both belong to one organization, so that no consent is needed? By the walk, and by the Public Suffix List. */
  readonly sameByWalk: Outcome<boolean>
  readonly sameByList: boolean
  /** Where consent is published; null when that would be too long for a name. */
  readonly name: string | null
  /** Null when it was not asked for. */
  readonly answer: Outcome<Answer<'TXT'>> | null
}

/** More than anybody has, and few enough to ask for. */
const mostHosts = 20

export async function probeReportDestinations(context: ProbeContext): Promise<readonly ReportDestination[]> {
  const wanted = await reportHosts(context)
  const hosts = [...new Set(wanted.map(({ host }) => host))]
  return Promise.all(hosts.map(name => probeDestination(context, name)))
}

/** How mail gets to a host that is to receive reports (RFC 5321 §5.1). */
export async function probeDestination({ network, facts }: ProbeContext, name: string): Promise<ReportDestination> {
  const mx = await outcome(network.query({ name, type: 'MX' }))
  const none = 'value' in mx && mx.value.records.length === 0 && mx.value.rcode === 'NOERROR'
  return { name, mx, ...(none ? { addresses: await facts.get('addresses', { name }) } : {}) }
}

export async function probeReportAuthorisations(context: ProbeContext): Promise<readonly ReportAuthorisation[]> {
  const [wanted, { organizationalDomain }] = await Promise.all([reportHosts(context), import('../syntax/organizational-domain.ts')])
  return Promise.all(wanted.map(async ({ host, policyDomain }): Promise<ReportAuthorisation> => {
    const text = `${policyDomain}._report._dmarc.${host}`
    const name = wireLength(text) <= maxName ? text : null
    const consent = async (): Promise<ReportAuthorisation['answer']> => name === null ? null : outcome(context.network.query({ name, type: 'TXT' }))
    const sameByList = organizationalDomain(policyDomain) === organizationalDomain(host)
    // What the list calls a stranger is asked at once, not after the walks.
    const [early, own, other] = await Promise.all([sameByList ? null : consent(), lookUpNames(context, policyDomain), lookUpNames(context, host)])
    const sameByWalk = sameOrganization(own, other)
    const external = !('value' in sameByWalk && sameByWalk.value)
    return { host, policyDomain, sameByWalk, sameByList, name, answer: sameByList && external ? await consent() : early }
  }))
}

function sameOrganization(own: DmarcNames, other: DmarcNames): Outcome<boolean> {
  if (own.domain === other.domain) return { value: true }
  const [organization, stranger] = [organizationOf(walkFrom(own.domain, own.asked)), organizationOf(walkFrom(other.domain, other.asked))]
  if ('problem' in organization) return organization
  return 'problem' in stranger ? stranger : { value: organization.value === stranger.value }
}

/** The hosts that the record that applies names, by either standard, each with the domain of the record. */
async function reportHosts({ facts, scope: { domain } }: ProbeContext): Promise<{ host: string; policyDomain: string }[]> {
  const { asked, organizationalDomain } = await facts.get('dmarc')
  const readings = [discoverByWalk(domain, asked), discoverByList(domain, organizationalDomain, asked)]
  const pairs = readings.flatMap(reading => reading.found !== 'one' ? [] : [...reading.record.rua, ...reading.record.ruf].flatMap(({ uri, valid }) => {
    const host = valid && /^mailto:/i.test(uri) ? hostOf(uri) : null
    return host !== null && isFullName(host) ? [{ host, policyDomain: reading.lookup.domain }] : []
  }))
  return [...new Map(pairs.map(pair => [`${pair.host} ${pair.policyDomain}`, pair])).values()].slice(0, mostHosts)
}

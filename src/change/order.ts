/**
 * What must not be done all at once. Others remember the old records for their TTL, policies for their max_age, and mail is
 * under way for days: so what is needed is published first, switches come after it, and what is no longer needed goes last.
 */
import type { MtaStsFacts } from '../probes/mta-sts.ts'
import type { Report } from '../report/report.ts'
import { matchesMx, parseMtaStsPolicy } from '../syntax/mta-sts.ts'
import { joinedText, type DnsRecord } from '../syntax/record.ts'
import { isSpf } from '../syntax/spf.ts'
import { parseDkim } from '../syntax/dkim.ts'
import type { Difference } from './difference.ts'
import type { SpfMeaning } from './meaning.ts'
import type { Step } from './plan.ts'

/** In which order: within one, as the plan has them. */
const phases = ['lower', 'prepare', 'policy', 'switch', 'drain', 'remove', 'last'] as const
type Phase = (typeof phases)[number]
type Ordered = Step & { readonly phase: Phase }

const day = 86_400
/** Mail is tried again for four to five days (RFC 5321 §4.5.4.1), and checked once more wherever it is forwarded. */
const signedMail = 7 * day
/** TTLs from which on a mistake takes hours to take back. */
const longTtl = 6 * 3600

export interface OrderInput {
  readonly domain: string
  readonly before: Report
  readonly differences: readonly Difference[]
  readonly spf: SpfMeaning | null
}

export function stepsOf(input: OrderInput): Step[] {
  const { domain, differences } = input
  const steps = differences.flatMap((difference): Ordered[] => {
    const { name, type } = difference
    if (name === domain && type === 'MX') return mxSteps(difference, input)
    if (type === 'TLSA') return tlsaSteps(difference)
    if (name === `_mta-sts.${domain}` && type === 'TXT') return policySteps(difference, input)
    if (name.endsWith(`._domainkey.${domain}`) && (type === 'TXT' || type === 'CNAME')) return selectorSteps(difference)
    if (name === domain && type === 'TXT') return spfSteps(difference, input)
    if (name === `_dmarc.${domain}` && type === 'TXT') return dmarcSteps(difference, input)
    if (type === 'A' || type === 'AAAA') return addressSteps(difference, input)
    if (type === 'NS') return serverSteps(difference)
    return type === 'DS' ? keySteps(difference) : []
  })
  return steps.toSorted((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase)).map(({ text, wait, places }) => ({ text, wait, places }))
}

function mxSteps({ name, before, after, ttl, places }: Difference, { before: report, differences }: OrderInput): Ordered[] {
  if (!before || !after) return []
  const hosts = (records: readonly DnsRecord[]): string[] => records.flatMap(record => record.type === 'MX' ? (record as DnsRecord<'MX'>).data.exchange : []).filter(host => host !== '')
  const [old, now] = [hosts(before), hosts(after)]
  const added = now.filter(host => !old.includes(host))
  const removed = old.filter(host => !now.includes(host))
  if (added.length + removed.length === 0) return []
  const steps: Ordered[] = []
  if (ttl >= longTtl) steps.push({ phase: 'lower', text: `Lower the TTL of ${name} MX from ${ttl} to 300, so that you can turn back quickly.`, wait: ttl, places: [] })
  const policy = policyOf(report)
  const uncovered = policy && policy.mode !== 'none' ? added.filter(host => !policy.mx.some(pattern => matchesMx(pattern, host))) : []
  if (uncovered.length > 0 && policy) {
    const sts = differences.find(one => one.name === `_mta-sts.${name}`)
    steps.push({
      phase: 'prepare', wait: Math.max(sts?.ttl ?? 0, 3600), places: sts?.places ?? [],
      text: `Serve an MTA-STS policy that lists ${uncovered.map(host => `"mx: ${host}"`).join(' and ')} beside the present hosts, then change the id in _mta-sts.${name}: senders that know only the present policy (mode: ${policy.mode}) refuse the new hosts.`,
    })
  }
  const fresh = differences.filter(one => added.includes(one.name) && (one.type === 'A' || one.type === 'AAAA') && one.before?.length === 0)
  if (fresh.length > 0) {
    steps.push({
      phase: 'prepare', text: `Publish the addresses of ${[...new Set(fresh.map(one => one.name))].join(' and ')} before the MX records that name them.`,
      wait: Math.max(...fresh.map(one => one.ttl)), places: fresh.flatMap(one => one.places),
    })
  }
  if (added.length > 0) steps.push({ phase: 'switch', text: `See that ${added.join(' and ')} accept${added.length === 1 ? 's' : ''} mail for ${name}, then publish the MX records.`, wait: null, places })
  if (removed.length > 0 && now.length > 0) {
    steps.push({ phase: 'drain', text: `Keep ${removed.join(' and ')} accepting mail until no cache has the old MX records any more.`, wait: ttl, places })
  }
  return steps
}

function tlsaSteps({ name, before, after, ttl, places }: Difference): Ordered[] {
  if (!before || !after) return []
  const host = name.replace(/^_\d+\._\w+\./, '')
  const texts = new Set(after.map(({ text }) => text))
  const old = before.filter(({ text }) => !texts.has(text))
  const fresh = after.filter(({ text }) => !before.some(one => one.text === text))
  if (before.length === 0) return [{ phase: 'policy', text: `Publish ${name} TLSA only once every address of ${host} shows the certificate that it names.`, wait: null, places }]
  if (after.length === 0) return [{ phase: 'drain', text: `Remove ${name} TLSA before the certificate of ${host} changes to one that it does not name.`, wait: 2 * ttl, places }]
  if (fresh.length === 0) return [{ phase: 'remove', text: `Remove the old TLSA record of ${name} only when no address of ${host} shows its certificate any more.`, wait: null, places }]
  return [
    { phase: 'prepare', text: `Publish the TLSA record for the new key at ${name} beside the present one${old.length > 0 ? ', not in its place' : ''}.`, wait: 2 * ttl, places },
    { phase: 'switch', text: `Swap the certificate of ${host}, on all of its addresses.`, wait: null, places: [] },
    ...(old.length > 0 ? [{ phase: 'remove' as const, text: `Remove the TLSA record of the old key at ${name}.`, wait: null, places }] : []),
  ]
}

function policySteps({ name, before, after, ttl, places }: Difference, { domain, before: report }: OrderInput): Ordered[] {
  if (!before || !after) return []
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  if (before.length === 0) return [{ phase: 'policy', text: `Serve the policy at ${url} before you publish ${name}.`, wait: null, places }]
  if (after.length === 0) {
    const policy = policyOf(report)
    return [
      { phase: 'policy', text: `Serve a policy with "mode: none" at ${url}, and change the id in ${name}: senders go on enforcing the present policy until it runs out.`, wait: Math.max(policy?.maxAge ?? 0, ttl), places },
      { phase: 'remove', text: `Remove ${name}, and after it the policy.`, wait: null, places },
    ]
  }
  return [{ phase: 'policy', text: `Serve the new policy at ${url} before you raise the id in ${name}.`, wait: ttl, places }]
}

function selectorSteps({ name, before, after, ttl, places }: Difference): Ordered[] {
  if (!before || !after) return []
  if (before.length === 0) return [{ phase: 'prepare', text: `Publish ${name} before the first message is signed with it.`, wait: ttl, places }]
  if (after.length === 0) {
    return [
      { phase: 'drain', text: `Stop signing with ${name}, and keep its record for 7 days: mail that is under way is checked late.`, wait: signedMail, places },
      { phase: 'remove', text: `Remove ${name}.`, wait: null, places },
    ]
  }
  if (keysOf(before) === keysOf(after)) return []
  return [{ phase: 'prepare', text: `Publish the new key under a selector of its own, and keep ${name} as it is for 7 days: in its place, mail that was signed before fails.`, wait: signedMail, places }]
}

function keysOf(records: readonly DnsRecord[]): string {
  return records.map(record => record.type === 'TXT'
    ? parseDkim(joinedText(record as DnsRecord<'TXT'>)).tags.find(tag => tag.name === 'p')?.value.replace(/\s/g, '') ?? record.text : record.text).toSorted().join('\n')
}

function spfSteps({ name, before, after, ttl, places }: Difference, { spf }: OrderInput): Ordered[] {
  const text = (records: readonly DnsRecord[] | null): string => (records ?? []).flatMap(record => record.type === 'TXT' ? joinedText(record as DnsRecord<'TXT'>) : []).filter(isSpf).join('\n')
  if (!spf || text(before) === text(after)) return []
  const some = ({ ipv4, ipv6 }: SpfMeaning['gained']): boolean => ipv4.ranges.length + ipv6.ranges.length > 0
  if (some(spf.lost) && some(spf.gained)) {
    return [
      { phase: 'prepare', text: `Publish at first an SPF record for ${name} that passes the old and the new addresses.`, wait: ttl, places },
      { phase: 'drain', text: `Stop sending as ${name} from the addresses that SPF will no longer pass, and let their queues run empty.`, wait: null, places: [] },
      { phase: 'remove', text: `Publish the SPF record without them.`, wait: null, places },
    ]
  }
  return [
    ...(some(spf.lost) ? [{ phase: 'drain' as const, text: `Stop sending as ${name} from the addresses that SPF will no longer pass, and let their queues run empty, before you publish the new SPF record.`, wait: null, places }] : []),
    ...(some(spf.gained) ? [{ phase: 'prepare' as const, text: `Publish the SPF record with the new addresses before anything is sent from them.`, wait: ttl, places }] : []),
  ]
}

function dmarcSteps({ name, before, after, places }: Difference, { differences, domain }: OrderInput): Ordered[] {
  const rank = (records: readonly DnsRecord[] | null): number => {
    const policy = /;\s*p\s*=\s*(none|quarantine|reject)/i.exec((records ?? []).flatMap(record => record.type === 'TXT' ? joinedText(record as DnsRecord<'TXT'>) : []).join('\n'))?.[1]
    return ['none', 'quarantine', 'reject'].indexOf(policy?.toLowerCase() ?? 'none')
  }
  const others = differences.filter(one => one.type === 'TXT' && (one.name === domain || one.name.endsWith(`._domainkey.${domain}`)))
  if (rank(after) <= rank(before) || others.length === 0) return []
  return [{ phase: 'last', text: `Publish the stricter policy at ${name} last, when the SPF and DKIM records of this plan are seen everywhere.`, wait: null, places }]
}

function addressSteps({ name, before, after, ttl, places }: Difference, { before: report, differences }: OrderInput): Ordered[] {
  const { mx } = report.facts as { mx?: { hosts?: readonly { name: string }[] } }
  if (!before || !after || !mx?.hosts?.some(host => host.name === name)) return []
  const texts = new Set(after.map(({ text }) => text))
  const gone = before.filter(({ text }) => !texts.has(text)).map(({ text }) => text)
  const fresh = after.filter(({ text }) => !before.some(one => one.text === text)).map(({ text }) => text)
  const dane = differences.every(one => one.name !== `_25._tcp.${name}`)
  return [
    ...(fresh.length > 0 ? [{ phase: 'prepare' as const, text: `See that ${fresh.join(' and ')} take${fresh.length === 1 ? 's' : ''} mail on port 25 as ${name} does now${dane ? ', with a certificate for that name' : ''}.`, wait: null, places }] : []),
    ...(gone.length > 0 ? [{ phase: 'drain' as const, text: `Keep the server at ${gone.join(' and ')} running until no cache leads to it any more.`, wait: ttl, places }] : []),
  ]
}

function serverSteps({ name, before, ttl, places }: Difference): Ordered[] {
  return [
    { phase: 'prepare', text: `Serve ${name} with all of its records from the new name servers before the registrar and the zone name them.`, wait: null, places },
    ...(before && before.length > 0 ? [{ phase: 'drain' as const, text: `Keep the old name servers of ${name} up to date until no cache names them any more.`, wait: Math.max(ttl, 2 * day), places }] : []),
  ]
}

function keySteps({ name, after, ttl, places }: Difference): Ordered[] {
  if (after?.length === 0) return [{ phase: 'drain', text: `Remove the DS record of ${name} first, and go on signing until no cache has it any more.`, wait: ttl, places }]
  return [{ phase: 'policy', text: `Publish the DS record of ${name} only once the zone has been signed with its key for a whole TTL.`, wait: ttl, places }]
}

interface Policy {
  readonly mode: string
  readonly mx: readonly string[]
  readonly maxAge: number
}

function policyOf({ facts }: Report): Policy | null {
  const sts = facts['mtaSts'] as MtaStsFacts | undefined
  const response = sts && 'policy' in sts ? sts.policy?.response : null
  if (!response || !('value' in response) || response.value.status !== 200) return null
  const { mode, mx, maxAge, valid } = parseMtaStsPolicy(response.value.body)
  return valid && mode !== null ? { mode, mx, maxAge: maxAge ?? 0 } : null
}

/**
 * What the domain's mail rests on outside of it: the hosts in its MX records, the names in its SPF record and in all that
 * this includes, and the ends of its aliases. Each of these names lies under a domain that somebody registered. When nobody
 * has, or has any more, whoever registers it speaks for us.
 */
import { placesOf } from '../evaluate/spf-limits.ts'
import { outcome, type Answer, type Network, type Outcome } from '../network/network.ts'
import { labelsOf, parentName } from '../syntax/name.ts'
import { foldName, type DnsRecord } from '../syntax/record.ts'
import type { ProbeContext, Subject } from './index.ts'
import { askRegistry, type RegistrationFacts } from './registration.ts'

export type Rest = 'mx' | 'spf' | 'dkim' | 'dmarc' | 'mta-sts' | 'tls-rpt' | 'autodiscover'

export interface ForeignTarget extends Subject {
  /** Whose record it is: the domain, a selector, `_dmarc.example.com`. */
  readonly name: string
  readonly what: Rest
  readonly target: string
  /** The records that lead there. */
  readonly records: readonly DnsRecord[]
  /** The name that somebody must have registered. */
  readonly registrable: string
  readonly registration: Outcome<Registration>
}

export interface Registration {
  /** NS of the registrable name. */
  readonly answer: Answer<'NS'>
  /** Is there anything to register it under? `.invalid` and the like are no such thing (RFC 6761). */
  readonly suffixExists: boolean
  /** What its registry says, where the DNS denies it and the user permits to ask. */
  readonly registry?: RegistrationFacts
}

export interface TargetsFacts {
  readonly foreign: readonly ForeignTarget[]
  /** Lookups that failed, and may have led to more. */
  readonly hidden: readonly Extract<Outcome<never>, { problem: unknown }>[]
}

interface Leading { readonly name: string; readonly what: Rest; readonly target: string; readonly records: readonly DnsRecord[] }

/** Names that are looked at. */
const most = 100

export async function probeTargets(context: ProbeContext): Promise<TargetsFacts> {
  const { network, facts, scope: { domain } } = context
  const [{ organizationalDomain }, mx, spf, dkim, fixed] = await Promise.all([
    import('../syntax/organizational-domain.ts'), outcome(facts.get('mx')), outcome(facts.get('spf')), outcome(facts.get('dkim')), fixedNames(network, domain),
  ])
  const own = organizationalDomain(domain)
  const leading: Leading[] = []
  if ('value' in mx) {
    const { hosts } = mx.value
    for (const { name, record } of hosts) if (record) leading.push({ name: domain, what: 'mx', target: name, records: [record] })
  }
  if ('value' in spf) {
    for (const { branch, node } of placesOf(spf.value)) {
      const target = branch.target ?? (branch.state === 'runtime' ? fixedEnd(branch.term) : null)
      const records = 'value' in node.answer ? node.answer.value.records : []
      if (target !== null) leading.push({ name: node.domain, what: 'spf', target: foldName(target), records: records.filter(record => record.text.toLowerCase().includes('v=spf1')) })
    }
  }
  const aliased = (name: string, what: Rest, answer: Outcome<Answer>): Leading[] =>
    'value' in answer ? answer.value.aliases.map(alias => ({ name, what, target: alias.data.target, records: answer.value.aliases })) : []
  for (const { name, answer } of 'value' in dkim ? dkim.value.selectors : []) leading.push(...aliased(name, 'dkim', answer))
  for (const { name, what, answer } of fixed) leading.push(...aliased(name, what, answer))
  const foreign = leading.filter(({ target }) => labelsOf(target).length > 1 && organizationalDomain(target) !== own).slice(0, most)
  return {
    foreign: await Promise.all(foreign.map(async one => {
      const registrable = organizationalDomain(one.target)
      return { ...one, registrable, registration: await registrationOf(context, registrable) }
    })),
    hidden: [mx, spf, dkim, ...fixed.map(({ answer }) => answer)].filter(answer => 'problem' in answer),
  }
}

async function fixedNames(network: Network, domain: string): Promise<{ name: string; what: Rest; answer: Outcome<Answer> }[]> {
  const names: readonly (readonly [label: string, type: 'TXT' | 'A', what: Rest])[] = [
    ['_dmarc', 'TXT', 'dmarc'], ['_mta-sts', 'TXT', 'mta-sts'], ['mta-sts', 'A', 'mta-sts'], ['_smtp._tls', 'TXT', 'tls-rpt'], ['autodiscover', 'A', 'autodiscover'],
  ]
  return Promise.all(names.map(async ([label, type, what]) => {
    const name = `${label}.${domain}`
    return { name, what, answer: await outcome<Answer>(network.query({ name, type })) }
  }))
}

/** The end of a name that begins with macros: whoever has that has them all. Null when a macro ends it. */
function fixedEnd(term: string): string | null {
  const end = /\}\.([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)\.?$/i.exec(term)?.[1]
  return end ?? null
}

async function registrationOf(context: ProbeContext, name: string): Promise<Outcome<Registration>> {
  const { network, scope: { permissions } } = context
  const answer = await outcome(network.query({ name, type: 'NS' }))
  if ('problem' in answer) return answer
  if (answer.value.rcode !== 'NXDOMAIN' || answer.value.aliases.length > 0) return { value: { answer: answer.value, suffixExists: true } }
  const suffix = await outcome(network.query({ name: parentName(name), type: 'NS' }))
  if ('problem' in suffix) return suffix
  const suffixExists = suffix.value.rcode === 'NOERROR'
  const registry = suffixExists && permissions.has('thirdParties') ? { registry: await askRegistry(context, name) } : {}
  return { value: { answer: answer.value, suffixExists, ...registry } }
}

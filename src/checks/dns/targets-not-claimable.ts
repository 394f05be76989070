import type { ForeignTarget, Registration, Rest } from '../../probes/targets.ts'
import { joinedText, type DnsRecord } from '../../syntax/record.ts'
import { isSpf } from '../../syntax/spf.ts'
import { defineCheck, fail, pass, skip, unknownBecause, type Evidence, type Remedy } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'

export default defineCheck({
  id: 'dns/targets-not-claimable',
  title: 'Nothing that mail rests on lies under a domain that anyone may register',
  severity: 'critical',
  question: 'protect',
  rfc: ['best practice'],
  needs: ['targets'],
  judge(domain, { targets: { foreign, hidden } }) {
    const claimable = foreign.filter(isClaimable)
    const [first] = claimable
    if (first) {
      const seen = claimable.flatMap(({ records, registration }) =>
        [...records.map(recordSeen), ...('value' in registration ? [absenceSeen(registration.value.answer), ...registrySeen(registration.value)] : [])])
      const { name, target, what } = first
      return {
        ...fail('failed', { name, target, consequence: consequences[what], count: claimable.length }, ...unique(seen)),
        about: [...new Set(claimable.map(one => aboutWhat(one, domain.name)))],
      }
    }
    const [problem] = [...foreign.flatMap(({ registration }) => 'problem' in registration ? [registration] : []), ...hidden]
    if (problem) return unknownBecause(problem.problem)
    return foreign.length > 0 ? pass : skip('its mail rests on nothing outside of the domain')
  },
  messages: {
    failed: '{name} rests on {target}, which anyone may claim, and then {consequence}',
  },
  explain: `The domain behind that name is not registered. Whoever registers it, for a few coins, decides what stands there: the
    records of your domain have already agreed.`,
  remedy({ name: domain }, { targets: { foreign } }) {
    const targets = [...new Set(foreign.filter(isClaimable).map(({ name, what, target }) => what === 'spf' ? `the term with ${target} in the SPF record of ${name}` : what === 'mx' ? `the MX ${target}` : `the CNAME at ${name}`))]
    const records = withoutThem(foreign.filter(isClaimable), domain)
    return { text: `Remove now: ${targets.join('; ')}.`, ...records ? { records } : {} }
  },
})

/** The domain's own records without the claimable names; null where one stands in a record of somebody else. */
function withoutThem(claimable: readonly ForeignTarget[], domain: string): Remedy['records'] | null {
  const set: string[] = []
  const remove: string[] = []
  for (const { name, what, target, records } of claimable) {
    const own = records.filter(record => record.name === name && (name === domain || name.endsWith(`.${domain}`)))
    if (what === 'spf') continue
    const leading = own.filter(({ type, text }) => type === (what === 'mx' ? 'MX' : 'CNAME') && (what !== 'mx' || text.endsWith(` ${target}.`)))
    if (leading.length === 0) return null
    remove.push(...leading.map(({ type, text }) => `${name}. ${type} ${text}`))
  }
  const [spf, ...more] = new Set(claimable.filter(({ what }) => what === 'spf').flatMap(({ name, records }) => name === domain ? records.filter(isOwnSpf).map(joinedText) : ['']))
  if (spf !== undefined) {
    const gone = new Set(claimable.filter(({ what }) => what === 'spf').map(({ target }) => target))
    const rest = spf.split(' ').filter(term => !gone.has(/^[-+?~]?(?:include|a|mx|exists)[:=]([^/]+)(?:\/[\d/]*)?$/i.exec(term)?.[1]?.toLowerCase() ?? '')).join(' ')
    if (more.length > 0 || spf === '' || rest === spf) return null
    set.push(txtLine(domain, rest))
    remove.push(txtLine(domain, spf))
  }
  return { ...set.length > 0 ? { set } : {}, remove: [...new Set(remove)] }
}

function isOwnSpf(record: DnsRecord): record is DnsRecord<'TXT'> {
  return record.type === 'TXT' && isSpf(joinedText(record as DnsRecord<'TXT'>))
}

const consequences: Readonly<Record<Rest, string>> = {
  mx: 'receives your mail',
  spf: 'sends mail that passes as yours',
  dkim: 'signs mail as yours',
  dmarc: 'sets your DMARC policy',
  'mta-sts': 'says which servers may receive your mail',
  'tls-rpt': 'receives your TLS reports',
  autodiscover: 'is handed the passwords of your people',
}

/** The DNS denies the registrable name itself, below a suffix that exists; and its registry, if asked, does not know better: a name may be registered and not delegated. */
function isClaimable({ registration }: ForeignTarget): boolean {
  if ('problem' in registration) return false
  const { answer, suffixExists, registry } = registration.value
  if (registry && 'value' in registry.registration && registry.registration.value) return false
  return suffixExists && answer.rcode === 'NXDOMAIN' && answer.aliases.length === 0
}

function registrySeen({ registry }: Registration): Evidence[] {
  const free = registry && 'value' in registry.registration && !registry.registration.value
  return free ? [{ from: 'https', url: registry.url ?? '', line: `${registry.name} is not registered (404)` }] : []
}

/** Which subject another check may call broken for the same reason. */
function aboutWhat({ name, what, target }: ForeignTarget, domain: string): string {
  return what === 'mx' ? target : what === 'dkim' ? name : domain
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item])).values()]
}

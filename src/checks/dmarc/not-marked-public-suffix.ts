import { recordAt } from '../../evaluate/dmarc-walk.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byWalk, republish, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import type { DmarcFacts } from '../../probes/dmarc.ts'
import type { DmarcDiscovered } from '../../evaluate/dmarc-policy.ts'

export default defineCheck({
  id: 'dmarc/not-marked-public-suffix',
  title: 'The DMARC record does not say that others register names below the domain',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §4.10.2'],
  needs: ['dmarc'],
  judge({ name: domain }, { dmarc }) {
    if (dmarc.publicSuffixes.includes(domain)) return skip(`${domain} is a public suffix`)
    const marked = markedRecord(dmarc)
    if (marked) return fail('failed', { domain: marked.lookup.domain }, tagSeen(marked, 'psd'))
    const discovery = byWalk(dmarc)
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    return discovery.found === 'one' ? passed(recordSeen(discovery.published)) : skip('no DMARC policy is published')
  },
  messages: {
    failed: 'psd=y makes every name below {domain} its own organization (RFC 7489 receivers do not know psd)',
  },
  explain: `psd=y is for registries. With it your subdomains no longer belong to your domain: mail that is signed for one and written
    from the other loses its alignment, and is treated as forged.`,
  remedy(_domain, { dmarc }) {
    const marked = markedRecord(dmarc)
    return { text: 'Remove psd.', ...marked ? { records: republish(marked, { psd: null }) } : {} }
  },
})

/** Of the names up to the organizational domain that nobody else registers below. */
function markedRecord({ domain, asked, organizationalDomain, publicSuffixes }: DmarcFacts): DmarcDiscovered | undefined {
  const own = asked.filter(lookup => (lookup.domain === organizationalDomain || lookup.domain.endsWith(`.${organizationalDomain}`)) && !publicSuffixes.includes(lookup.domain))
  const finds = own.flatMap(lookup => recordAt(lookup) ?? [])
  const marked = finds.find(({ record }) => record.psd === 'y')
  return marked && { found: 'one', ...marked, inherited: marked.lookup.domain !== domain }
}

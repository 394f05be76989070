import { policies, type Policy } from '../../syntax/dmarc.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byWalk, organizationByWalk, policyOf, republish, tagSeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'

export default defineCheck({
  id: 'dmarc/subdomains-enforced',
  title: 'Names below the domain are protected as it is itself',
  severity: 'warning',
  question: 'protect',
  rfc: ['RFC 9989 §4.7', 'RFC 9989 §3.2.13'],
  needs: ['dmarc'],
  defersTo: ['dmarc/parked-rejects'],
  judge({ name: domain }, { dmarc }) {
    const found = policyOf(dmarc)
    if ('verdict' in found) return found
    const { record: { p, sp, np }, inherited, published } = found
    if (inherited) return skip(`the policy is that of ${found.lookup.domain}`)
    if (p === null || found.applied.tag === null || p === 'none') return skip('the policy is none')
    const organization = organizationByWalk(dmarc)
    const weakSp = sp !== null && strength(sp) < strength(p)
    const absent: Policy = np ?? sp ?? p
    if (!weakSp && absent !== 'none') return passed(recordSeen(published))
    if ('problem' in organization) return unknownBecause(organization.problem)
    if (organization.value !== domain) return skip(`names below take the policy of ${organization.value}`)
    if (weakSp) return fail(sp === 'none' ? 'failed' : 'weaker', { tag: 'sp', value: sp, p, count: absent === 'none' && np !== null ? 2 : 1 }, tagSeen(found, 'sp'))
    return fail('absent', { tag: 'np', value: absent, p, legacy: sp ?? p }, tagSeen(found, 'np'))
  },
  messages: {
    failed: '{tag}={value} below p={p}: forged subdomains pass',
    weaker: '{tag}={value} below p={p}: forged subdomains are treated more gently than forgeries of the domain itself',
    absent: '{tag}={value} below p={p}: forged subdomains that do not exist pass (RFC 7489 receivers, which do not know {tag}, apply {legacy})',
  },
  explain: `A forger who cannot use your domain puts a word in front of it, and readers hardly see the difference. No mail of yours
    comes from names that do not exist, so they can be rejected whatever the rest needs.`,
  remedy(_domain, { dmarc }, { tag }) {
    const found = byWalk(dmarc)
    const change = { [String(tag)]: tag === 'np' ? 'reject' : null }
    return {
      text: tag === 'np' ? 'Set np=reject: it touches no name that exists.'
        : 'Remove sp, so that names below take p, when the reports show that their mail passes; np=reject is safe in any case.',
      ...found.found === 'one' ? { records: republish(found, change) } : {},
    }
  },
})

function strength(policy: Policy): number {
  return policies.indexOf(policy)
}

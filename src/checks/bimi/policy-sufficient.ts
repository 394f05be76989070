import { discoverByList } from '../../evaluate/dmarc-policy.ts'
import { logoRecord } from '../bimi-record.ts'
import { defineCheck, fail, pass, unknownBecause } from '../define.ts'
import { byWalk, noPolicySeen, tagSeen } from '../dmarc-record.ts'

export default defineCheck({
  id: 'bimi/policy-sufficient',
  title: 'The DMARC policy is as strict as the logo of BIMI demands',
  severity: 'warning',
  question: 'protect',
  rfc: ['BIMI draft §7.1', 'RFC 9989 §4.7'],
  needs: ['bimi', 'dmarc'],
  judge({ name: domain }, { bimi, dmarc }) {
    const found = logoRecord(bimi)
    if ('verdict' in found) return found
    // what applies to the domain, and what its organizational domain says: both have to be strict
    const { organizationalDomain, asked } = dmarc
    const discoveries = [byWalk(dmarc), discoverByList(organizationalDomain, organizationalDomain, asked)]
    for (const discovery of discoveries) {
      if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
      if (discovery.found !== 'one') return fail('no-policy', { domain: discovery === discoveries[0] ? domain : organizationalDomain }, ...asked.flatMap(noPolicySeen))
      const { record: { p, sp, t, tags }, lookup: { name } } = discovery
      if (p === null || p === 'none') return fail('failed', { name }, tagSeen(discovery, 'p'))
      if (sp === 'none') return fail('subdomains', { name }, tagSeen(discovery, 'sp'))
      if (t) return fail('testing', { name }, tagSeen(discovery, 't'))
      const percentage = tags.find(tag => tag.name === 'pct')?.value
      if (percentage !== undefined && percentage !== '100') return fail('percentage', { name, percentage }, tagSeen(discovery, 'pct'))
    }
    return pass
  },
  messages: {
    failed: 'the logo is not shown: {name} says no more than p=none',
    'no-policy': 'the logo is not shown: {domain} has no DMARC policy',
    subdomains: 'the logo is not shown: {name} has sp=none',
    testing: 'the logo is not shown: {name} has t=y',
    percentage: 'the logo is not shown: {name} has pct={percentage}',
  },
  explain: `Mailbox providers show a logo only where nobody else can use it: DMARC must be enforced, at quarantine or reject, for
    the whole domain and all names below it.`,
  remedy: (_domain, _facts, { name }, _scope, code) => ({
    text: code === 'no-policy' ? 'Publish a DMARC policy of p=quarantine or p=reject when all your mail passes.'
      : code === 'subdomains' ? `Remove sp=none at ${String(name)}, or set sp=quarantine or sp=reject.`
      : code === 'testing' ? `Remove t=y at ${String(name)}.`
      : code === 'percentage' ? `Remove pct at ${String(name)}, which newer receivers do not know anyway.`
      : `When the reports are clean, set p=quarantine or p=reject at ${String(name)}; or decline BIMI with "l=; a=;" until then.`,
  }),
})

import { defineCheck, fail, pass } from '../define.ts'
import { absenceSeen } from '../evidence.ts'

export default defineCheck({
  id: 'domain/exists',
  title: 'The domain exists in the DNS',
  severity: 'critical',
  question: 'receive',
  rfc: ['RFC 8020 §2', 'RFC 2308 §2.1'],
  needs: ['mx'],
  judge({ name: domain }, { mx: { answer } }) {
    // behind an alias, NXDOMAIN speaks of the alias's target (RFC 6604 §3)
    if (answer.rcode !== 'NXDOMAIN' || answer.aliases.length > 0) return pass
    return fail('failed', { domain, resolver: answer.resolver }, absenceSeen(answer))
  },
  messages: {
    failed: '{domain} does not exist: {resolver} answers NXDOMAIN',
  },
  explain: `A name that the DNS denies denies every name below it as well: there is no MX, no SPF and no DKIM
    key to find. Mail to the domain bounces at once, and mail from it is refused as forged.`,
  remedy: ({ name: domain }) => ({
    text: `Register ${domain}, or restore its delegation (the NS records) in ${domain.split('.').slice(1).join('.') || 'the root zone'}.`,
  }),
})

import { discoverByList, type DmarcLookup } from '../../evaluate/dmarc-policy.ts'
import { defineCheck, fail, passed, skip, unknownBecause, type Evidence } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'

export default defineCheck({
  id: 'dmarc/record-found',
  title: 'A DMARC policy applies to the domain',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.10.1'],
  needs: ['dmarc', 'contexts'],
  defersTo: ['dmarc/record-single'],
  judge({ name: domain }, { dmarc: { asked }, contexts: { parked } }) {
    const discovery = discoverByList(domain, asked)
    if (discovery.found === 'one') return passed(recordSeen(discovery.published))
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    return fail('failed', { domain, names: asked.map(({ name }) => name) }, ...asked.flatMap(noPolicySeen))
  },
  messages: {
    failed: 'No DMARC policy for {domain}; asked {names}',
  },
  explain: `Without a policy SPF and DKIM protect nothing that your correspondents see: anybody may put your domain in the From
    of a message, and you never learn of it. The large receivers ask for a policy, if only p=none.`,
  remedy: ({ name: domain }) => ({
    text: `Publish a policy that only asks for reports, at a mailbox that you read; when they show that all your mail passes,
      change p=none to p=quarantine.`,
    records: { set: [txtLine(`_dmarc.${domain}`, `v=DMARC1; p=none; rua=mailto:dmarc@${domain}`)] },
  }),
})

/** A name that has no policy: nothing at all, or TXT records that are none. */
function noPolicySeen({ answer }: DmarcLookup): Evidence[] {
  if ('problem' in answer) return []
  const { records } = answer.value
  return records.length > 0 ? records.map(recordSeen) : [absenceSeen(answer.value)]
}

import { walkFrom } from '../../evaluate/dmarc-walk.ts'
import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { byWalk, noPolicySeen } from '../dmarc-record.ts'
import { recordSeen } from '../evidence.ts'
import { txtLine } from '../publish.ts'
import { undecidedContext } from '../receiving.ts'
import { shownElsewhere } from '../unseen.ts'

export default defineCheck({
  id: 'dmarc/record-found',
  title: 'A DMARC policy applies to the domain',
  severity: 'error',
  question: 'protect',
  rfc: ['RFC 9989 §4.10.1'],
  needs: ['dmarc', 'contexts'],
  uses: ['unseenDmarc'],
  defersTo: ['dmarc/record-recognised', 'dmarc/record-single'],
  judge({ name: domain }, { dmarc, contexts: { parked }, unseenDmarc }) {
    const discovery = byWalk(dmarc)
    if (discovery.found === 'one') return passed(recordSeen(discovery.published))
    if (discovery.found === 'unknown') return unknownBecause(discovery.problem)
    if (parked.value === 'yes') return skip('the domain neither receives nor sends mail')
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    const elsewhere = shownElsewhere(unseenDmarc)
    if (elsewhere) return elsewhere
    const { lookups } = walkFrom(domain, dmarc.asked)
    return fail('failed', { domain, names: lookups.map(({ name }) => name) }, ...lookups.flatMap(noPolicySeen))
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

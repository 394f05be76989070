import { defineCheck, fail, pass, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { contextOf, undecidedContext } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'
import { shownElsewhere } from '../unseen.ts'

export default defineCheck({
  id: 'mx/route-exists',
  title: 'There is a route for mail to the domain: MX, or an address',
  severity: 'error',
  question: 'receive',
  rfc: ['RFC 5321 §5.1'],
  needs: ['mx', 'addresses'],
  uses: ['contexts', 'unseenMx'],
  judge({ name: domain }, { mx, addresses, contexts, unseenMx }) {
    if (mx.hosts.length === 0) return skip(mx.nullMx ? 'the domain says that it takes no mail (null MX)' : 'the domain does not exist')
    if (!mx.implicit) return passed(...mx.answer.records.map(recordSeen))
    const resolution = resolutionOf(addresses)
    if (resolution.addresses.length > 0) return pass
    if (resolution.problem) return unknownBecause(resolution.problem)
    const parked = contextOf(contexts, 'parked')
    if (parked.value === 'yes') return skip('the domain neither takes nor sends mail')
    if (parked.value === 'unknown') return undecidedContext('sends', parked)
    const elsewhere = shownElsewhere(unseenMx)
    if (elsewhere) return elsewhere
    return fail('failed', { domain }, absenceSeen(mx.answer), ...resolution.evidence)
  },
  messages: {
    failed: '{domain} sends mail but has no MX, A or AAAA: replies and bounces are lost',
  },
  explain: `Whoever answers your mail, and every server that has to return a message, needs a host to deliver to.
    Without one their mail is lost, and many receivers refuse a sender to whom they could not reply.`,
  remedy: ({ name: domain }) => ({
    text: `Publish an MX record that names your mail server: ${domain}. MX 10 mail.${domain}.`,
    records: { set: [`${domain}. MX 10 mail.${domain}.`] },
  }),
})

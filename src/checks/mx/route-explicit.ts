import { defineCheck, fail, passed, skip, unknownBecause } from '../define.ts'
import { absenceSeen, recordSeen } from '../evidence.ts'
import { contextOf } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'

export default defineCheck({
  id: 'mx/route-explicit',
  title: 'The route for mail is published as MX, not implied by the address of the web site',
  severity: 'warning',
  question: 'receive',
  rfc: ['RFC 5321 §5.1', 'RFC 7505 §1'],
  needs: ['mx', 'addresses'],
  uses: ['contexts'],
  judge({ name: domain }, { mx, addresses }) {
    if (mx.answer.records.length > 0) return passed(...mx.answer.records.map(recordSeen))
    if (!mx.implicit) return skip('the domain does not exist')
    const resolution = resolutionOf(addresses)
    const [address] = resolution.addresses
    if (address !== undefined) return fail('failed', { domain, address }, absenceSeen(mx.answer), ...resolution.evidence)
    return resolution.problem ? unknownBecause(resolution.problem) : skip('the domain has neither MX nor address')
  },
  messages: {
    failed: '{domain} has no MX: senders deliver to {address}',
  },
  explain: `Without an MX, senders try the address of the domain itself, which is mostly a web server. Mail for you
    waits there for days before it bounces, and mail forged in your name looks like that of a domain that takes mail.`,
  remedy({ name: domain }, { contexts }) {
    const refuses = contextOf(contexts, 'receiving').value === 'no'
    return {
      text: `Publish ${domain}. MX 10 and the name of your mail server, or ${domain}. MX 0 . if the domain receives no mail. `
        + (refuses ? 'Nothing shows that it receives any.' : 'The record given here says in so many words what senders do now.'),
      records: { set: [refuses ? `${domain}. MX 0 .` : `${domain}. MX 10 ${domain}.`] },
    }
  },
})

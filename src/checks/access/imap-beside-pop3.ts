import { defineCheck, fail, pass, skip, unknown, unknownBecause } from '../define.ts'
import { linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices, unresolvedServices } from '../found-services.ts'
import { imapServices } from '../imap-offer.ts'
import { greetingOf } from '../opening.ts'
import { pop3Services } from '../pop3-offer.ts'
import { reachOf } from '../reachability.ts'

export default defineCheck({
  id: 'access/imap-beside-pop3',
  title: 'Where POP3 is offered, IMAP is offered too',
  severity: 'notice',
  question: 'access',
  rfc: ['RFC 1939 §8', 'best practice'],
  needs: ['serviceSessions', 'services'],
  judge({ name: domain }, { serviceSessions, services: { notOffered } }) {
    const [pop3] = foundServices(serviceSessions, pop3Services).filter(held => greetingOf(held).state === 'greeted')
    if (!pop3) {
      const unheard = hiddenServices(serviceSessions, pop3Services)
      return unheard ? unknownBecause(unheard) : skip('no POP3 service is known that works')
    }
    // whether it works is the claim of imap/reachable
    if (foundServices(serviceSessions, imapServices).length > 0 || unresolvedServices(serviceSessions, imapServices).length > 0) return pass
    const evidence = linesSeen(pop3, pop3.session.greeting ?? [])
    if (imapServices.every(service => notOffered.includes(service))) return fail('failed', { domain }, ...evidence)
    const problem = hiddenServices(serviceSessions, imapServices)
    if (problem) return unknownBecause(problem)
    const guesses = serviceSessions.sessions.filter(({ endpoint }) => endpoint.service === 'imaps' || endpoint.service === 'imap')
    const reaches = guesses.map(({ session, egress }) => reachOf(session, egress))
    const open = reaches.find(reach => reach.state === 'undecided')
    if (open) return open.because
    if (guesses.length === 0) return unknown('endpoint-unknown', 'no IMAP host is declared, and no customary name exists that could be asked')
    return fail('failed', { domain }, ...evidence, ...reaches.flatMap(reach => (reach.state === 'closed' ? reach.evidence : [])))
  },
  messages: {
    failed: '{domain} offers POP3 alone: mail ends up on one device and is lost with it',
  },
  explain: `POP3 moves mail to the device that fetches it first: telephone and computer show different mail, what was sent from
    one is not on the other, and a broken disk takes the mail with it. With IMAP it stays on the server, where it can be saved.`,
  remedy: ({ name: domain }) => ({
    text: `Offer imaps (993) beside POP3, and publish it: _imaps._tcp.${domain}. SRV 0 1 993 and the name of the server.`,
  }),
})

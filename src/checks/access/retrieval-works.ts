import type { HeldService } from '../../probes/session-sets.ts'
import { defineCheck, fail, passed, skip, unknown, unknownBecause, type Evidence, type Unknown } from '../define.ts'
import { eventSeen, linesSeen } from '../evidence.ts'
import { foundServices, hiddenServices, perhapsThere, readingServices, unresolvedServices } from '../found-services.ts'
import { greetingOf } from '../opening.ts'
import { closedHow } from '../reachability.ts'
import { contextOf, ifReceiving } from '../receiving.ts'
import { resolutionOf } from '../resolution.ts'
import { upgradeOf } from '../upgrade.ts'

export default defineCheck({
  id: 'access/retrieval-works',
  title: 'Mail can be fetched: some IMAP or POP3 endpoint greets over TLS',
  severity: 'critical',
  question: 'access',
  rfc: ['RFC 8314 §3'],
  needs: ['serviceSessions', 'services'],
  uses: ['contexts'],
  judge({ name: domain }, { serviceSessions, services: { notOffered }, contexts }) {
    const receiving = contextOf(contexts, 'receiving')
    if (receiving.value === 'no') return skip('the domain takes no mail')
    if (readingServices.every(service => notOffered.includes(service))) return skip('the domain declares that it offers neither IMAP nor POP3')
    const found = foundServices(serviceSessions, readingServices)
    const outcomes = found.map(outcomeOf)
    const working = outcomes.find(outcome => outcome.works)
    if (working) return passed(...working.evidence)
    const open = outcomes.find(outcome => outcome.because)?.because
    if (open) return open
    const unresolved = unresolvedServices(serviceSessions, readingServices)
    const doubt = unresolved.map(perhapsThere).find(perhaps => perhaps !== null)
    if (doubt) return doubt
    const problem = hiddenServices(serviceSessions, readingServices)
    if (problem) return unknownBecause(problem)
    if (unresolved.length === 0 && found.every(({ endpoint }) => endpoint.source === 'guess')) {
      return unknown('endpoint-unknown', found.length === 0
        ? `no IMAP or POP3 host is declared, and no customary name answers. ${howToDeclare}`
        : `no IMAP or POP3 host is declared; what answers at customary names does not work: ${outcomes.map(({ words }) => words).join(', ')}. ${howToDeclare}`)
    }
    const words = [...outcomes.map(outcome => outcome.words), ...unresolved.map(({ name }) => `${name}: no address`)]
    const evidence = [...outcomes, ...unresolved.map(({ addresses }) => resolutionOf(addresses))].flatMap(outcome => outcome.evidence)
    return ifReceiving(receiving, fail('failed', { domain, outcomes: words }, ...evidence))
  },
  messages: {
    failed: 'Mail arrives at {domain}, but no IMAP or POP3 endpoint works: {outcomes}',
  },
  explain: `Messages are accepted and stored, and nobody can read them: mail programs and telephones find no server that
    they may talk to.`,
  remedy: (_domain, { serviceSessions }) => {
    const [declared] = foundServices(serviceSessions, readingServices).filter(({ endpoint }) => endpoint.source !== 'guess')
    const host = declared?.endpoint.host ?? unresolvedServices(serviceSessions, readingServices)[0]?.host ?? 'the mail server'
    const answers = foundServices(serviceSessions, readingServices).some(({ session }) => session.connected !== undefined)
    return {
      text: (answers ? `Look what answers on ${host}: let IMAP over TLS (imaps) do so on port 993` : `Start IMAP over TLS (imaps, port 993) on ${host} and open the port`)
        + ', or name the host that offers it in the SRV records and the configuration.',
    }
  },
})

const howToDeclare = 'Declare the host that people use, as "services: { imaps: HOST }" in the configuration or as an SRV record'

interface Outcome {
  readonly works: boolean
  /** How it ended, for people. */
  readonly words: string
  /** Set when it cannot be told. */
  readonly because?: Unknown
  readonly evidence: readonly Evidence[]
}

/** Does this endpoint greet, and speak TLS? */
function outcomeOf(held: HeldService): Outcome {
  const { name, session } = held
  const greeted = greetingOf(held)
  switch (greeted.state) {
    case 'undecided': return { works: false, words: name, because: greeted.because, evidence: [] }
    case 'closed': return { works: false, words: `${name}: ${closedHow[greeted.how]}`, evidence: greeted.evidence }
    case 'refused': return { works: false, words: `${name}: greets with "${greeted.line}"`, evidence: linesSeen(session, greeted.reply) }
    case 'no-tls': return { works: false, words: `${name}: ${greeted.failure.detail}`, evidence: [eventSeen(session, `TLS handshake: ${greeted.failure.detail}`)] }
    case 'greeted':
  }
  const upgrade = upgradeOf(held)
  switch (upgrade.state) {
    case 'tls': return { works: true, words: name, evidence: linesSeen(session, greeted.greeting) }
    case 'undecided': return { works: false, words: name, because: upgrade.because, evidence: [] }
    case 'handshake-failed':
      return { works: false, words: `${name}: ${upgrade.failure.detail}`, evidence: [eventSeen(session, `TLS handshake: ${upgrade.failure.detail}`)] }
    case 'upgrade-refused': return { works: false, words: `${name}: answers the upgrade to TLS with "${upgrade.line}"`, evidence: linesSeen(session, upgrade.reply) }
    default: return { works: false, words: `${name}: offers no TLS`, evidence: linesSeen(session, greeted.greeting) }
  }
}

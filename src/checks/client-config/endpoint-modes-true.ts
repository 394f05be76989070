import type { AdvertisedServerProbe } from '../../probes/advertised-modes.ts'
import type { ServiceSession } from '../../probes/session.ts'
import { services } from '../../services.ts'
import { defineCheck, fail, pass, skip, type Evidence, type Unknown } from '../define.ts'
import { advertisedSeen, modeWords, sourceWords } from '../advertised.ts'
import { eventSeen, linesSeen } from '../evidence.ts'
import { greetingOf } from '../opening.ts'
import { upgradeOf } from '../upgrade.ts'

/** `actual`: what the server speaks in place of what is advertised. Null: it cannot be told, or it is the server that is wrong. */
type Verdict = 'true' | { readonly actual: string; readonly evidence: readonly Evidence[] } | { readonly because: Unknown } | null

export default defineCheck({
  id: 'client-config/endpoint-modes-true',
  title: 'What is advertised to mail programs speaks TLS in the manner advertised',
  severity: 'error',
  question: 'access',
  rfc: ['RFC 8314 §5.1'],
  needs: ['advertisedModes', 'namedServices'],
  over: ({ advertisedModes }, { domain }) => (advertisedModes.length > 0 ? [{ name: domain }] : []),
  nothing: 'neither SRV records nor set-up files advertise a server',
  hidden: ({ namedServices }) => Object.values(namedServices.srv).flatMap(answer => ('problem' in answer ? [answer.problem] : []))[0] ?? null,
  judge(_domain, { advertisedModes, namedServices: { srv } }) {
    const judged = advertisedModes.map(probe => ({ probe, verdict: verdictOf(probe) }))
    const wrong = judged.flatMap(({ probe, verdict }) => (verdict !== null && verdict !== 'true' && 'actual' in verdict ? [{ probe, ...verdict }] : []))
    const [first] = wrong
    if (first) {
      const { advertised } = first.probe
      const { host, port, mode } = advertised
      const evidence = wrong.flatMap(({ probe, evidence: seen }): Evidence[] => [advertisedSeen(probe.advertised, srv), ...seen])
      const args = { source: sourceWords(advertised), endpoint: `${host}:${port}`, mode: modeWords(mode), actual: first.actual }
      // other checks of the same endpoints have nothing to add to that
      const about = wrong.flatMap(({ probe: { asAdvertised } }) => (asAdvertised ? [asAdvertised.name] : []))
      return { ...fail('failed', wrong.length > 1 ? { ...args, count: wrong.length } : args, ...evidence), about }
    }
    const open = judged.flatMap(({ verdict }) => (verdict !== null && verdict !== 'true' && 'because' in verdict ? [verdict.because] : []))[0]
    if (open) return open
    return judged.some(({ verdict }) => verdict === 'true') ? pass : skip('no server that is advertised answers as it should')
  },
  messages: {
    failed: '{source} says {endpoint} is {mode}; it speaks {actual}',
  },
  explain: `A mail program that expects TLS from the first octet, and meets a server that begins in clear text, or the other way
    round, never gets through: it waits, or reports that the server is broken. One that is told to do without TLS sends the
    password for everybody to read.`,
  remedy: (_domain, _facts, { source, endpoint, actual }) => ({
    text: `Correct ${String(source)}: ${String(endpoint)} speaks ${String(actual)}. Name the port that speaks what you mean to offer, or say how this one does.`,
  }),
})

function verdictOf({ advertised: { mode, port, service }, asAdvertised, otherwise }: AdvertisedServerProbe): Verdict {
  if (asAdvertised) {
    const greeted = greetingOf({ session: asAdvertised, egress: null })
    if (mode === 'implicit' && asAdvertised.tls) return 'true'
    if (mode !== 'implicit' && asAdvertised.greeting) return mode === 'starttls' ? upgradeVerdict(asAdvertised) : plainVerdict(asAdvertised)
    if (!otherwise) return greeted.state === 'undecided' ? { because: greeted.because } : null
    if (greeted.state === 'closed') return null
  }
  if (!otherwise) return null
  if (mode === 'implicit') {
    if (!otherwise.greeting) return doubtOf(asAdvertised)
    // Where it is the very port for that, the advertisement is right, and the server has checks of its own.
    if (port === services[service].port) return null
    return { actual: clearWords(otherwise), evidence: linesSeen(otherwise, otherwise.greeting) }
  }
  if (!otherwise.tls) return doubtOf(asAdvertised)
  return { actual: modeWords('implicit'), evidence: [eventSeen(otherwise, `TLS handshake: ${otherwise.tls.version}`)] }
}

/** It begins in clear: whether it offers STARTTLS as it should is a claim of its service’s own. */
function upgradeVerdict(session: ServiceSession): Verdict {
  const upgrade = upgradeOf({ session, egress: null })
  if (upgrade.state === 'undecided') return { because: upgrade.because }
  return upgrade.state === 'tls' ? 'true' : null
}

function plainVerdict(session: ServiceSession): Verdict {
  const upgrade = upgradeOf({ session, egress: null })
  return upgrade.state === 'tls' ? { actual: modeWords('starttls'), evidence: linesSeen(session, session.startTls ?? []) } : null
}

function clearWords(session: ServiceSession): string {
  return upgradeOf({ session, egress: null }).state === 'tls' ? modeWords('starttls') : 'clear text'
}

/** Neither manner is spoken: it is unreachable, or may be. */
function doubtOf(session: ServiceSession | null): Verdict {
  const greeted = session ? greetingOf({ session, egress: null }) : null
  return greeted?.state === 'undecided' ? { because: greeted.because } : null
}

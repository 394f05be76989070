/**
 * Where we stand: what the place from which a run asks lets it see. Hosts that the user names (DESIGN §16.7) are asked once a
 * call, however many domains it has: does port 25 lead out of this network, over IPv4 and IPv6 apart; whose certificates do
 * strangers show here; does the resolver validate. Without such hosts nobody is asked.
 */
import { outcome, type Answer, type Outcome } from '../network/network.ts'
import { parseCertificate } from '../syntax/certificate.ts'
import type { ProbeContext } from './index.ts'
import { askVantage, vantageSessions } from './egress.ts'
import type { SmtpFacts } from './session.ts'

export interface VantageFacts {
  /** Hosts that the user named; empty: nobody was asked. */
  readonly hosts: readonly string[]
  readonly ports: readonly VantagePort[]
  /** A name that is signed, and one whose signatures are wrong: the answers, or null where none was asked for. */
  readonly signed: { readonly name: string; readonly answer: Outcome<Answer<'SOA'>> } | null
  readonly bogus: { readonly name: string; readonly answer: Outcome<Answer<'A'>> } | null
  /** Authorities that no trust store knows, and that vouch for a stranger’s certificate as it is shown here. */
  readonly unexpectedIssuers: readonly UnexpectedIssuer[]
  /** Lines of strangers in which a firewall has put asterisks or an X for each letter, as some do with port 25. */
  readonly masked: readonly MaskedLine[]
}

export interface MaskedLine {
  readonly endpoint: string
  readonly line: string
}

export interface VantagePort {
  readonly port: number
  readonly family: 4 | 6
  /** `silent`: every connection timed out. `no-route`: this machine cannot speak that family. `unknown`: nobody has an address, or another failure. */
  readonly state: 'accepted' | 'refused' | 'silent' | 'no-route' | 'unknown'
  /** Those that were asked: `mx.example.net[192.0.2.1]:25`. */
  readonly asked: readonly string[]
}

export interface UnexpectedIssuer {
  readonly endpoint: string
  readonly issuer: string
}

/** The root is signed, every resolver has it at hand, and nobody else is bothered. */
const signedName = ''

export async function probeVantage(context: ProbeContext): Promise<VantageFacts> {
  const { network, scope } = context
  const { vantage, families, controlNames = {} } = scope
  if (vantage.length === 0) return { hosts: [], ports: [], signed: null, bogus: null, unexpectedIssuers: [], masked: [] }
  const ports = [...new Set(vantage.map(({ port = 25 }) => port))].toSorted((a, b) => a - b)
  const { signed: name = signedName, bogus: broken } = controlNames
  const [states, signed, bogus] = await Promise.all([
    Promise.all(ports.flatMap(port => families.map(family => portOf(context, port, family)))),
    outcome(network.query({ name, type: 'SOA' })),
    broken === undefined ? null : outcome(network.query({ name: broken, type: 'A' })),
  ])
  return {
    hosts: vantage.map(({ host }) => host),
    ports: states.map(({ port, family, state, asked }) => ({ port, family, state, asked })),
    signed: { name, answer: signed },
    bogus: bogus && broken !== undefined ? { name: broken, answer: bogus } : null,
    unexpectedIssuers: states.flatMap(({ sessions }) => sessions.flatMap(session => unexpectedIssuer(session) ?? [])),
    masked: states.flatMap(({ sessions }) => sessions.flatMap(session => maskedLine(session) ?? [])),
  }
}

async function portOf(context: ProbeContext, port: number, family: 4 | 6): Promise<VantagePort & { readonly sessions: readonly SmtpFacts[] }> {
  const sessions = await vantageSessions(context, port, family)
  const asked = sessions.map(({ name }) => name)
  return { port, family, state: askVantage(sessions), asked, sessions }
}

/** `220 ****2*`, and `250-XXXXXXXA` in the place of STARTTLS: nobody greets so by himself. */
export function maskedLine({ name, greeting = [], ehlo = [] }: Pick<SmtpFacts, 'name' | 'greeting' | 'ehlo'>): MaskedLine | null {
  const line = greeting.find(one => /^220[ -](?=.*\*{4})[*\d ]+$/.test(one.slice(0, 600))) ?? ehlo.find(one => /^250[ -]X{4,64}[A-Z]?$/.test(one))
  return line === undefined ? null : { endpoint: name, line }
}

/** A chain that leads to no root we know, and is not just the server’s own. */
export function unexpectedIssuer({ name, tls }: Pick<SmtpFacts, 'name' | 'tls'>): UnexpectedIssuer | null {
  if (!tls || tls.trust.trusted || tls.trust.problem === 'self-signed') return null
  const leaf = parseCertificate(tls.chain[0] ?? '')
  return leaf && !leaf.selfSigned ? { endpoint: name, issuer: leaf.issuer } : null
}


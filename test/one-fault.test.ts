/**
 * One thing goes wrong at a time, everywhere: each question, each page, each moment of each dialogue. Whatever it is, no claim
 * fails because of it that held without it, none is waved through or called beside the point, and what is unknown is unknown for
 * the reason that it is. What the catalogue calls a fact even so is listed below.
 *
 * Every run replays the recorded one (faulty-network.ts), so that hundreds take seconds. FAULTS=all runs the lot.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, createNetwork, createSessions, makeScope, observed, type Network, type Permission, type Reason, type Report, type ReportedFinding } from '../src/index.ts'
import { loadWorlds } from '../src/lab/read-world.ts'
import { startWorld, type RunningWorld } from '../src/lab/world.ts'
import type { Cassette } from '../src/network/cassette.ts'
import { createRecorder } from '../src/network/record.ts'
import type { Scope } from '../src/scope.ts'
import { dnsFaults, pageFaults, sessionFaults, type NamedFault } from './faults.ts'
import { faulty, neverHeard } from './faulty-network.ts'

/** Claims that fail by such a thing, and why that is a fact. */
const facts: readonly { readonly check: string; readonly fault: RegExp; readonly because: string }[] = [
  { check: 'smtp/every-address-answers', fault: /:25 starttls connect: timeout$/, because: 'an address is silent where others of its port and family answer' },
  { check: 'dns/nameservers-authoritative', fault: / @\S+: /, because: 'a name server says no, or nothing, where another one answers' },
  { check: 'dns/tcp-answered', fault: / @\S+ tcp: timeout$/, because: 'a name server is silent over TCP where another one answers' },
  { check: 'dane/tlsa-answered', fault: /TLSA: (?:timeout|servfail)$/, because: 'in a signed zone, a TLSA question without an answer keeps DANE senders away' },
  { check: 'dnssec/chain-valid', fault: /: servfail$/, because: 'what the only validator refuses, and hands over unchecked, is bogus' },
  { check: 'dnssec/denial-answered', fault: /: servfail$/, because: 'a type that is absent has to be answered as absent' },
  { check: 'mta-sts/policy-served', fault: /: 503$/, because: 'a status of HTTP is the server’s word' },
  { check: 'client-config/set-up-served', fault: /: 503$/, because: 'a status of HTTP is the server’s word' },
]

/** What does not apply any more, and rightly. */
const besideThePoint: readonly { readonly detail: RegExp; readonly fault: RegExp }[] = [
  { detail: /^port \d+ does not answer$/, fault: /:25 starttls connect: timeout$/ },
  { detail: /^the MTA-STS policy is not served$/, fault: /: 503$/ },
  { detail: /^no autoconfig file is served$/, fault: /: 503$/ },
  { detail: /^the zone is not answered for at all$/, fault: /SOA: servfail$/ },
  { detail: /^only one name server answers$/, fault: / @\S+: / },
]

/** Claims that hold without what was lost, although another answer in its place would have spoilt them. */
const heldOtherwise: readonly { readonly check: string; readonly fault: RegExp; readonly because: string }[] = [
  { check: 'dnssec/zone-signed', fault: /(?:DS|DNSKEY): servfail$/, because: 'the records came unchecked' },
  { check: 'smtp/session-opens', fault: /STARTTLS, EHLO/, because: 'it opened in clear, which is the claim' },
]

/** By what happened: the reasons that may be given for it. */
const reasons: readonly (readonly [fault: RegExp, reasons: readonly Reason[]])[] = [
  [/_domainkey\S+ TXT: timeout$/, ['dns-timeout', 'selector-unknown']],
  [/_domainkey\S+ TXT: servfail$/, ['dns-servfail', 'selector-unknown']],
  [/_domainkey\S+ TXT: refused$/, ['resolver-refused', 'selector-unknown']],
  [/ connect: timeout$/, ['connect-timeout']],
  [/ connect: no-route$/, ['no-ipv4-here', 'no-ipv6-here']],
  [/: (?:closed|cut)$/, ['connection-lost']],
  [/(?:greeting|reply|handshake|offer|,|\s).*: timeout$/, ['tarpit', 'dns-timeout', 'connect-timeout']],
  [/: timeout$/, ['dns-timeout', 'connect-timeout']],
  [/ DS: servfail$/, ['dns-servfail', 'ad-untrusted']],
  [/: servfail$/, ['dns-servfail']],
  [/: refused$/, ['resolver-refused']],
  [/: stalls$/, ['tarpit']],
  [/: reset$/, ['connection-lost']],
  [/: 45[01] [^:]*$/, ['greylisted', 'rate-limited']],
  [/: (?:421|454|\* BYE|TAG NO|-ERR)/, ['rate-limited', 'connection-lost']],
]

/** The zone of an MX host that cannot be found out has no name under which to tell of it; the host itself is judged. */
const nameless = /^(?!good)\S+\. SOA: (?:timeout|servfail|refused)$/

interface Tape {
  readonly scope: Scope
  readonly cassette: Cassette
  readonly before: ReadonlyMap<string, ReportedFinding>
}

let world: RunningWorld
let live: Network

beforeAll(async () => {
  process.env['ANNA'] = 'open sesame'
  world = await startWorld(loadWorlds('good', 'hosting', 'transport-faults'))
  // what a fault makes us ask for is mostly not there: nobody waits for it
  live = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], timeout: 300, budget: { perMinute: 1000 } })
})
afterAll(async () => {
  delete process.env['ANNA']
  await world.close()
})

const keyOf = ({ check: id, subject }: ReportedFinding): string => `${id} ${subject}`

async function record(domain: string, permissions: readonly Permission[]): Promise<Tape> {
  const recorder = createRecorder()
  const network = createNetwork({ resolvers: [world.resolver], route: world.route, roots: [world.ca], budget: { perMinute: 1000 }, recorder })
  const { selectors = [], accounts = [], senders = [] } = world.declared[domain] ?? {}
  const domains = new Map([[domain, { selectors: [...selectors], accounts: [...accounts], senders: [...senders] }]])
  const scope = makeScope({ ehloName: 'probe.example.net', vantage: [], permissions }, { domains }, { domain, shownAs: domain })
  const { findings } = await check(scope, { network, sessions: createSessions() })
  return { scope, cassette: recorder.cassette(), before: new Map(findings.map(finding => [keyOf(finding), finding])) }
}

function suffer({ scope, cassette }: Tape, fault: Partial<NamedFault>): Promise<Report> {
  return check(scope, { network: observed(faulty(cassette, live, fault)), sessions: createSessions() })
}

/** One in `share`, not always the same sort; the answers that would be facts come with what is chosen. */
function sample(faults: readonly NamedFault[], share: number): NamedFault[] {
  if (process.env['FAULTS'] === 'all') return [...faults]
  const chosen = faults.filter(({ wrong }) => !wrong).filter((_, i) => i % share === 0)
  const places = new Set(chosen.map(({ at }) => at))
  const wrong = new Map(faults.filter(fault => fault.wrong && places.has(fault.at)).map(fault => [fault.at, fault]))
  return [...chosen, ...wrong.values()]
}

/** What is wrong with the report of a run in which this happened. */
function complaints({ before, scope }: Tape, { name }: NamedFault, after: Report, resting: ReadonlySet<string>): string[] {
  const now = new Map(after.findings.map(finding => [keyOf(finding), finding]))
  const expected = reasons.find(([fault]) => fault.test(name))?.[1]
  const excused = (list: readonly { readonly check: string; readonly fault: RegExp }[], id: string): boolean => list.some(one => one.check === id && one.fault.test(name))
  const told = after.findings.flatMap(finding => {
    const { check: id, verdict, code, detail, subject, deferredTo } = finding
    const was = before.get(keyOf(finding))?.verdict
    const passed = was === 'pass' || (was === undefined && subject === scope.domain && [...before.values()].some(one => one.check === id && one.verdict === 'pass'))
    const says = `${name}: ${id} ${subject} `
    switch (verdict) {
      case 'fail': return was === 'fail' || excused(facts, id) ? [] : [`${says}fails (${code})`]
      case 'pass': return resting.has(keyOf(finding)) && !excused(heldOtherwise, id) ? [`${says}passes all the same`] : []
      case 'skip': return !passed || deferredTo !== undefined || besideThePoint.some(one => one.detail.test(detail ?? '') && one.fault.test(name)) ? [] : [`${says}is skipped (${detail})`]
      case 'unknown': return was === 'unknown' || detail === neverHeard || expected?.includes(code as Reason) ? [] : [`${says}is unknown (${code}: ${detail})`]
    }
  })
  const gone = [...before].some(([key, { verdict }]) => verdict === 'pass' && !now.has(key))
  const silent = gone && !after.findings.some(({ verdict, check: id }) => verdict === 'unknown' || (verdict === 'fail' && excused(facts, id)))
  return silent && !nameless.test(name) ? [...told, `${name}: something is left out, and nothing said of it`] : told
}

async function trial(tape: Tape, faults: readonly NamedFault[]): Promise<string[]> {
  /** By place: the claims that a wrong answer there would have spoilt. */
  const resting = new Map<string, Set<string>>()
  for (const fault of faults.filter(({ wrong }) => wrong)) {
    const { findings } = await suffer(tape, fault)
    const spoilt = findings.filter(finding => finding.verdict === 'fail' && tape.before.get(keyOf(finding))?.verdict === 'pass').map(keyOf)
    resting.set(fault.at, new Set([...resting.get(fault.at) ?? [], ...spoilt]))
  }
  const all: string[] = []
  for (const fault of faults.filter(({ wrong }) => !wrong)) all.push(...complaints(tape, fault, await suffer(tape, fault), resting.get(fault.at) ?? new Set()))
  return all
}

const everything = { timeout: 900_000 }

describe('one thing goes wrong', () => {
  it('or nothing, and the run is the recorded one', everything, async () => {
    const tape = await record('good.example', ['own', 'login', 'tlsScan'])
    const { findings } = await suffer(tape, {})
    expect(findings.map(finding => `${keyOf(finding)} ${finding.verdict}`)).toEqual([...tape.before.values()].map(finding => `${keyOf(finding)} ${finding.verdict}`))
  })

  it.each([['good.example', 9], ['florist.example', 16], ['dane-own.example', 16]] as const)('with an answer for %s, or with a page', everything, async (domain, share) => {
    const tape = await record(domain, [])
    expect(await trial(tape, [...sample(dnsFaults(tape.cassette), share), ...sample(pageFaults(tape.cassette), 2)])).toEqual([])
  })

  it('in a dialogue', everything, async () => {
    const tape = await record('good.example', [])
    expect(await trial(tape, sample(sessionFaults(tape.cassette, { wide: false, later: false }), 17))).toEqual([])
  })

  it('with everybody who listens on a port', everything, async () => {
    const tape = await record('good.example', [])
    expect(await trial(tape, sample(sessionFaults(tape.cassette, { wide: true, later: false }), 7))).toEqual([])
  })

  it('in a dialogue that the owner permits', everything, async () => {
    const tape = await record('good.example', ['own', 'login', 'tlsScan'])
    expect(await trial(tape, sample(sessionFaults(tape.cassette, { wide: false, later: false }), 307))).toEqual([])
    expect(await trial(tape, sample(sessionFaults(tape.cassette, { wide: true, later: true }), 149))).toEqual([])
  })
})

/**
 * Everything that can go wrong, once, in a recorded run: each question, each page, each moment of each dialogue, in each of the
 * ways in which that happens out there. `wrong` are answers that were a fact if they came: what is judged by them rests on them.
 */
import type { Cassette } from '../src/network/cassette.ts'
import { endpointKey, questionKey, requestKey } from '../src/network/keys.ts'
import type { Endpoint, Failure } from '../src/network/network.ts'
import { usualFailure } from '../src/network/transcript.ts'
import { untagged, type Fault, type Moment, type Strike } from './faulty-network.ts'

export interface NamedFault extends Fault {
  /** `good.example MX: timeout`. */
  readonly name: string
  /** What it strikes, without how: `good.example MX`. */
  readonly at: string
  /** `timeout`, or the line that is said. */
  readonly kind: string
  /** A fact, if it were so. */
  readonly wrong: boolean
}

const dnsFailures: Readonly<Record<string, (who: string) => Failure>> = {
  timeout: who => ({ event: 'timeout', reason: 'dns-timeout', detail: `${who} does not answer` }),
  servfail: who => ({ event: 'rcode', reason: 'dns-servfail', detail: `${who} answers SERVFAIL` }),
  refused: who => ({ event: 'rcode', reason: 'resolver-refused', detail: `${who} answers REFUSED` }),
}

export function dnsFaults({ questions }: Cassette): NamedFault[] {
  return [...new Set(questions.map(({ question }) => questionKey(question)))].flatMap(at => {
    const named = (kind: string, wrong: boolean, how: Failure | Record<string, unknown>): NamedFault => ({
      name: `${at}: ${kind}`, at, kind, wrong, query: question => (questionKey(question) === at ? how : null),
    })
    return [
      ...Object.entries(dnsFailures).map(([kind, failure]) => named(kind, false, failure('127.0.0.1:53'))),
      named('nothing', true, { rcode: 'NOERROR', records: [], aliases: [], signatures: [] }),
      named('NXDOMAIN', true, { rcode: 'NXDOMAIN', records: [], aliases: [], signatures: [] }),
    ]
  })
}

export function pageFaults({ pages }: Cassette): NamedFault[] {
  return [...new Set(pages.map(({ url, request }) => requestKey(url, request)))].flatMap(at => {
    const url = (JSON.parse(at) as string[])[1] ?? ''
    const named = (kind: string, wrong: boolean, how: Failure | Record<string, unknown>): NamedFault => ({
      name: `${url}: ${kind}`, at: url, kind, wrong, fetch: asked => (asked === url ? how : null),
    })
    return [
      named('timeout', false, { event: 'timeout', reason: 'connect-timeout', detail: 'no connection within 10 s' }),
      named('stalls', false, { event: 'timeout', reason: 'tarpit', detail: 'no response within 30 s' }),
      named('reset', false, { event: 'closed', reason: 'connection-lost', detail: 'the peer reset the connection' }),
      named('503', false, { status: 503, body: '' }),
      named('404', true, { status: 404, body: '' }),
      named('refused', true, { event: 'refused', reason: 'connection-lost', detail: 'connection refused' }),
      named('other', true, { body: 'hello', headers: { 'content-type': 'text/html' } }),
    ]
  })
}

/** How widely a fault of sessions strikes: one address, or whoever listens on the port; from the first connection or later. */
export interface Reach { readonly wide: boolean; readonly later: boolean }

export function sessionFaults({ sessions }: Cassette, { wide, later }: Reach): NamedFault[] {
  const faults = new Map<string, NamedFault>()
  for (const { endpoint, purpose, steps } of sessions) {
    const where = wide ? `*:${endpoint.port}${purpose === undefined ? '' : ` for ${purpose}`}` : endpointKey(endpoint, purpose)
    const said: string[] = []
    const add = (stage: Moment['stage'], kind: string, wrong: boolean, strike: (endpoint: Endpoint) => Strike): void => {
      const words = [...said]
      const at = `${where} ${later ? '(again) ' : ''}${stage === 'reply' ? words.join(', ') : [...words, stage].join(', ')}`
      const name = `${at}: ${kind}`
      if (faults.has(name)) return
      faults.set(name, {
        name, at, kind, wrong,
        session: moment => {
          const here = wide ? moment.endpoint.port === endpoint.port && moment.purpose === purpose : endpointKey(moment.endpoint, moment.purpose) === endpointKey(endpoint, purpose)
          const struck = here && moment.stage === stage && (!later || moment.before > 0) && moment.said.join('\n') === words.join('\n')
          return struck ? strike(moment.endpoint) : null
        },
      })
    }
    add('connect', 'timeout', false, one => ({ failure: { event: 'timeout', ...usualFailure('timeout', one, false) } }))
    add('connect', 'no-route', false, one => ({ failure: { event: 'unreachable', ...usualFailure('unreachable', one, false) } }))
    add('connect', 'refused', true, one => ({ failure: { event: 'refused', ...usualFailure('refused', one, false) } }))
    let heard = 0
    let asked = false
    for (const step of steps) {
      if (step.kind === 'sent') {
        said.push(untagged(step.text))
        asked = true
        heard = 0
      }
      if (step.kind === 'received' && heard++ === 0) {
        const stage = asked ? 'reply' : 'greeting'
        for (const event of ['closed', 'timeout'] as const) add(stage, event, false, one => ({ failure: { event, ...usualFailure(event, one, true) } }))
        for (const { line, hangsUp, wrong } of putOff(endpoint, asked ? said.at(-1) ?? '' : '')) add(stage, line, wrong, () => ({ reply: [line], hangsUp }))
      }
      if (step.kind === 'tls' || step.kind === 'offered') {
        const stage = step.kind === 'tls' ? 'handshake' : 'offer'
        const cut: Failure = { event: 'closed', reason: 'connection-lost', detail: 'the peer reset the connection' }
        if (stage === 'handshake') add(stage, 'cut', false, () => ({ failure: cut }))
        add(stage, 'timeout', false, one => ({ failure: { event: 'timeout', ...usualFailure('timeout', one, true) } }))
        if (stage === 'handshake') add(stage, 'alert', true, () => ({ failure: { event: 'handshake', reason: 'connection-lost', detail: 'TLS alert 40, handshake_failure' } }))
      }
    }
  }
  return [...faults.values()]
}

/** What servers say instead, to be asked again later; and what they say for good. */
function putOff({ port }: Endpoint, command: string): { line: string; hangsUp: boolean; wrong: boolean }[] {
  const verb = command.split(' ')[0] ?? ''
  const later = (line: string, hangsUp = false) => ({ line, hangsUp, wrong: false })
  const never = (line: string, hangsUp = false) => ({ line, hangsUp, wrong: true })
  if (port === 143 || port === 993) {
    if (command === '') return [later('* BYE [UNAVAILABLE] come back later', true), never('* BYE not here', true)]
    return [later('* BYE [UNAVAILABLE] too busy', true), later('TAG NO [UNAVAILABLE] the backend is down'), later('TAG NO [LIMIT] too many'), never('TAG NO not here'), never('TAG BAD what?')]
  }
  if (port === 110 || port === 995) return [later('-ERR [SYS/TEMP] come back later', command === ''), never('-ERR not here')]
  const common = [later('421 4.3.2 closing, come back later', true), never('550 5.5.0 not here')]
  switch (verb) {
    case '': return [...common, never('554 no SMTP service here', true)]
    case 'STARTTLS': return [...common, later('454 4.7.0 TLS is not available for now')]
    case 'MAIL': case 'RCPT': return [...common, later('450 4.2.0 greylisted'), later('451 4.7.1 greylisted, try again later')]
    case 'AUTH': return [...common, later('454 4.7.0 temporary authentication failure')]
    case 'DATA': case 'VRFY': case 'EXPN': case 'EHLO': return [...common, later('450 4.3.0 not now')]
    default: return common
  }
}

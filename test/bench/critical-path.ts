/**
 * The least time a run could have taken: the longest chain of exchanges of which each needed the one before, with the time
 * that each of them took in this very run. What needs what is read from the data alone (a question about a name needs the
 * answer that held the name; a session needs the answer that held its address; a line needs the line before), so neither
 * waiting for no reason nor doing things one after the other without need can make the path longer.
 */
import type { NetworkEvent } from '../../src/network/watch.ts'
import type { Answer, Question } from '../../src/network/network.ts'
import { endpointName, type Endpoint } from '../../src/network/network.ts'

export interface Step {
  readonly what: string
  readonly milliseconds: number
}

interface Exchange {
  readonly what: string
  began: number
  ended: number
  readonly question?: Question
  answer?: Answer
  readonly endpoint?: Endpoint
}

export function exchangesOf(events: readonly NetworkEvent[]): Exchange[] {
  const exchanges = new Map<number, Exchange>()
  for (const event of events) {
    const { id, at } = event
    if (event.kind === 'asked') {
      const { name, type, server, transport } = event.question
      exchanges.set(id, { what: `${name}. ${type}${server === undefined ? '' : ` @${server}`}${transport === undefined ? '' : ` over ${transport}`}`, began: at, ended: at, question: event.question })
    } else if (event.kind === 'connecting') {
      exchanges.set(id, { what: `session ${endpointName(event.endpoint)}`, began: at, ended: at, endpoint: event.endpoint })
    } else if (event.kind === 'fetching') {
      exchanges.set(id, { what: event.url, began: at, ended: at })
    }
    const exchange = exchanges.get(id)
    if (!exchange) continue
    exchange.ended = at
    if (event.kind === 'answered') exchange.answer = event.answer
  }
  return [...exchanges.values()]
}

/** The longest chain, first step first. */
export function criticalPath(events: readonly NetworkEvent[], domain: string): Step[] {
  const exchanges = exchangesOf(events)
  const answered = exchanges.filter(({ answer }) => answer !== undefined)
  const best = new Map<Exchange, { total: number; before: Exchange | undefined }>()
  const visit = (exchange: Exchange): number => {
    const known = best.get(exchange)
    if (known) return known.total
    const entry = { total: 0, before: undefined as Exchange | undefined }
    best.set(exchange, entry) // an exchange cannot need itself
    // of several answers that would have done, the run could have gone on with the one that is there first
    let before: Exchange | undefined
    for (const other of needs(exchange, answered, domain)) {
      if (other !== exchange && (before === undefined || visit(other) < visit(before))) before = other
    }
    entry.before = before
    entry.total = (before ? visit(before) : 0) + exchange.ended - exchange.began
    return entry.total
  }
  let last: Exchange | undefined
  for (const exchange of exchanges) if (last === undefined || visit(exchange) > visit(last)) last = exchange
  const path: Step[] = []
  for (let at = last; at !== undefined; at = best.get(at)?.before) path.unshift({ what: at.what, milliseconds: at.ended - at.began })
  return path
}

/** Every answer that told this exchange whom to ask. None: it could have begun at once. */
function needs({ question, endpoint }: Exchange, answered: readonly Exchange[], domain: string): Exchange[] {
  if (endpoint) return answered.filter(({ question: asked, answer }) =>
    asked?.name === endpoint.host && answer?.records.some(record => 'address' in record.data && record.data.address === endpoint.address))
  if (!question || question.name === domain || question.name.endsWith(`.${domain}`) && fixed(question.name, domain)) return []
  return answered.filter(({ answer, question: asked }) => asked?.name !== question.name && answer !== undefined && mentions(answer, question.name))
}

/** Names that anybody can form from the domain alone. */
function fixed(name: string, domain: string): boolean {
  const labels = name.slice(0, -domain.length - 1)
  return labels.startsWith('_') || labels.endsWith('_domainkey') || /^(mail|smtp|imap|pop|pop3|autoconfig|autodiscover|mta-sts)$/.test(labels)
}

function mentions(answer: Answer, name: string): boolean {
  return [...answer.records, ...answer.aliases].some(({ text }) => text.toLowerCase().includes(name))
}

/** The dialogues of a run, line by line, for `--trace`. */
import type { Failure, OfferAnswer } from '../network/network.ts'
import { endpointName } from '../network/network.ts'
import type { NetworkEvent } from '../network/watch.ts'
import { harmless, visible } from '../report/visible.ts'

/** Lines for people; a session's lines carry its name, because dialogues interleave. */
export function traceLines(event: NetworkEvent): string[] {
  // as a whole, too: in a recording even the words of a handshake are somebody's text
  return linesOf(event).map(line => `${(event.at / 1000).toFixed(3).padStart(7)} ${harmless(line)}`)
}

function linesOf(event: NetworkEvent): string[] {
  switch (event.kind) {
    case 'asked':
      return []
    case 'answered': {
      const { question, answer } = event
      const records = [...answer.aliases, ...answer.records]
      const about = `${answer.rcode}${answer.secure ? ' secure' : ''}, ${answer.transport} from ${answer.resolver}, ${Math.round(answer.elapsed)} ms`
      return [
        `dns ${ask(question.name, question.type, question.server)}: ${about}`,
        ...records.map(({ name, ttl, type, text }) => `dns   ${visible(`${name}. ${ttl} ${type} ${text}`)}`),
      ]
    }
    case 'connecting':
      return [`${endpointName(event.endpoint)} * connecting`]
    case 'connected':
      return [`${endpointName(event.endpoint)} * connected`]
    case 'received':
      return [`${endpointName(event.endpoint)} S: ${visible(event.line)}`]
    case 'sent':
      return [`${endpointName(event.endpoint)} C: ${visible(event.line)}`]
    case 'handshaking':
      return []
    case 'tls': {
      const { version, cipher, keyExchange, trust, chain } = event.tls
      return [`${endpointName(event.endpoint)} * ${[version, cipher, keyExchange].filter(part => part !== null).join(' ')}, ` +
        `${chain.length} certificates, ${trust.trusted ? 'trusted' : trust.problem}`]
    }
    case 'offering':
      return []
    case 'offered':
      return [`${endpointName(event.endpoint)} * offered ${event.hello}: ${answered(event.answer)}`]
    case 'closed':
      return [`${endpointName(event.endpoint)} * closed`]
    case 'fetching':
      return []
    case 'fetched':
      return [`https ${visible(event.url)}: ${event.response.status}, ${event.response.body.length} octets`]
    case 'failed': {
      if ('question' in event) return [`dns ${ask(event.question.name, event.question.type, event.question.server)}: ${failed(event.failure)}`]
      if ('endpoint' in event) return [`${endpointName(event.endpoint)} * ${failed(event.failure)}`]
      return [`https ${visible(event.url)}: ${failed(event.failure)}`]
    }
  }
}

function ask(name: string, type: string, server: string | undefined): string {
  return visible(`${name}. ${type}${server === undefined ? '' : ` @${server}`}`)
}

function answered(answer: OfferAnswer): string {
  if (!answer.accepted) return answer.alert === null ? 'refused, by hanging up' : `refused, TLS alert ${answer.alert}`
  return [answer.version, answer.cipher, answer.keyExchange].filter(part => part !== null).join(' ')
}

function failed({ event, detail }: Failure): string {
  return `${event}: ${visible(detail)}`
}

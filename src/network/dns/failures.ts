/** Why a resolver or name server could not be heard, in words that are the same in every run. */
import { NetworkFailure, type ExtendedError, type Failure } from '../network.ts'
import { extendedErrorName } from '../../syntax/extended-error.ts'
import type { Rcode } from './codec.ts'

/** `server` is how it is called for people: `192.0.2.53:53`. */
export function silent(server: string): NetworkFailure {
  return new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: `${server} does not answer` })
}

export function silentOverTcp(server: string): NetworkFailure {
  return new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: `${server} does not answer over TCP` })
}

export function malformed(server: string, problem: string): NetworkFailure {
  return new NetworkFailure({ event: 'malformed', reason: 'dns-malformed', detail: `${server}: ${problem}` })
}

/** The peer, or the way to it, would not have us. */
export function unreachable(server: string, { code = '' }: { readonly code?: string | undefined }): NetworkFailure {
  const failure = (event: Failure['event'], detail: string) => new NetworkFailure({ event, reason: 'dns-timeout', detail })
  switch (code) {
    case 'ECONNREFUSED': return failure('refused', `${server} refuses connections`)
    case 'ECONNRESET':
    case 'EPIPE':
    case '': return failure('closed', `${server} closes the connection without an answer`)
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL': return failure('unreachable', `there is no route to ${server} (${code})`)
    case 'EMFILE':
    case 'ENFILE': return failure('unavailable', `no more sockets can be opened here (${code})`)
    default: return failure('unreachable', `${server} cannot be asked (${code})`)
  }
}

/** The server answered, but gave no answer. Extended errors are named by their code: their texts differ from run to run. */
export function refusal(server: string, rcode: Rcode, extendedErrors: readonly ExtendedError[]): NetworkFailure {
  const codes = [...new Set(extendedErrors.map(error => error.code))].toSorted((a, b) => a - b)
  const why = codes.length === 0 ? '' : ` (${codes.map(extendedErrorName).join(', ')})`
  return new NetworkFailure({
    event: 'rcode',
    reason: rcode === 'SERVFAIL' ? 'dns-servfail' : 'resolver-refused',
    detail: `${server} answers ${rcode}${why}`,
    ...(extendedErrors.length > 0 && { extendedErrors }),
  })
}

/** What counts most when several servers failed: what a server said, before what it garbled, before its silence. */
const weights: readonly Failure['reason'][] = ['dns-servfail', 'resolver-refused', 'dns-malformed']

/** One failure for all, in the order given. */
export function combine(failures: readonly NetworkFailure[]): NetworkFailure {
  const [first, ...others] = failures.toSorted((a, b) => weight(a) - weight(b))
  if (!first) return new NetworkFailure({ event: 'timeout', reason: 'dns-timeout', detail: 'no resolver could be asked' })
  if (others.length === 0) return first
  const extendedErrors = failures.flatMap(failure => failure.extendedErrors ?? [])
  return new NetworkFailure({
    event: first.event,
    reason: first.reason,
    detail: [...new Set(failures.map(failure => failure.detail))].join('; '),
    ...(extendedErrors.length > 0 && { extendedErrors }),
    resolvers: { asked: failures.length, servfail: failures.filter(({ reason }) => reason === 'dns-servfail').length },
  })
}

function weight({ reason }: NetworkFailure): number {
  const at = weights.indexOf(reason)
  return at < 0 ? weights.length : at
}
